// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::value_or: what is returned instead must be convertible to the result, and an lvalue if that is a reference
// clang-format on
#include <bide/bide.hpp>
#include <bide/retry/fallback.hpp>

#include <utility>

#if BIDE_EXPECT_ERROR
const int& get(bide::outcome<const int&> o) { return bide::value_or(std::move(o), 7); }
#else
const int& get(bide::outcome<const int&> o, const int& kept) {
    return bide::value_or(std::move(o), kept);
}
#endif
