// SPDX-License-Identifier: MIT
// expect-error: bide: a limit needs check\(next_try\) const noexcept -> bide::end
#include <bide/limit/limit.hpp>

struct candidate {
#if BIDE_EXPECT_ERROR
    bide::end check(const bide::next_try&) const { return {}; }
#else
    bide::end check(const bide::next_try&) const noexcept { return {}; }
#endif
};
static_assert(bide::detail::check_limit<candidate>());
