// SPDX-License-Identifier: MIT
#include "gateway/fault_plan.hpp"

#include "common/duration.hpp"
#include "gateway/fault_builder.hpp"
#include "gateway/hashing.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

std::uint64_t request_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end) number = 0;
    return number;
}

/// One item "@12:stall" or "#m-7:stall"; the last colon divides, so an id may contain others.
void add_position(fault_builder& builder, std::string_view item) {
    const auto colon = item.rfind(':');
    if (colon == std::string_view::npos)
        throw std::invalid_argument{"\"" + std::string{item} +
                                    "\" must be @NUMBER:FAULT or #ID:FAULT"};
    const auto where = item.substr(1, colon - 1);
    const auto what = fault_or_throw("\"" + std::string{item} + "\"", item.substr(colon + 1));
    if (item.front() == '#') return builder.add_id(where, what, 1);
    const auto number = request_number(where);
    if (number == 0)
        throw std::invalid_argument{"\"" + std::string{item} +
                                    "\": the position must be a whole number from 1, got \"" +
                                    std::string{where} + "\""};
    builder.add_request(number, what);
}

void add_probability(fault_builder& builder, std::string_view item) {
    const auto equals = item.find('=');
    if (equals == std::string_view::npos)
        throw std::invalid_argument{"\"" + std::string{item} +
                                    "\" must be FAULT=PROBABILITY, @NUMBER:FAULT or #ID:FAULT"};
    const auto what = fault_or_throw("\"" + std::string{item} + "\"", item.substr(0, equals));
    const auto text = item.substr(equals + 1);
    const auto chance = common::parse_number(text);
    builder.set_probability(what, chance ? *chance : -1, "\"" + std::string{text} + "\"");
}

}  // namespace

std::optional<fault> fault_plan::draw(std::uint64_t seed, std::uint64_t number, std::string_view id,
                                      std::uint64_t seen) const {
    if (const auto at = by_request.find(number); at != by_request.end()) return at->second;
    if (const auto at = by_id.find(id); at != by_id.end() && seen <= at->second.size())
        return at->second[static_cast<std::size_t>(seen - 1)];
    auto dice = draw_unit(seed, id, seen, purpose::fault);
    for (const auto& row : fault_table) {
        const auto chance = probability[static_cast<std::size_t>(row.id)];
        if (dice < chance) return row.id;
        dice -= chance;
    }
    return std::nullopt;
}

fault_plan parse_fault_spec(std::string_view spec) {
    fault_builder builder;
    while (!spec.empty()) {
        const auto comma = spec.find(',');
        const auto item = spec.substr(0, comma);
        spec = comma == std::string_view::npos ? std::string_view{} : spec.substr(comma + 1);
        if (item.empty()) throw std::invalid_argument{"an item between two commas is empty"};
        if (item.front() == '@' || item.front() == '#')
            add_position(builder, item);
        else
            add_probability(builder, item);
    }
    return builder.finish();
}

fault_plan load_faults(const std::string& argument) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(argument, error)) {
        // No fault name has these, so the user meant a file, and "unknown fault" would mislead.
        if (argument.find('=') == std::string::npos && argument.ends_with(".json"))
            throw std::invalid_argument{"there is no file \"" + argument + "\""};
        return parse_fault_spec(argument);
    }
    std::ifstream file{argument, std::ios::binary};
    if (!file) throw std::invalid_argument{"cannot read the file \"" + argument + "\""};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    try {
        return parse_fault_json(text);
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument{argument + ": " + e.what()};
    }
}

}  // namespace gateway
