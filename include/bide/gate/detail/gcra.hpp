// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_GCRA_HPP
#define BIDE_GATE_DETAIL_GCRA_HPP

#include <bide/gate/detail/fine_time.hpp>
#include <bide/gate/detail/rank_tree.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>

namespace bide::inline v1::detail {

/// The generic cell rate algorithm (ITU-T I.371): a token bucket of which only the instant is kept
/// when it will be full again. Exact integers: over any window w, grants <= burst + rate * w.
///
/// Time that goes back by what threads differ makes it stricter and mints nothing.
class gcra {
public:
    struct settings {
        std::uint64_t rate = 1;  ///< Permits in `per`, at most `fine_step::most_units`.
        duration per{};          ///< > 0
        std::uint64_t burst = 1;
        /// Of one ask. A cost above `burst` waits for a full bucket and leaves a debt.
        std::uint64_t most = 1;
    };

    /// What a burst may take to come back, so that sums with the time of day do not overflow.
    static constexpr duration longest = std::chrono::hours{24 * 365 * 100};

    explicit gcra(const settings& its) noexcept : its_{its}, step_{its.per, its.rate} {}

    [[nodiscard]] std::uint64_t most() const noexcept { return its_.most; }
    [[nodiscard]] std::uint64_t capacity() const noexcept { return its_.burst; }

    /// When `cost` can be taken after those `ahead` have taken theirs as early as they can.
    [[nodiscard]] time_point opens(std::uint64_t ahead, std::uint64_t cost,
                                   time_point now) const noexcept {
        const auto needed = saturating_sum(ahead, cost < its_.burst ? cost : its_.burst);
        const auto from = full_from(now);
        const auto at = needed < its_.burst ? step_.subtract(from, step_.times(its_.burst - needed))
                                            : step_.add(from, step_.times(needed - its_.burst));
        return time_point{saturating_add(at.ns, duration{at.part != 0 ? 1 : 0})};
    }

    void take(ticket& t, std::uint64_t cost, time_point now) noexcept {
        full_ = step_.add(full_from(now), step_.times(cost));
        newest_ = larger(newest_, now.time_since_epoch());
        const auto mark = step_.add(full_, returned_);
        t.issued = time_point{mark.ns};
        t.part = mark.part;
        t.generation = generation_;
    }

    /// As if it had never been taken, as far as that is still true: what flowed over since then,
    /// because the bucket was full without it, is lost. Since the bucket was filled up to `issued`,
    /// it flowed over by no more than what `issued` is short of the newest grant.
    void put_back(const ticket& t) noexcept {
        if (t.generation != generation_) return;  // it was taken from another bucket
        const auto mark = fine_time{t.issued.time_since_epoch(), t.part};
        const auto still = step_.subtract(step_.subtract(mark, returned_), {newest_, 0});
        const auto whole = step_.times(t.cost);
        const auto back = still < whole ? still : whole;
        if (back < fine_time{}) return;
        full_ = step_.subtract(full_, back);
        returned_ = step_.add(returned_, back);
        // After some hundred years of permits the sum starts anew, and who holds one keeps it.
        if (returned_.ns > duration::max() / 4) {
            returned_ = {};
            ++generation_;
        }
    }

    /// The permits in the bucket stay, as many as fit; from `now` on it fills at the new rate.
    void change(const settings& to, time_point now) {
        const auto missing =
            step_.count(step_.subtract(full_from(now), {now.time_since_epoch(), 0}));
        const auto more = static_cast<long double>(to.burst) - static_cast<long double>(its_.burst);
        its_ = to;
        step_ = fine_step{to.per, to.rate};
        const auto debt = missing + more > 0 ? missing + more : 0;
        full_ = {saturating_add(now.time_since_epoch(), step_.around(debt)), 0};
        returned_ = {};
        ++generation_;
    }

private:
    [[nodiscard]] fine_time full_from(time_point now) const noexcept {
        const auto from = fine_time{now.time_since_epoch(), 0};
        return full_ < from ? from : full_;
    }

    settings its_;
    fine_step step_;
    fine_time full_{duration::min(), 0};  // when the bucket will be full again
    duration newest_ = duration::min();   // grant
    fine_time returned_{};                // by all that were given back, ever
    std::uint64_t generation_ = 1;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_GCRA_HPP
