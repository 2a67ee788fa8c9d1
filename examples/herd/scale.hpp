// SPDX-License-Identifier: MIT
#ifndef HERD_SCALE_HPP
#define HERD_SCALE_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace herd {

/// An axis from 0 to `most` with a mark at every multiple of `step`, a round number.
struct scale {
    double most = 1;
    double step = 1;

    [[nodiscard]] std::vector<double> marks() const;
    /// What is written at a mark.
    [[nodiscard]] std::string name(double mark) const;
};

/// The axis that reaches `value` and has about `marks` marks, at multiples of `least_step` if that
/// is not 0.
[[nodiscard]] scale scale_to(double value, std::uint64_t marks, double least_step = 0);

}  // namespace herd

#endif  // HERD_SCALE_HPP
