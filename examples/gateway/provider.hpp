// SPDX-License-Identifier: MIT
#ifndef GATEWAY_PROVIDER_HPP
#define GATEWAY_PROVIDER_HPP

#include "gateway/http_reply.hpp"
#include "gateway/http_request.hpp"
#include "gateway/options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// What a request turned out to be: a message with its id, or else an answer that says why not.
struct parsed_message {
    std::string id{};  ///< Empty if the request is no message.
    std::string to{};
    std::string from{};
    std::string text{};
    std::string account{};  ///< As the path names it, where it does.
    std::string key{};      ///< The idempotency key, where the provider honours one.
    http_reply refusal{};   ///< The answer to what is no message.
};

/// What an answer may depend on besides the message.
struct occasion {
    std::uint64_t seen = 1;         ///< Which try of the message this is, from 1.
    std::uint64_t in_progress = 1;  ///< Requests under way, this one included.
    /// The wait that the body of a throttled answer names, if it does.
    std::optional<std::chrono::milliseconds> wait{};
};

/// One provider as its clients see it. A value of plain functions; the rules that all share
/// (faults, limits, ledger) are in `service`.
struct provider {
    std::string_view name;  ///< As `--shape` takes it.
    header_style headers;   ///< What it sends by itself.
    bool tells_wait_in_body = false;
    bool honours_key = false;

    /// Reads a message, or says why the request is none.
    parsed_message (*read)(const http_request& request);
    http_reply (*accepted)(const parsed_message& message, const occasion& now);
    /// The headers that tell when to come back are added elsewhere.
    http_reply (*throttled)(const parsed_message& message, const occasion& now);
    http_reply (*failed)(int status);  ///< 500, 502 or 503.
    /// What comes with every answer; null: nothing.
    void (*sign)(http_reply& reply, const occasion& now) = nullptr;
};

[[nodiscard]] const provider& provider_of(shape looks) noexcept;

/// What `--headers` says, or else what the provider sends.
[[nodiscard]] header_style headers_of(const options& opts) noexcept;

/// An answer as application/problem+json (RFC 9457), for what no provider's form is known.
[[nodiscard]] http_reply problem_reply(int status, std::string_view detail);

}  // namespace gateway

#endif  // GATEWAY_PROVIDER_HPP
