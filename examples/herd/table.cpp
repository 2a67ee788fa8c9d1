// SPDX-License-Identifier: MIT
#include "herd/table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace herd {
namespace {

std::string joined(const std::vector<std::string>& cells) {
    std::string line;
    for (const auto& cell : cells) line += (line.empty() ? "" : ",") + cell;
    return line + '\n';
}

std::string aligned(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string space(widths.at(i) - cells[i].size(), ' ');
        line += i == 0 ? cells[i] + space : "  " + space + cells[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

}  // namespace

std::string to_csv(const table& t) {
    auto text = joined(t.head);
    for (const auto& row : t.rows) text += joined(row);
    return text;
}

std::string to_text(const table& t) {
    std::vector<std::size_t> widths(t.head.size());
    const auto widen = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths.at(i) = std::max(widths.at(i), cells[i].size());
    };
    widen(t.head);
    for (const auto& row : t.rows) widen(row);
    auto text = aligned(t.head, widths);
    for (const auto& row : t.rows) text += aligned(row, widths);
    return text;
}

std::string fixed(double value, int decimals) {
    std::array<char, 400> text{};
    (void)std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

}  // namespace herd
