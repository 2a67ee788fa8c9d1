// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_DECIDED_HPP
#define BIDE_TESTS_VECTORS_DECIDED_HPP

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <cstdint>

/// What becomes of an operation of which every try ends the same.
namespace vectors {

/// A result that says by itself what happened.
struct told {
    bide::finding found;
    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }
};

struct decided {
    std::uint64_t tries;
    bide::end ended;
    bool again;
};

/// `idempotent`: by method, by the caller's word or by a key.
inline decided decide(const bide::finding& found, bool idempotent, std::uint64_t most = 2) {
    bide::virtual_clock clock;
    const auto policy =
        bide::policy(bide::exponential({}) | bide::full_jitter, bide::max_attempts(most));
    const auto tell = [&found] { return told{found}; };
    const auto outcome = bide::retry(bide::with(clock, policy), bide::idempotent(tell, idempotent));
    return {outcome.attempts(), outcome.ended(), outcome.attempts() > 1};
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_DECIDED_HPP
