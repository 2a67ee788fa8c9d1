// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_MAX_ATTEMPTS_HPP
#define BIDE_LIMIT_MAX_ATTEMPTS_HPP

#include <bide/defaults.hpp>
#include <bide/limit/limit.hpp>

#include <cstdint>

namespace bide::inline v1 {

/// At most `n` attempts, the first included: 3 attempts = 1 call + 2 retries.
class max_attempts {
public:
    static constexpr auto needs = clock_need::none;
    static constexpr bool lets_begin = true;

    /// @throws std::invalid_argument for 0; in a constant expression, a compile error.
    constexpr explicit max_attempts(std::uint64_t n = defaults::max_attempts) : n_{n} {
        if (n == 0) detail::invalid("max_attempts: n", ">= 1", n);
    }

    [[nodiscard]] constexpr end check(const next_try& t) const noexcept {
        return t.number <= n_ ? end::done : end::exhausted;
    }

private:
    std::uint64_t n_;
};
static_assert(limit<max_attempts>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_MAX_ATTEMPTS_HPP
