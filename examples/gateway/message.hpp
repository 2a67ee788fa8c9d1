// SPDX-License-Identifier: MIT
#ifndef GATEWAY_MESSAGE_HPP
#define GATEWAY_MESSAGE_HPP

#include "gateway/http_reply.hpp"
#include "gateway/http_request.hpp"
#include "gateway/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// What a request turned out to be: a message with its id, or else an answer that says why not.
struct parsed_message {
    std::string id;      ///< Empty if the request is no message.
    http_reply refusal;  ///< The answer in that case.
};

/// Reads a message of the shape from the request.
///
/// generic: POST of `{"id","to","text"}` to any path. vonage: POST to /v1/messages of
/// `{"to","from","text","channel":"sms","message_type":"text"}` with `client_ref` (or `id`).
[[nodiscard]] parsed_message parse_message(shape looks, const http_request& request);

/// The answer to an accepted message; `seen` makes the answers to two tries differ where the
/// provider's would.
[[nodiscard]] http_reply accepted_reply(shape looks, std::string_view id, std::uint64_t seen);

/// The answer with status 429; the headers that tell when to come back are added elsewhere.
[[nodiscard]] http_reply throttled_reply(shape looks, std::string_view id);

/// The answer of a gateway that failed; `status` is 500, 502 or 503.
[[nodiscard]] http_reply failed_reply(int status);

/// The answer to a request that cannot be read or is not understood.
[[nodiscard]] http_reply problem_reply(int status, std::string_view detail);

}  // namespace gateway

#endif  // GATEWAY_MESSAGE_HPP
