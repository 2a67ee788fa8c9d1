// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_FLIGHT_CAP_HPP
#define BIDE_GATE_PACING_FLIGHT_CAP_HPP

#include <algorithm>
#include <array>
#include <cstddef>

namespace bide::inline v1::pacing {

/// Recognises a limit of so many requests at a time, and stays below it.
///
/// A limiter of rates refuses whatever the number in flight is; a limiter of concurrency refuses
/// only where that is higher than what it accepts. So each refusal is ranked among the requests
/// accepted of late, by how many were in flight when they were sent: a few at the very top, or many
/// near it, are the evidence. Then the cap is one below the smallest number refused, and one is
/// tried on top after ten caps' worth of acceptances.
class flight_cap {
public:
    [[nodiscard]] bool believed() const noexcept { return believed_; }
    /// Requests in flight at most, while believed.
    [[nodiscard]] double cap() const noexcept { return cap_; }

    /// `in_flight`: when it was sent, itself included.
    void accepted(double in_flight) noexcept {
        levels_[next_] = in_flight;
        next_ = (next_ + 1) % levels_.size();
        if (size_ < levels_.size()) ++size_;
        if (!believed_ || ++since_change_ < 10 * cap_) return;
        since_change_ = 0;
        cap_ += 1;
    }

    void refused(double in_flight) noexcept {
        if (!believed_) {
            const auto rank = rank_of(in_flight);
            of_few_ += (rank - of_few_) / 4;
            of_many_ += (rank - of_many_) / 16;  // where demand is high, all are sent near the top
            if (of_few_ >= 0.08 && of_many_ >= 0.28) return;
            believed_ = true;
            cap_ = at_first_ = in_flight;
        }
        cap_ = (std::max)(1.0, (std::min)(cap_, in_flight - 1));
        since_change_ = 0;
        if (cap_ >= at_first_ / 2) return;
        believed_ = false;  // refused far below it: the number in flight is not what is limited
        of_few_ = of_many_ = 0.5;
    }

private:
    /// The share of accepted requests with as many in flight or more; of equals one half.
    [[nodiscard]] double rank_of(double in_flight) const noexcept {
        if (in_flight < 3 || size_ < levels_.size() / 2) return 0.5;  // no evidence
        double above = 0;
        for (std::size_t i = 0; i != size_; ++i) {
            if (levels_[i] > in_flight) above += 1;
            if (levels_[i] == in_flight) above += 0.5;
        }
        return above / static_cast<double>(size_);
    }

    std::array<double, 64> levels_{};
    std::size_t next_ = 0;
    std::size_t size_ = 0;
    double of_few_ = 0.5;  // mean ranks
    double of_many_ = 0.5;
    bool believed_ = false;
    double cap_ = 0;
    double at_first_ = 0;  // the number in flight that was refused when it was first believed
    double since_change_ = 0;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_FLIGHT_CAP_HPP
