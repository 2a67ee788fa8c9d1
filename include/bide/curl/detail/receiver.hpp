// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_RECEIVER_HPP
#define BIDE_CURL_DETAIL_RECEIVER_HPP

#include <bide/curl/handle.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/http/field.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Takes in what libcurl receives: the last response only, within the limits of the request.
///
/// A response comes as header lines from its status line to an empty one, then the body. Each
/// further status line begins another response (after 103, 401, a redirect); fields after the empty
/// line are trailers. The empty line is the only proof that a header block is whole: libcurl
/// reports success for one that the server cut off.
class receiver {
public:
    receiver(response& to, const request& of) noexcept : to_{&to}, of_{&of} {}

    /// The handle must not be used after the receiver is gone.
    void listen(CURL* easy) {
        set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
        set(easy, CURLOPT_HEADERFUNCTION, &receiver::on_header);
        set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
        set(easy, CURLOPT_WRITEFUNCTION, &receiver::on_body);
    }

    /// The final response's header block is whole.
    [[nodiscard]] bool headed() const noexcept { return headed_; }
    /// Why we stopped the transfer, null if we did not.
    [[nodiscard]] const char* refusal() const noexcept { return refusal_; }
    [[nodiscard]] bool out_of_memory() const noexcept { return out_of_memory_; }

private:
    static std::size_t on_header(char* data, std::size_t size, std::size_t count,
                                 void* self) noexcept {
        return static_cast<receiver*>(self)->take({data, size * count}, &receiver::header_line);
    }
    static std::size_t on_body(char* data, std::size_t size, std::size_t count,
                               void* self) noexcept {
        return static_cast<receiver*>(self)->take({data, size * count}, &receiver::body);
    }

    /// Another count than libcurl gave stops the transfer.
    std::size_t take(std::string_view data, bool (receiver::*into)(std::string_view)) noexcept {
        const auto stop = data.empty() ? std::size_t{1} : std::size_t{0};
        try {
            return (this->*into)(data) ? data.size() : stop;
        } catch (...) {  // only memory can be lacking here
            out_of_memory_ = true;
            return stop;
        }
    }

    bool header_line(std::string_view line) {
        if (!in_header_) {
            if (!line.starts_with("HTTP/")) return true;  // a trailer
            begin(line);
            return true;
        }
        header_bytes_ += line.size();
        if (header_bytes_ > of_->max_header_bytes) {
            refusal_ = "the response's header is larger than max_header_bytes";
            return false;
        }
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
        if (line.empty()) {
            in_header_ = false;
            headed_ = !interim_;
            streams_ = of_->download.take && to_->status >= 200 && to_->status <= 299;
            if (streams_) return give({.restart = true});
        } else if (line.front() == ' ' || line.front() == '\t') {
            if (!to_->headers.empty())
                to_->headers.back().value.append(" ").append(http::trim(line));
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            to_->headers.push_back({std::string{http::trim(line.substr(0, colon))},
                                    std::string{http::trim(line.substr(colon + 1))}});
        }
        return true;
    }

    void begin(std::string_view status_line) {
        to_->headers.clear();
        to_->headers.reserve(8);  // most have as many
        to_->body.clear();
        header_bytes_ = status_line.size();
        in_header_ = true;
        headed_ = false;
        auto status = 0;
        if (const auto gap = status_line.find(' '); gap != std::string_view::npos)
            std::from_chars(status_line.data() + gap + 1, status_line.data() + status_line.size(),
                            status);
        interim_ = status >= 100 && status < 200;
        to_->status = interim_ ? 0 : status;
    }

    bool body(std::string_view part) {
        const auto room = streams_ ? of_->download.max_bytes - streamed_
                                   : std::uint64_t{of_->max_body - to_->body.size()};
        if (part.size() > room) {
            refusal_ = streams_ ? "the response's body is larger than download.max_bytes"
                                : "the response's body is larger than max_body";
            return false;
        }
        if (streams_) {
            streamed_ += part.size();
            return give({.data = part});
        }
        to_->body.append(part);
        return true;
    }

    bool give(const body_part& part) {
        try {
            of_->download.take(part);
            return true;
        } catch (...) {
            to_->thrown = std::current_exception();
            return false;
        }
    }

    response* to_;
    const request* of_;
    std::size_t header_bytes_ = 0;
    std::uint64_t streamed_ = 0;
    bool streams_ = false;  ///< The body goes to the sink.
    bool in_header_ = false;
    bool interim_ = false;
    bool headed_ = false;
    bool out_of_memory_ = false;
    const char* refusal_ = nullptr;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_RECEIVER_HPP
