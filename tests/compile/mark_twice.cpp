// SPDX-License-Identifier: MIT
// expect-error: bide: this exception is marked already
#include <bide/bide.hpp>

#include <stdexcept>

#if BIDE_EXPECT_ERROR
void fail() { throw bide::permanent(bide::ambiguous(std::runtime_error{"no"})); }
#else
void fail() { throw bide::permanent(std::runtime_error{"no"}); }
#endif
