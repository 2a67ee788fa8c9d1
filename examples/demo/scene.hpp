// SPDX-License-Identifier: MIT
#ifndef DEMO_SCENE_HPP
#define DEMO_SCENE_HPP

#include "gateway/options.hpp"
#include "send/options.hpp"

#include <bide/http/profile.hpp>

#include <cstdint>
#include <string>

namespace demo {

/// The stand-in gateway says of itself that its 503 with Retry-After did not act on the request; a
/// profile is where such a promise is written down.
inline constexpr bide::http::profile stand_in{.name = "stand-in",
                                              .rules = {{bide::http::unavailable_is_rejected}}};

inline constexpr std::uint32_t limit_per_s = 50;

/// What goes wrong, as the gateway's `--faults` takes it: chances per try.
inline constexpr auto faults =
    "429=0.03,429-bare=0.03,503-retry-after=0.02,503=0.004,"
    "drop-reused=0.005,drop-reused-acted=0.005,close-before-reply-acted=0.003,"
    "reset-mid-body=0.003,stall=0.002,stall-acted=0.002";

[[nodiscard]] gateway::options gateway_options(std::uint64_t seed);
[[nodiscard]] sender::options sender_options(const std::string& url);

}  // namespace demo

#endif  // DEMO_SCENE_HPP
