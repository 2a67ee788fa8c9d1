// SPDX-License-Identifier: MIT
#ifndef GATEWAY_HTTP_REPLY_HPP
#define GATEWAY_HTTP_REPLY_HPP

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

struct http_reply {
    int status = 200;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string body{};
};

/// The bytes of an answer, and where its body begins, for the faults that cut it.
struct rendered_reply {
    std::string bytes;
    std::size_t header_bytes = 0;
};

/// Adds the status line, Date, Content-Type, Content-Length and, if `closes`, Connection: close.
[[nodiscard]] rendered_reply render(const http_reply& reply,
                                    std::chrono::system_clock::time_point now, bool closes);

/// RFC 9110, section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". Independent of the locale.
[[nodiscard]] std::string imf_fixdate(std::chrono::sys_seconds when);

[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace gateway

#endif  // GATEWAY_HTTP_REPLY_HPP
