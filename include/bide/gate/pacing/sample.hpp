// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_SAMPLE_HPP
#define BIDE_GATE_PACING_SAMPLE_HPP

#include <cstddef>
#include <cstdint>

namespace bide::inline v1::pacing {

/// Compilers move two numbers that lie side by side at once; where such a pair lies across two
/// lines of the cache, a gate may cost half as much again. So pairs that change with each request
/// begin at a multiple of this.
inline constexpr std::size_t pair_alignment = 16;

/// What the limiter said to one request, as far as anybody can tell.
enum class answer : std::uint8_t {
    accepted,
    limited,  ///< Refused, and the rate was the reason.
    other,    ///< Failed without a word about the rate: says nothing.
};

/// One request that is over, as the layers of a pacer see it. Times are seconds since an instant
/// that all share, costs are in the unit of the limit, rates in that unit per second.
struct sample {
    answer what = answer::accepted;
    double sent = 0;  ///< When it was let go.
    double now = 0;   ///< When its answer was there; >= `sent`.
    double cost = 1;
    /// It had waited for its slot, or others waited: the pace was what held the client back.
    bool paced = true;
    double in_flight = 1;    ///< Requests, when it was sent, itself included.
    double retry_after = 0;  ///< > 0: the server asked for so long a wait.
};

/// Mean time from sending to the answer, and the mean deviation from it. As TCP does it (RFC 6298),
/// but slower, because slots are timed by what is usual.
class round_trip {
public:
    void record(double took) noexcept {
        if (mean_ == 0) {
            mean_ = took;
            deviation_ = took / 4;
            return;
        }
        const auto off = took - mean_;
        deviation_ += ((off < 0 ? -off : off) - deviation_) / 16;
        mean_ += off / 16;
    }
    [[nodiscard]] double mean() const noexcept { return mean_; }
    [[nodiscard]] double deviation() const noexcept { return deviation_; }

private:
    alignas(pair_alignment) double mean_ = 0;
    double deviation_ = 0;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_SAMPLE_HPP
