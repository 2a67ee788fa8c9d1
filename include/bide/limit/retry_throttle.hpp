// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_RETRY_THROTTLE_HPP
#define BIDE_LIMIT_RETRY_THROTTLE_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <mutex>

namespace bide::inline v1 {

/// Retries only while most tries succeed, as gRPC throttles them: each failed try takes a token,
/// each success brings `token_ratio` of one, and retries are made while more than half of
/// `max_tokens` are left.
///
/// The strictest of the budgets: at 10 % failures nearly every retry is refused with the defaults,
/// which are those that gRPC's documentation uses. Full at the beginning. Failures that will not
/// pass (`verdict::permanent`) count as neither. Thread-safe.
/// Source: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs".
class retry_throttle {
public:
    struct options {
        std::uint64_t max_tokens = 10;  ///< 1 to 1000.
        double token_ratio = 0.1;       ///< 0.001 to 1000; three decimals count, the rest is cut.
    };

    retry_throttle() : retry_throttle{options{}} {}
    /// @throws std::invalid_argument naming the field.
    explicit retry_throttle(options opts) : rules_{checked(opts)}, tokens_{rules_.most} {}
    retry_throttle(const retry_throttle&) = delete;
    retry_throttle& operator=(const retry_throttle&) = delete;

    /// New settings; what is left stays the same fraction of what may be.
    /// @throws std::invalid_argument naming the field.
    void set(options opts) {
        const auto rules = checked(opts);
        const std::lock_guard lock{mutex_};
        tokens_ = tokens_ * rules.most / rules_.most;
        rules_ = rules;
    }

    void ended(budget_note&, const finding& found, time_point) noexcept {
        if (found.verdict == verdict::permanent) return;
        const std::lock_guard lock{mutex_};
        tokens_ = found.verdict == verdict::success
                      ? (std::min)(tokens_ + rules_.per_success, rules_.most)
                      : (std::max)(tokens_ - one_token, std::int64_t{0});
    }

    /// Costs nothing: the failures were counted.
    [[nodiscard]] const char* take(budget_note&, const finding&, time_point) const noexcept {
        const std::lock_guard lock{mutex_};
        return tokens_ > rules_.most / 2 ? nullptr : "too many tries have failed of late";
    }
    static void give_back(budget_note&, time_point) noexcept {}

    /// Thousandths of a token that are left; a snapshot.
    [[nodiscard]] std::int64_t milli_tokens() const noexcept {
        const std::lock_guard lock{mutex_};
        return tokens_;
    }

private:
    static constexpr std::int64_t one_token = 1000;

    /// In thousandths of a token.
    struct settings {
        std::int64_t most;
        std::int64_t per_success;
    };

    static settings checked(const options& opts) {
        if (opts.max_tokens == 0 || opts.max_tokens > 1000)
            detail::invalid("retry_throttle: max_tokens", "from 1 to 1000", opts.max_tokens);
        if (!(opts.token_ratio >= 0.001 && opts.token_ratio <= 1000))
            detail::invalid("retry_throttle: token_ratio", "from 0.001 to 1000", opts.token_ratio);
        // A decimal such as 1.005 may lie a little below itself, and must not lose its last digit.
        return {static_cast<std::int64_t>(opts.max_tokens) * one_token,
                static_cast<std::int64_t>(std::floor(opts.token_ratio * 1000 + 1e-6))};
    }

    mutable std::mutex mutex_;
    settings rules_;
    std::int64_t tokens_;
};
static_assert(budget<retry_throttle>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_RETRY_THROTTLE_HPP
