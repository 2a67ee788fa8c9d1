// SPDX-License-Identifier: MIT
// expect-error: bide: a backoff must be copyable
#include <bide/backoff/backoff.hpp>

struct candidate {
    bide::band band_of(const bide::attempt&) const noexcept { return {}; }
#if BIDE_EXPECT_ERROR
    candidate(candidate&&) = default;
#endif
};
static_assert(bide::detail::check_backoff<candidate>());
