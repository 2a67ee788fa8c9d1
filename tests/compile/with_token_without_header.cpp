// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::with: what stands before the policy must be a gate or budget that the caller keeps, an observer, a clock or a std::stop_token, and its header must be included
// clang-format on
#include <bide/bide.hpp>

#include <stop_token>

#if !BIDE_EXPECT_ERROR
#include <bide/stop_token.hpp>
#endif

auto plan(const std::stop_token& token) { return bide::with(token, bide::policy()); }
