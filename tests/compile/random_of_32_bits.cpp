// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a random source gives 64 bits in every call, for example splitmix64 or std::mt19937_64
// clang-format on
#include <bide/backoff/constant.hpp>

#include <random>

#if BIDE_EXPECT_ERROR
using engine = std::mt19937;
#else
using engine = std::mt19937_64;
#endif

bide::duration draw(engine& random) { return bide::delay_of(bide::constant({}), {}, random); }
