// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_BREAKER_RULE_HPP
#define BIDE_GATE_DETAIL_BREAKER_RULE_HPP

#include <bide/gate/detail/breaker_options.hpp>
#include <bide/gate/detail/call_window.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <optional>
#include <variant>

namespace bide::inline v1::detail {

/// When a closed circuit breaker opens. Failures in a row need no window.
class breaker_rule {
public:
    explicit breaker_rule(const failure_count& its) : failures_{its.failures} {
        if (its.of_last > its.failures) window_.emplace(its.of_last);
    }
    explicit breaker_rule(const failure_rate& its)
        : failures_{0},
          rate_{its.rate},
          minimum_{its.minimum},
          slow_from_{its.slow_from},
          slow_rate_{its.slow_rate} {
        if (its.of_last != 0)
            window_.emplace(its.of_last);
        else
            window_.emplace(its.within, its.steps);
    }
    [[nodiscard]] static breaker_rule of(const breaker_options& its) {
        return std::visit([](const auto& rule) { return breaker_rule{rule}; }, its.opens);
    }

    [[nodiscard]] bool is_slow(duration latency) const noexcept { return latency >= slow_from_; }
    /// Whether a success would change nothing.
    [[nodiscard]] bool is_clean() const noexcept { return !window_ && run_.calls == 0; }

    /// True: open.
    [[nodiscard]] bool add(bool failed, bool slow, time_point now) noexcept {
        if (!window_) {
            run_ = failed ? breaker_counts{run_.calls + 1, run_.failures + 1, 0} : breaker_counts{};
            return run_.failures >= failures_;
        }
        const auto& seen = window_->add(failed, slow, now);
        if (failures_ != 0) return seen.failures >= failures_;
        return seen.calls >= minimum_ && (reaches(seen.failures, seen.calls, rate_) ||
                                          reaches(seen.slow, seen.calls, slow_rate_));
    }

    [[nodiscard]] breaker_counts counts(time_point now) const noexcept {
        return window_ ? window_->counts(now) : run_;
    }

    void clear(time_point now) noexcept {
        run_ = {};
        if (window_) window_->clear(now);
    }

private:
    /// By division, so that 3 of 5 are 0.6: both sides are rounded alike.
    [[nodiscard]] static bool reaches(std::uint64_t part, std::uint64_t all, double rate) noexcept {
        if (part == 0) return false;
        return static_cast<double>(part) / static_cast<double>(all) >= rate;
    }

    std::uint64_t failures_;  // 0: by rate
    double rate_ = 1;
    std::uint64_t minimum_ = 1;
    duration slow_from_ = duration::max();
    double slow_rate_ = 1;
    breaker_counts run_{};  // failures in a row
    std::optional<call_window> window_{};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_BREAKER_RULE_HPP
