// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_RETRY_QUOTA_HPP
#define BIDE_LIMIT_RETRY_QUOTA_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace bide::inline v1 {

/// A bucket of tokens that retries cost and successes bring back, as the AWS SDKs have in their
/// standard mode: `retry_quota quota{retry_quota::aws_2_1()}`.
///
/// Full at the beginning. An operation that succeeds returns what its last retry cost, one that
/// needed none `success_return`; one that fails returns nothing. In a full outage the capacity is
/// spent once, then nothing is retried until first tries succeed again. Thread-safe without a lock.
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
class retry_quota {
public:
    struct options {
        std::uint64_t capacity = 500;      ///< Tokens at most, and at the beginning.
        std::uint64_t cost = 5;            ///< Of a retry; >= 1.
        std::uint64_t timeout_cost = 10;   ///< After a failure without any status; >= 1.
        std::uint64_t throttled_cost = 5;  ///< After a throttled try: the service is well; >= 1.
        std::uint64_t success_return = 1;  ///< Without a retry.
    };

    /// Retry mode "standard" as it was from 2020 on: the defaults of `options`.
    [[nodiscard]] static constexpr options aws_2_0() noexcept { return {}; }
    /// The same from 2026 on: a burst of failures gets 35 retries where it got 100.
    [[nodiscard]] static constexpr options aws_2_1() noexcept {
        return {.cost = 14, .timeout_cost = 14};
    }

    /// @throws std::invalid_argument naming the field.
    explicit retry_quota(options opts) : options_{opts}, tokens_{opts.capacity} {
        if (opts.cost == 0) detail::invalid("retry_quota: cost", ">= 1", opts.cost);
        if (opts.timeout_cost == 0)
            detail::invalid("retry_quota: timeout_cost", ">= 1", opts.timeout_cost);
        if (opts.throttled_cost == 0)
            detail::invalid("retry_quota: throttled_cost", ">= 1", opts.throttled_cost);
    }
    retry_quota(const retry_quota&) = delete;
    retry_quota& operator=(const retry_quota&) = delete;

    void ended(budget_note& note, const finding& found, time_point) noexcept {
        if (found.verdict == verdict::success)
            release(note.taken != 0 ? note.taken : options_.success_return);
    }

    [[nodiscard]] const char* take(budget_note& note, const finding& found, time_point) noexcept {
        const auto price = cost_after(found);
        if (!acquire(price)) return "the retry quota is spent";
        note.taken = price;
        return nullptr;
    }

    void give_back(budget_note& note, time_point) noexcept { release(note.taken); }

    /// What a retry after `found` costs.
    [[nodiscard]] std::uint64_t cost_after(const finding& found) const noexcept {
        if (found.verdict == verdict::throttled) return options_.throttled_cost;
        return found.status == 0 ? options_.timeout_cost : options_.cost;
    }

    /// By hand: takes all of `tokens` or, where fewer are left, none.
    [[nodiscard]] bool acquire(std::uint64_t tokens) noexcept {
        auto seen = tokens_.load(std::memory_order_relaxed);
        do {
            if (seen < tokens) return false;
        } while (!tokens_.compare_exchange_weak(seen, seen - tokens, std::memory_order_relaxed));
        return true;
    }

    /// By hand: puts tokens back, up to the capacity.
    void release(std::uint64_t tokens) noexcept {
        auto seen = tokens_.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            next = seen + (std::min)(tokens, options_.capacity - seen);
            if (next == seen) return;
        } while (!tokens_.compare_exchange_weak(seen, next, std::memory_order_relaxed));
    }

    /// Tokens left; a snapshot.
    [[nodiscard]] std::uint64_t tokens() const noexcept {
        return tokens_.load(std::memory_order_relaxed);
    }

private:
    options options_;
    std::atomic<std::uint64_t> tokens_;
};
static_assert(budget<retry_quota>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_RETRY_QUOTA_HPP
