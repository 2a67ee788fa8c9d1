// SPDX-License-Identifier: MIT
#ifndef GATEWAY_FAULT_BUILDER_HPP
#define GATEWAY_FAULT_BUILDER_HPP

#include "gateway/fault_plan.hpp"
#include "gateway/faults.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// The checks that both notations of a plan share.
class fault_builder {
public:
    /// `shown` is the value as the user wrote it, for the message.
    /// @throws std::invalid_argument unless `chance` is within [0, 1] and given once.
    void set_probability(fault what, double chance, const std::string& shown);

    /// @throws std::invalid_argument if the position already has a fault.
    void add_request(std::uint64_t number, fault what);

    /// Appends `times` tries to the script of message `id`.
    /// @throws std::invalid_argument if `id` is empty.
    void add_id(std::string_view id, fault what, std::uint64_t times);

    [[nodiscard]] fault_plan& plan() noexcept { return plan_; }

    /// @throws std::invalid_argument if the probabilities add up to more than 1.
    [[nodiscard]] fault_plan finish() const;

private:
    fault_plan plan_;
    std::array<bool, fault_count> given_{};
};

/// Finds a fault by name. @throws std::invalid_argument that starts with `where` and lists all
/// names.
[[nodiscard]] fault fault_or_throw(const std::string& where, std::string_view name);

}  // namespace gateway

#endif  // GATEWAY_FAULT_BUILDER_HPP
