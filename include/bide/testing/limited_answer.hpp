// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_LIMITED_ANSWER_HPP
#define BIDE_TESTING_LIMITED_ANSWER_HPP

#include <bide/detail/invalid.hpp>
#include <bide/quota.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace bide::inline v1::simulated {

/// What a server tells of its limit, as real ones do: in whole seconds, rounded up.
enum class tells : std::uint8_t {
    nothing,
    wait,   ///< With a refusal, how long to wait: `Retry-After`.
    quota,  ///< That, and with every answer what is left: `RateLimit` and its like.
};

/// The answer of a server that limits.
struct limited_answer : answer {
    std::optional<quota> left{};

    [[nodiscard]] bide::quotas quotas() const {
        bide::quotas all;
        if (left) all.keep(*left);
        return all;
    }
};

}  // namespace bide::inline v1::simulated

namespace bide::inline v1::detail {

inline std::uint64_t at_least_one(const char* setting, std::uint64_t value) {
    if (value == 0) invalid(setting, ">= 1", value);
    return value;
}

inline duration above_zero(const char* setting, duration value) {
    if (value <= duration::zero()) invalid(setting, "> 0", value);
    return value;
}

/// `opens_in`: until something is accepted again.
inline simulated::limited_answer limited(simulated::tells what, bool accepted, quota left,
                                         duration opens_in) {
    simulated::limited_answer a{};
    const auto whole = std::chrono::ceil<std::chrono::seconds>(opens_in);
    a.found = accepted ? succeeded : simulated::throttled;
    if (!accepted && what != simulated::tells::nothing) a.found.hint = whole;
    if (what == simulated::tells::quota) {
        left.reset = whole;
        a.left = left;
    }
    return a;
}

/// Requires `used <= limit`.
inline quota left_of(std::uint64_t limit, std::uint64_t used, duration window) {
    return {.limit = static_cast<std::int64_t>(limit),
            .remaining = static_cast<std::int64_t>(limit - used),
            .window = std::chrono::ceil<std::chrono::milliseconds>(window)};
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_TESTING_LIMITED_ANSWER_HPP
