// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_HISTORY_HPP
#define BIDE_GATE_PACING_HISTORY_HPP

#include <bide/gate/pacing/sample.hpp>

#include <array>
#include <cstddef>
#include <limits>

namespace bide::inline v1::pacing {

/// How much had been accepted by a time in the past: marks, the older the sparser, and a straight
/// line in between. About an hour at 2 KB.
class history {
public:
    /// Times never go back by more than requests overtake each other.
    void record(double time, double accepted) noexcept {
        last_ = {time, accepted};
        if (time - marked_ >= finest) mark_last();
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

    struct alignas(pair_alignment) mark {
        double time = 0;
        double accepted = 0;
    };

    /// Seldom compared with `record`, so not a part of it.
    [[gnu::noinline]] void mark_last() noexcept {
        marked_ = last_.time;
        auto distance = finest;
        for (auto& r : rings_) {
            r.record(last_, distance);
            distance *= coarser;
        }
    }

    class ring {
    public:
        /// Unless the newest mark is closer than `distance`.
        void record(const mark& m, double distance) noexcept {
            if (size_ != 0 && m.time - all_[newest_].time < distance) return;
            newest_ = (newest_ + 1) % all_.size();
            if (size_ < all_.size()) ++size_;
            all_[newest_] = m;
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
    double marked_ = -std::numeric_limits<double>::infinity();  // when the newest mark was made
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_HISTORY_HPP
