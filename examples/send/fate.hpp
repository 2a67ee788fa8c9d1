// SPDX-License-Identifier: MIT
#ifndef SENDER_FATE_HPP
#define SENDER_FATE_HPP

#include <bide/retry/verdict.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace sender {

/// Where a message ended; every message ends in exactly one of them.
enum class group : std::uint8_t {
    delivered,  ///< Accepted, exactly once.
    unknown,    ///< May have been accepted: to be looked up before it is sent again.
    failed,     ///< Not accepted, and trying again would not help or was given up.
    deferred,   ///< Not accepted or never tried: can be sent later.
};
inline constexpr std::size_t group_count = 4;

/// The group of a message whose operation ended so after that many tries.
[[nodiscard]] constexpr group group_of(bide::end ended, std::uint64_t attempts) noexcept {
    using bide::end;
    if (ended == end::done) return group::delivered;
    if (ended == end::unknown) return group::unknown;
    const auto put_off = ended == end::deferred || ended == end::refused || ended == end::cancelled;
    return put_off || attempts == 0 ? group::deferred : group::failed;
}

/// What came of one message.
struct fate {
    group where = group::deferred;
    bide::end ended = bide::end::cancelled;
    std::uint64_t attempts = 0;
    std::string why;  ///< One line, for what was not delivered.
};

}  // namespace sender

#endif  // SENDER_FATE_HPP
