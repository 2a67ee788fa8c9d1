// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_HISTORY_HPP
#define BIDE_GATE_PACING_HISTORY_HPP

#include <array>
#include <cstddef>

namespace bide::inline v1::pacing {

/// How much had been accepted by a time in the past: marks, the older the sparser, and a straight
/// line in between. About an hour at 2 KB.
class history {
public:
    /// Times never go back by more than requests overtake each other.
    void record(double time, double accepted) noexcept {
        last_ = {time, accepted};
        if (!rings_[0].record(last_, finest)) return;
        auto distance = finest;
        for (std::size_t i = 1; i != rings_.size(); ++i)
            rings_[i].record(last_, distance *= coarser);
    }

    /// What had been accepted by `time`; before all that is remembered, as much as at its begin.
    [[nodiscard]] double at(double time) const noexcept {
        for (const auto& r : rings_)
            if (r.covers(time)) return r.at(time, last_);
        return rings_.back().at(time, last_);
    }

private:
    static constexpr double finest = 0.04;  // seconds between two marks
    static constexpr double coarser = 8;

    struct mark {
        double time = 0;
        double accepted = 0;
    };

    class ring {
    public:
        /// @return whether the last mark was long enough ago for a new one.
        bool record(const mark& m, double distance) noexcept {
            if (size_ != 0 && m.time - all_[newest_].time < distance) return false;
            newest_ = (newest_ + 1) % all_.size();
            if (size_ < all_.size()) ++size_;
            all_[newest_] = m;
            return true;
        }
        [[nodiscard]] bool covers(double time) const noexcept {
            return size_ != 0 && (*this)[size_ - 1].time <= time;
        }
        [[nodiscard]] double at(double time, mark later) const noexcept {
            for (std::size_t i = 0; i != size_; ++i) {
                const auto& m = (*this)[i];
                if (m.time <= time) {
                    const auto span = later.time - m.time;
                    if (span <= 0 || time >= later.time) return later.accepted;
                    return m.accepted + (later.accepted - m.accepted) * (time - m.time) / span;
                }
                later = m;
            }
            return later.accepted;
        }

    private:
        /// The newest is 0.
        [[nodiscard]] const mark& operator[](std::size_t age) const noexcept {
            return all_[(newest_ + all_.size() - age) % all_.size()];
        }
        std::array<mark, 24> all_{};
        std::size_t newest_ = 0;
        std::size_t size_ = 0;
    };

    std::array<ring, 5> rings_{};
    mark last_{};
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_HISTORY_HPP
