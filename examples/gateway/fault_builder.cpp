// SPDX-License-Identifier: MIT
#include "gateway/fault_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway {
namespace {

/// Shortest plain form: 1.2 is "1.2", not "1.200000".
std::string plain(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

}  // namespace

void fault_builder::set_probability(fault what, double chance, const std::string& shown) {
    const std::string name{row_of(what).name};
    const auto index = static_cast<std::size_t>(what);
    if (!(chance >= 0 && chance <= 1))
        throw std::invalid_argument{name + " must be a probability from 0 to 1, got " + shown};
    if (given_[index]) throw std::invalid_argument{name + " must be given once"};
    given_[index] = true;
    plan_.probability[index] = chance;
}

void fault_builder::add_request(std::uint64_t number, fault what) {
    if (!plan_.by_request.emplace(number, what).second)
        throw std::invalid_argument{"request " + std::to_string(number) +
                                    " must have one fault, got two"};
}

void fault_builder::add_id(std::string_view id, fault what, std::uint64_t times) {
    if (id.empty()) throw std::invalid_argument{"the id of a script must not be empty"};
    auto& tries = plan_.by_id[std::string{id}];
    tries.insert(tries.end(), static_cast<std::size_t>(times), what);
}

fault_plan fault_builder::finish() const {
    double sum = 0;
    for (const auto chance : plan_.probability) sum += chance;
    if (sum > 1 + 1e-9)  // 0.1 added ten times is a little more than 1.
        throw std::invalid_argument{"the probabilities must add up to at most 1, got " +
                                    plain(sum)};
    return plan_;
}

fault fault_or_throw(const std::string& where, std::string_view name) {
    if (const auto found = fault_named(name)) return *found;
    throw std::invalid_argument{where + ": \"" + std::string{name} +
                                "\" is not a fault, allowed: " + fault_names()};
}

}  // namespace gateway
