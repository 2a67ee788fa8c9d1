// SPDX-License-Identifier: MIT
#include "gateway/faults.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

std::string padded(std::string_view text, std::size_t width) {
    std::string cell{text};
    cell.resize(cell.size() < width ? width : cell.size() + 1, ' ');
    return cell;
}

std::string yes_no(bool value) { return padded(value ? "yes" : "no", 9); }

}  // namespace

std::optional<fault> fault_named(std::string_view name) noexcept {
    for (const auto& row : fault_table)
        if (row.name == name) return row.id;
    return std::nullopt;
}

std::string fault_names() {
    std::string names;
    for (const auto& row : fault_table) {
        if (!names.empty()) names += ", ";
        names += row.name;
    }
    return names;
}

std::string fault_help() {
    auto text = "  " + padded("fault", 26) + padded("reads", 9) + padded("acts", 9) +
                padded("answers", 9) + "on the wire\n";
    for (const auto& row : fault_table) {
        text += "  " + padded(row.name, 26) + yes_no(row.reads) + yes_no(row.acts) +
                yes_no(row.answers);
        text += row.wire;
        text += '\n';
    }
    return text;
}

}  // namespace gateway
