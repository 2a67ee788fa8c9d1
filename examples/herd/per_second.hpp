// SPDX-License-Identifier: MIT
#ifndef HERD_PER_SECOND_HPP
#define HERD_PER_SECOND_HPP

#include "herd/chart.hpp"

#include <bide/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace herd {

/// Counts by second of the virtual clock.
class per_second {
public:
    explicit per_second(std::size_t seconds) : counts_(seconds) {}

    /// What is later than the last second is not counted.
    void add(bide::time_point at) {
        const auto second =
            static_cast<std::size_t>(at.time_since_epoch() / std::chrono::seconds{1});
        if (second < counts_.size()) ++counts_[second];
    }

    [[nodiscard]] std::size_t size() const noexcept { return counts_.size(); }
    [[nodiscard]] std::uint64_t operator[](std::size_t second) const { return counts_.at(second); }

    /// From second `from` on, to before `to`.
    [[nodiscard]] std::uint64_t sum(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::uint64_t peak(std::size_t from, std::size_t to) const;
    /// A line for a chart, up to before second `to`.
    [[nodiscard]] std::vector<point> points(std::size_t to) const;

private:
    std::vector<std::uint64_t> counts_;
};

}  // namespace herd

#endif  // HERD_PER_SECOND_HPP
