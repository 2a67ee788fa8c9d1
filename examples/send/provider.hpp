// SPDX-License-Identifier: MIT
#ifndef SENDER_PROVIDER_HPP
#define SENDER_PROVIDER_HPP

#include "send/messages.hpp"

#include <bide/http/profile.hpp>

#include <cstdint>
#include <string>

namespace sender {

/// Which provider the requests look like.
enum class shape : std::uint8_t {
    generic,  ///< POST of `{"id","to","text"}` to the URL.
    vonage,   ///< Messages API: POST to `/v1/messages`, the id as `client_ref`.
};

/// What the library knows of the provider's answers. Neither honours an idempotency key, so no send
/// is repeated unless it is known that nothing was sent or done.
[[nodiscard]] const bide::http::profile& profile_of(shape looks) noexcept;

/// Where messages are posted to: `gateway`, with the provider's path if it has none.
/// @throws std::invalid_argument if it is no http or https URL, or holds credentials, which would
/// end up in process lists and logs.
[[nodiscard]] std::string url_of(shape looks, const std::string& gateway);

/// Is it this machine? Then no proxy of the environment can be meant.
[[nodiscard]] bool is_loopback(const std::string& url);

/// The JSON of one message; `from` is used by `vonage` only.
[[nodiscard]] std::string body_of(shape looks, const std::string& from, const message& m);

}  // namespace sender

#endif  // SENDER_PROVIDER_HPP
