// SPDX-License-Identifier: MIT
#include "herd/scale.hpp"

#include "herd/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace herd {

std::vector<double> scale::marks() const {
    std::vector<double> all;
    for (std::uint64_t i = 0; static_cast<double>(i) * step <= most * 1.000001; ++i)
        all.push_back(static_cast<double>(i) * step);
    return all;
}

std::string scale::name(double mark) const {
    auto decimals = 0;
    for (auto units = step; decimals < 9 && units - std::floor(units + 1e-6) > 1e-6; units *= 10)
        ++decimals;
    return fixed(mark, decimals);
}

scale scale_to(double value, std::uint64_t marks, double least_step) {
    if (!(value > 0)) return {};
    const auto rough = std::max(least_step, value / static_cast<double>(marks));
    const auto power = std::pow(10, std::floor(std::log10(rough)));
    auto step = 10 * power;
    for (const auto round : {5.0, 2.5, 2.0, 1.0}) {
        const auto whole = least_step <= 0 || std::fmod(round * power, least_step) < 1e-6;
        if (whole && round * power >= rough * 0.999999) step = round * power;
    }
    return {std::ceil(value / step - 1e-6) * step, step};
}

}  // namespace herd
