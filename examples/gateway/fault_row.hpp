// SPDX-License-Identifier: MIT
#ifndef GATEWAY_FAULT_ROW_HPP
#define GATEWAY_FAULT_ROW_HPP

#include <cstdint>
#include <string_view>

namespace gateway {

/// Everything that can go wrong on purpose; `fault_table` says what each one does.
enum class fault : std::uint8_t {
    refuse,
    close_before_reply,
    close_before_reply_acted,
    drop_reused,
    drop_reused_acted,
    drop_idle,
    reset_mid_body,
    truncated_headers,
    garbage,
    stall,
    stall_acted,
    status_429,
    status_500,
    status_500_acted,
    status_502,
    status_502_acted,
    status_503,
    status_503_retry_after,
    status_429_bare,
};

/// How a fault ends the exchange on the wire.
enum class ending : std::uint8_t {
    refuse,          ///< Closes the listener for a while, and every connection.
    close,           ///< Closes without a byte.
    close_idle,      ///< Answers, then closes the idle connection without a word.
    reset_mid_body,  ///< Header and half of the body, then RST.
    cut_header,      ///< Half of the header, then FIN.
    garbage,         ///< Bytes that are not HTTP, then FIN.
    silence,         ///< Holds the connection without a byte, then closes.
    answer,          ///< Answers `status` and goes on.
};

struct fault_row {
    fault id{};
    std::string_view name{};
    bool reads = false;          ///< The whole request is read before the fault strikes.
    bool acts = false;           ///< The message is delivered.
    bool answers = false;        ///< The client can read a complete HTTP answer.
    bool only_reused = false;    ///< Strikes only on the second or a later request of a connection.
    bool asks_to_wait = false;   ///< The answer carries Retry-After, also with `--headers none`.
    bool names_no_wait = false;  ///< The answer has no such header, whatever `--headers` says.
    ending how{};
    int status = 0;           ///< The answer's status where `how` is `answer`.
    std::string_view wire{};  ///< What the client sees, for `--help`.
};

/// A client that sees this fault cannot know whether the message was delivered.
[[nodiscard]] constexpr bool is_ambiguous(const fault_row& row) noexcept {
    return row.reads && (!row.answers || (row.status >= 500 && !row.asks_to_wait));
}

}  // namespace gateway

#endif  // GATEWAY_FAULT_ROW_HPP
