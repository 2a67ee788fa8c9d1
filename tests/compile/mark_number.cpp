// SPDX-License-Identifier: MIT
// expect-error: bide: only an exception of a class type that is not final can be marked
#include <bide/bide.hpp>

#include <stdexcept>

#if BIDE_EXPECT_ERROR
void fail() { throw bide::permanent(7); }
#else
void fail() { throw bide::permanent(std::runtime_error{"no"}); }
#endif
