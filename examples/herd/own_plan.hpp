// SPDX-License-Identifier: MIT
#ifndef HERD_OWN_PLAN_HPP
#define HERD_OWN_PLAN_HPP

#include <bide/json/plan.hpp>

#include <cstdint>
#include <string>

namespace herd {

/// What the client is called that does as the user's plan says.
inline constexpr auto own_name = "yours";

/// The user's plan, whose gates draw the same for the same seed.
/// @throws std::invalid_argument if the text says none.
[[nodiscard]] inline auto own_plan(const std::string& text, std::uint64_t seed) {
    return bide::plan_from_json(text, {}, seed);
}

}  // namespace herd

#endif  // HERD_OWN_PLAN_HPP
