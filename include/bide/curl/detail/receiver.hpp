// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_RECEIVER_HPP
#define BIDE_CURL_DETAIL_RECEIVER_HPP

#include <bide/curl/handle.hpp>
#include <bide/curl/response.hpp>
#include <bide/http/field.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Takes in what libcurl receives: the last response only, within limits.
///
/// A response comes as header lines from its status line to an empty one, then the body. Each
/// further status line begins another response (after 103, 401, a redirect); fields after the empty
/// line are trailers. The empty line is the only proof that a header block is whole: libcurl
/// reports success for one that the server cut off.
class receiver {
public:
    struct limits {
        std::size_t body;
        std::size_t header_bytes;
    };

    receiver(response& to, const limits& most) noexcept : to_{&to}, most_{most} {}

    /// The handle must not be used after the receiver is gone.
    void listen(CURL* easy) {
        set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
        set(easy, CURLOPT_HEADERFUNCTION, &receiver::on_header);
        set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
        set(easy, CURLOPT_WRITEFUNCTION, &receiver::on_body);
    }

    /// The final response's header block is whole.
    [[nodiscard]] bool headed() const noexcept { return headed_; }
    [[nodiscard]] bool cut_off() const noexcept { return in_header_; }
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
        return static_cast<receiver*>(self)->take({data, size * count}, &receiver::body_part);
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
        if (header_bytes_ > most_.header_bytes) {
            refusal_ = "the response's header is larger than max_header_bytes";
            return false;
        }
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
        if (line.empty()) {
            in_header_ = false;
            headed_ = !interim_;
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

    bool body_part(std::string_view part) {
        if (part.size() > most_.body - to_->body.size()) {
            refusal_ = "the response's body is larger than max_body";
            return false;
        }
        to_->body.append(part);
        return true;
    }

    response* to_;
    limits most_;
    std::size_t header_bytes_ = 0;
    bool in_header_ = false;
    bool interim_ = false;
    bool headed_ = false;
    bool out_of_memory_ = false;
    const char* refusal_ = nullptr;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_RECEIVER_HPP
