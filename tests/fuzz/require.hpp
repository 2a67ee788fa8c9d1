// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_FUZZ_REQUIRE_HPP
#define BIDE_TESTS_FUZZ_REQUIRE_HPP

#include <cstdio>
#include <cstdlib>

/// Ends the program, which is what a fuzzer takes for a finding, whatever the build type is.
inline void require(bool good, const char* rule) {
    if (good) return;
    std::fprintf(stderr, "bide: broken: %s\n", rule);
    std::abort();
}

#endif  // BIDE_TESTS_FUZZ_REQUIRE_HPP
