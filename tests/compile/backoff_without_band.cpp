// SPDX-License-Identifier: MIT
// expect-error: bide: a backoff needs band_of\(attempt\) const noexcept -> bide::band
#include <bide/backoff/backoff.hpp>

struct candidate {
#if BIDE_EXPECT_ERROR
    double band_of(const bide::attempt&) const noexcept { return 0.1; }
#else
    bide::band band_of(const bide::attempt&) const noexcept { return {}; }
#endif
};
static_assert(bide::detail::check_backoff<candidate>());
