// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PRECOMPILED_HPP
#define BIDE_TESTS_SUPPORT_PRECOMPILED_HPP

// What most tests include, parsed once (BIDE_PRECOMPILE_TESTS). No test may rely on it.
#include "support/catch.hpp"

#include <bide/bide.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#endif

#endif  // BIDE_TESTS_SUPPORT_PRECOMPILED_HPP
