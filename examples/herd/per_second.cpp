// SPDX-License-Identifier: MIT
#include "herd/per_second.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace herd {

std::uint64_t per_second::sum(std::size_t from, std::size_t to) const {
    std::uint64_t all = 0;
    for (auto i = from; i < to; ++i) all += counts_.at(i);
    return all;
}

std::uint64_t per_second::peak(std::size_t from, std::size_t to) const {
    std::uint64_t most = 0;
    for (auto i = from; i < to; ++i) most = std::max(most, counts_.at(i));
    return most;
}

std::vector<point> per_second::points(std::size_t to) const {
    std::vector<point> line;
    line.reserve(to);
    for (std::size_t i = 0; i < to; ++i)
        line.push_back({static_cast<double>(i), static_cast<double>(counts_.at(i))});
    return line;
}

}  // namespace herd
