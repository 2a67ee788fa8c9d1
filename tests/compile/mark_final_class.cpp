// SPDX-License-Identifier: MIT
// expect-error: bide: only an exception of a class type that is not final can be marked
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
struct problem final {};
#else
struct problem {};
#endif
void fail() { throw bide::ambiguous(problem{}); }
