// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_RETRY_BUDGET_HPP
#define BIDE_LIMIT_RETRY_BUDGET_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/budget.hpp>
#include <bide/limit/detail/recent.hpp>
#include <bide/limit/detail/spent.hpp>
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
/// load in a full outage, where four attempts are 4 times. A short trouble may use up at once what
/// a window of good times has saved; who is refused then gets retries evenly, a tenth of what a
/// window may have in each tenth of a window, until none was refused for a window. One for each
/// destination (host, account, route), shared by all operations that go there. A restart in an
/// outage begins with the reserve and nothing else. `with(budget, policy)`.
///
/// Requests are counted when their first try begins, retries when they are decided. Thread-safe; a
/// request costs one atomic increment, only a failure takes the lock.
/// Source of scheme and defaults: Finagle's RetryBudget (20 %, 10 s, 10/s). Stricter than it: the
/// bound holds wherever a window is laid, and an outage does not meet all savings anew each time
/// that the last ones are forgotten.
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
          window_{opts.window.get()},
          counts_throttled_{opts.counts_throttled} {
        if (opts.window.get() < std::chrono::seconds{1} ||
            opts.window.get() > std::chrono::seconds{60})
            detail::invalid("retry_budget: window", "from 1s to 60s", opts.window.get());
        const auto per_second = in_millionths("retry_budget: reserve_per_second",
                                              "from 0 to 1000000", opts.reserve_per_second, 1e6);
        const std::chrono::duration<double> seconds = opts.window.get();
        reserve_ = static_cast<std::uint64_t>(static_cast<double>(per_second) * seconds.count());
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
        if (left(slot, now) == 0) {
            if (!evenly(slot)) even_from_ = slot + 1;
            even_until_ = slot + slots;
            return "the retry budget is spent";
        }
        retries_.add(slot, now);
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
        const std::lock_guard lock{mutex_};
        return left(slot_at(now), now);
    }

private:
    static constexpr std::uint32_t slots = 10;  // of a window, as Finagle has it
    static constexpr std::uint64_t one_retry = 1'000'000;
    static constexpr auto free_of_charge = std::numeric_limits<std::uint64_t>::max();  // no slot

    static std::uint64_t in_millionths(const char* setting, const char* allowed, double value,
                                       double most) {
        if (!(value >= 0 && value <= most)) detail::invalid(setting, allowed, value);
        return static_cast<std::uint64_t>(std::llround(value * 1e6));
    }

    [[nodiscard]] detail::recent::slot_number slot_at(time_point now) const noexcept {
        return static_cast<detail::recent::slot_number>(now.time_since_epoch() / (window_ / slots));
    }

    /// Of many requests no more are counted than fit.
    [[nodiscard]] std::uint64_t left(detail::recent::slot_number slot,
                                     time_point now) const noexcept {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        const auto allowed = (std::min)(requests_.sum(slot, slots), most) * credit_ + reserve_;
        const auto rest = less(allowed / one_retry, retries_.in_window(now, window_));
        if (!evenly(slot)) return rest;
        const auto share = (std::max)(allowed / one_retry / slots, std::uint64_t{1});
        return (std::min)(rest, less(share, retries_.in_slot(slot)));
    }

    /// Somebody was refused in a slot before this one, less than a window ago.
    [[nodiscard]] bool evenly(detail::recent::slot_number slot) const noexcept {
        return slot - even_from_ < even_until_ - even_from_;
    }

    static std::uint64_t less(std::uint64_t a, std::uint64_t b) noexcept {
        return a > b ? a - b : 0;
    }

    std::uint64_t credit_;  // of one request, in millionths of a retry
    std::uint64_t reserve_ = 0;
    duration window_;
    bool counts_throttled_;
    detail::recent requests_;
    mutable std::mutex mutex_;  // of what follows, and between looking what is left and taking it
    detail::spent retries_;
    detail::recent::slot_number even_from_ = 0;  // until the next:
    detail::recent::slot_number even_until_ = 0;
};
static_assert(budget<retry_budget>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_RETRY_BUDGET_HPP
