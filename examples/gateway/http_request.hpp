// SPDX-License-Identifier: MIT
#ifndef GATEWAY_HTTP_REQUEST_HPP
#define GATEWAY_HTTP_REQUEST_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

inline constexpr std::size_t most_header_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t most_body_bytes = std::size_t{1024} * 1024;

struct http_request {
    std::string method;
    std::string target;
    int minor_version = 1;  ///< HTTP/1.x
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    /// The first value of a field, whatever the case of its name; empty if there is none.
    [[nodiscard]] std::string_view field(std::string_view name) const;

    /// Whether the client wants the connection to stay open (RFC 9112, section 9.3).
    [[nodiscard]] bool keeps_alive() const;

    /// The target up to the question mark.
    [[nodiscard]] std::string_view path() const;

    /// The target after the question mark.
    [[nodiscard]] std::string_view query() const;
};

/// Why a request cannot be read; 0 means that it can.
struct http_failure {
    int status = 0;
    std::string_view reason;
};

/// Reads HTTP/1.1 requests (RFC 9112) from bytes that arrive in any portions. No I/O.
class request_parser {
public:
    enum class progress : std::uint8_t { need_more, complete, failed };

    void feed(std::string_view bytes) { buffer_.append(bytes); }

    /// Reads on as far as the bytes go. After `complete`, `take` the request first.
    [[nodiscard]] progress advance();

    /// Hands out the request; bytes behind it stay for the next one.
    [[nodiscard]] http_request take();

    /// The client waits for "100 Continue" before it sends the body.
    [[nodiscard]] bool awaits_continue() const;

    /// A part of a request has arrived.
    [[nodiscard]] bool has_begun() const { return stage_ != stage::head || !buffer_.empty(); }

    [[nodiscard]] http_failure failure() const { return failure_; }

private:
    enum class stage : std::uint8_t { head, sized_body, chunk_size, chunk_data, trailer, done };

    [[nodiscard]] progress read_head();
    [[nodiscard]] progress read_sized_body();
    [[nodiscard]] progress read_chunk_size();
    [[nodiscard]] progress read_chunk_data();
    [[nodiscard]] progress read_trailer();
    [[nodiscard]] progress step();
    [[nodiscard]] bool parse_start_line(std::string_view line);
    [[nodiscard]] bool parse_fields(std::string_view lines);
    [[nodiscard]] bool choose_framing();
    [[nodiscard]] progress fail(int status, std::string_view reason);

    std::string buffer_;
    http_request request_;
    http_failure failure_;
    std::size_t wanted_ = 0;  ///< Bytes of the body or of the chunk.
    stage stage_ = stage::head;
};

/// Compares ASCII text without regard to case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

}  // namespace gateway

#endif  // GATEWAY_HTTP_REQUEST_HPP
