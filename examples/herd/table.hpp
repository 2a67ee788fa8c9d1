// SPDX-License-Identifier: MIT
#ifndef HERD_TABLE_HPP
#define HERD_TABLE_HPP

#include <string>
#include <vector>

namespace herd {

/// Figures as text; each row is as long as the head.
struct table {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows{};
};

/// Lines of comma-separated values with line ends; no cell needs quotes.
[[nodiscard]] std::string to_csv(const table& t);

/// For people: columns side by side, the first one to the left, numbers to the right.
[[nodiscard]] std::string to_text(const table& t);

/// With that many decimals, the last rounded.
[[nodiscard]] std::string fixed(double value, int decimals);

}  // namespace herd

#endif  // HERD_TABLE_HPP
