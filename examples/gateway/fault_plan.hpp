// SPDX-License-Identifier: MIT
#ifndef GATEWAY_FAULT_PLAN_HPP
#define GATEWAY_FAULT_PLAN_HPP

#include "gateway/faults.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Which fault strikes which request. A value without progress: the same question has the same
/// answer on every thread and in every run.
struct fault_plan {
    /// Chance of each fault per try, by the index of `fault_table`; they add up to at most 1.
    std::array<double, fault_count> probability{};

    /// Faults by the request's number, counted from 1 over all connections.
    std::map<std::uint64_t, fault> by_request;

    /// Faults of a message's first, second, … try.
    std::map<std::string, std::vector<fault>, std::less<>> by_id;

    /// Durations that a JSON plan may set beside the options of the same meaning.
    std::optional<std::chrono::nanoseconds> stall;
    std::optional<std::chrono::nanoseconds> refuse_for;
    std::optional<std::chrono::nanoseconds> idle_for;

    /// Answers the fault for request `number`, which is try `seen` (from 1) of message `id`.
    ///
    /// A scripted position wins over a scripted id, and that over the dice.
    [[nodiscard]] std::optional<fault> draw(std::uint64_t seed, std::uint64_t number,
                                            std::string_view id, std::uint64_t seen) const;
};

/// Reads the compact form: `stall=0.002,500=0.01,@12:drop-reused-acted,#m-7:500`.
/// @throws std::invalid_argument that names the field, the value and what is allowed.
[[nodiscard]] fault_plan parse_fault_spec(std::string_view spec);

/// Reads the JSON form:
/// `{"probabilities":{"stall":0.002},"script":[{"request":12,"fault":"stall"},
///   {"id":"m-7","fault":"500","times":2}],"stall":"3s","refuse_for":"200ms","idle_for":"20ms"}`.
/// @throws std::invalid_argument that names the JSON pointer, the value and what is allowed.
[[nodiscard]] fault_plan parse_fault_json(std::string_view text);

/// Reads the JSON form from the file that `argument` names, or else `argument` as compact form.
/// @throws std::invalid_argument as the parsers do, and if a named file cannot be read.
[[nodiscard]] fault_plan load_faults(const std::string& argument);

}  // namespace gateway

#endif  // GATEWAY_FAULT_PLAN_HPP
