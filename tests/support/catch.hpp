// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_CATCH_HPP
#define BIDE_TESTS_SUPPORT_CATCH_HPP

// One spelling for Catch2 v3 and for the v2 that Debian 12 has. Write the v3 names:
// Catch::Approx, Catch::Matchers::ContainsSubstring. GENERATE captures nothing in v2, so the rows
// of its tables must be constants.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

#include <string>

namespace Catch {
using Detail::Approx;
namespace Matchers {
inline StdString::ContainsMatcher ContainsSubstring(
    const std::string& text, CaseSensitive::Choice sensitive = CaseSensitive::Yes) {
    return Contains(text, sensitive);
}
}  // namespace Matchers
}  // namespace Catch
#endif

#endif  // BIDE_TESTS_SUPPORT_CATCH_HPP
