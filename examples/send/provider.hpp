// SPDX-License-Identifier: MIT
#ifndef SENDER_PROVIDER_HPP
#define SENDER_PROVIDER_HPP

#include "send/form.hpp"

#include <bide/http/profile.hpp>

#include <string>

namespace sender {

/// What the library knows of the answers of the provider that requests look like.
[[nodiscard]] const bide::http::profile& profile_of(shape looks) noexcept;

/// Does the provider promise to do a request with a key only once? Otherwise none is sent, and no
/// send is repeated unless it is known that nothing was sent or done.
[[nodiscard]] bool honours_key(const bide::http::profile& profile) noexcept;

/// Where messages are posted to: `gateway`, with the provider's path if it has none.
/// @throws std::invalid_argument if it is no http or https URL, or holds credentials, which would
/// end up in process lists and logs.
[[nodiscard]] std::string url_of(shape looks, const identity& who, const std::string& gateway);

/// Is it this machine? Then no proxy of the environment can be meant.
[[nodiscard]] bool is_loopback(const std::string& url);

}  // namespace sender

#endif  // SENDER_PROVIDER_HPP
