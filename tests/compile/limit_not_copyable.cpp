// SPDX-License-Identifier: MIT
// expect-error: bide: a limit must be copyable
#include <bide/limit/limit.hpp>

struct candidate {
    bide::end check(const bide::next_try&) const noexcept { return {}; }
#if BIDE_EXPECT_ERROR
    candidate(candidate&&) = default;
#endif
};
static_assert(bide::detail::check_limit<candidate>());
