// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_RETRY_BUDGET_HPP
#define BIDE_LIMIT_RETRY_BUDGET_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/budget.hpp>
#include <bide/limit/detail/recent.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>

namespace bide::inline v1 {

/// Retries for a fraction of the requests of late, and a few more: in any `window` at most
/// `ratio * requests + reserve_per_second * window`, not counting those that are free.
///
/// Keeps retries from multiplying the load of a server in trouble: with 20 % it gets 1.2 times the
/// load in a full outage, where four attempts are 4 times. One for each destination (host, account,
/// route), shared by all operations that go there. A restart in an outage begins with the reserve
/// and nothing else. `with(budget, policy)`.
///
/// Requests are counted when their first try begins, retries when they are decided. Thread-safe; a
/// request costs one atomic increment, only a failure takes the lock.
/// Source of scheme and defaults: Finagle's RetryBudget (20 %, 10 s, 10/s). Stricter than it in
/// that retries are remembered for a tenth of the window longer than requests, so that the bound
/// holds wherever a window is laid.
class retry_budget {
public:
    struct options {
        double ratio = 0.2;              ///< Retries per request; 0 to 1000.
        double reserve_per_second = 10;  ///< Retries that need no request; 0 to 1,000,000.
        timespan window = std::chrono::seconds{10};  ///< How long both count; 1 s to 60 s.
        /// A retry of a throttled try counts, too; else it is free. Free is right where the waits
        /// of throttled tries bound their number by themselves.
        bool counts_throttled = true;
    };

    /// What HTTP clients use unless they are told otherwise, such as `curl::pool`.
    ///
    /// Throttled tries are free: they say that the service is well and the client too fast, are
    /// answered at little cost, and come often where many messages meet a limit, so that a fifth
    /// of retries would give up what only had to wait. What the server asks, the backoff and pacers
    /// hold them back. Overloaded answers, timeouts and connections that fail all count, for a
    /// server in trouble is helped by fewer connections as well.
    [[nodiscard]] static constexpr options for_http() { return {.counts_throttled = false}; }

    retry_budget() : retry_budget{options{}} {}
    /// @throws std::invalid_argument naming the field.
    explicit retry_budget(options opts)
        : credit_{in_millionths("retry_budget: ratio", "from 0 to 1000", opts.ratio, 1000)},
          slot_{opts.window.get() / slots},
          counts_throttled_{opts.counts_throttled} {
        if (opts.window.get() < std::chrono::seconds{1} ||
            opts.window.get() > std::chrono::seconds{60})
            detail::invalid("retry_budget: window", "from 1s to 60s", opts.window.get());
        const auto per_second = in_millionths("retry_budget: reserve_per_second",
                                              "from 0 to 1000000", opts.reserve_per_second, 1e6);
        const std::chrono::duration<double> seconds = opts.window.get();
        reserve_ = static_cast<std::int64_t>(static_cast<double>(per_second) * seconds.count());
    }
    retry_budget(const retry_budget&) = delete;
    retry_budget& operator=(const retry_budget&) = delete;

    void began(budget_note&, std::uint64_t attempt, time_point now) noexcept {
        if (attempt == 1) requests_.add(slot_at(now));
    }

    [[nodiscard]] const char* take(budget_note& note, const finding& found,
                                   time_point now) noexcept {
        if (!counts_throttled_ && found.verdict == verdict::throttled) {
            note.taken = free_of_charge;
            return nullptr;
        }
        const auto slot = slot_at(now);
        const std::lock_guard lock{mutex_};
        if (left(slot) < one_retry) return "the retry budget is spent";
        retries_.add(slot);
        note.taken = slot;
        return nullptr;
    }

    void give_back(budget_note& note, time_point) noexcept {
        if (note.taken == free_of_charge) return;
        const std::lock_guard lock{mutex_};
        retries_.remove(static_cast<detail::recent::slot_number>(note.taken));
    }

    /// Retries that would be allowed at `now`; a snapshot.
    [[nodiscard]] std::uint64_t balance(time_point now) const noexcept {
        const auto millionths = left(slot_at(now));
        return millionths > 0 ? static_cast<std::uint64_t>(millionths / one_retry) : 0;
    }

private:
    static constexpr std::int32_t slots = 10;  // of a window, as Finagle has it
    static constexpr std::int64_t one_retry = 1'000'000;
    static constexpr auto free_of_charge = std::numeric_limits<std::uint64_t>::max();  // no slot

    static std::int64_t in_millionths(const char* setting, const char* allowed, double value,
                                      double most) {
        if (!(value >= 0 && value <= most)) detail::invalid(setting, allowed, value);
        return std::llround(value * 1e6);
    }

    [[nodiscard]] detail::recent::slot_number slot_at(time_point now) const noexcept {
        return static_cast<detail::recent::slot_number>(now.time_since_epoch() / slot_);
    }

    /// In millionths of a retry; of many requests no more are counted than fit.
    [[nodiscard]] std::int64_t left(detail::recent::slot_number slot) const noexcept {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        const auto requests = (std::min)(requests_.sum(slot, slots), most);
        const auto retries = retries_.sum(slot, slots + 1);
        return static_cast<std::int64_t>(requests) * credit_ + reserve_ -
               static_cast<std::int64_t>(retries) * one_retry;
    }

    std::int64_t credit_;  // of one request, in millionths of a retry
    std::int64_t reserve_ = 0;
    duration slot_;
    bool counts_throttled_;
    detail::recent requests_;
    std::mutex mutex_;  // between looking what is left and taking it
    detail::recent retries_;
};
static_assert(budget<retry_budget>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_RETRY_BUDGET_HPP
