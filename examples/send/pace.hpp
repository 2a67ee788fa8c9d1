// SPDX-License-Identifier: MIT
#ifndef SENDER_PACE_HPP
#define SENDER_PACE_HPP

#include <bide/gate/gate.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <variant>

namespace sender {

inline constexpr double slowest_pace = 0.001;  ///< Messages per second.
inline constexpr double fastest_pace = 1e6;

/// How fast messages may go.
struct pace {
    enum class kind : std::uint8_t {
        free,   ///< As fast as they can.
        fixed,  ///< Evenly, and never more than `per_s` in a second.
        found,  ///< As fast as the server takes them, which its answers teach.
    };
    kind how = kind::free;
    double per_s = 0;  ///< fixed: within the bounds above; found: a first guess, 0: none.
};

/// Of a fixed pace: one message in a hundred is left out, so that one that late timers missed may
/// follow at once and still no second sees more than `per_s`.
[[nodiscard]] inline double spare_of(const pace& p) { return std::floor(p.per_s / 100); }

/// The time between two messages, rounded up; zero if no fixed pace is to be kept.
[[nodiscard]] inline bide::duration gap_of(const pace& p) {
    if (p.how != pace::kind::fixed) return {};
    const auto gap = std::ceil(1e9 / (p.per_s - spare_of(p)));
    return std::chrono::nanoseconds{static_cast<std::int64_t>(gap)};
}

/// The gate that keeps a pace, whichever it is, so that there is but one type of plan.
class pace_gate {
public:
    static constexpr bool hears_quotas = true;

    explicit pace_gate(const pace& p) : gap_{gap_of(p)} {
        if (p.how == pace::kind::fixed)
            gate_.emplace<bide::token_bucket>(bide::token_bucket::options{
                .rate = 1, .per = gap_, .burst = 1 + static_cast<std::uint64_t>(spare_of(p))});
        if (p.how == pace::kind::found)
            gate_.emplace<bide::quota_pacer>(bide::quota_pacer::options{.start_rate = p.per_s});
    }

    [[nodiscard]] bide::gate_answer ask(bide::ticket& t, const bide::gate_request& request,
                                        bide::time_point now) {
        return std::visit([&](auto& g) { return g.ask(t, request, now); }, gate_);
    }
    void finish(bide::ticket& t, const bide::report& what, bide::time_point now) noexcept {
        std::visit([&](auto& g) { g.finish(t, what, now); }, gate_);
    }
    void give_back(bide::ticket& t, bide::time_point now) noexcept {
        std::visit([&](auto& g) { g.give_back(t, now); }, gate_);
    }

    /// Between two messages; zero if no fixed pace is to be kept.
    [[nodiscard]] bide::duration gap() const noexcept { return gap_; }
    /// When a message could go that asks at `now`, as far as that is known without asking.
    [[nodiscard]] bide::time_point opens(bide::time_point now) const {
        const auto* const bucket = std::get_if<bide::token_bucket>(&gate_);
        return bucket != nullptr ? bucket->opens(now) : now;
    }
    /// What was found so far, in messages per second; 0 if nothing is looked for, or there is
    /// nothing that limits.
    [[nodiscard]] double found() const {
        const auto* const pacer = std::get_if<bide::quota_pacer>(&gate_);
        const auto per_s = pacer != nullptr ? pacer->rate() : 0;
        return per_s < fastest_pace ? per_s : 0;
    }

private:
    struct open {
        static bide::gate_answer ask(bide::ticket&, const bide::gate_request&,
                                     bide::time_point) noexcept {
            return bide::gate_answer::go();
        }
        static void finish(bide::ticket&, const bide::report&, bide::time_point) noexcept {}
        static void give_back(bide::ticket&, bide::time_point) noexcept {}
    };

    bide::duration gap_;
    std::variant<open, bide::token_bucket, bide::quota_pacer> gate_;
};
static_assert(bide::gate<pace_gate>);

}  // namespace sender

#endif  // SENDER_PACE_HPP
