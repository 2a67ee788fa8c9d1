// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_CONCURRENT_RETRIES_HPP
#define BIDE_LIMIT_CONCURRENT_RETRIES_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstdint>
#include <mutex>

namespace bide::inline v1 {

/// At most `ratio` of what is under way may be retries, and `least` in any case.
///
/// Under way are tries that have begun and retries that were decided, the wait before them
/// included. Knows no time: for many operations at once, whatever their rate. Thread-safe.
/// Source of scheme and defaults: Envoy's retry budget (20 %, 3).
class concurrent_retries {
public:
    struct options {
        double ratio = 0.2;       ///< 0 to 1.
        std::uint64_t least = 3;  ///< Retries that are allowed whatever the ratio; at most 2^53.
    };

    concurrent_retries() : concurrent_retries{options{}} {}
    /// @throws std::invalid_argument naming the field.
    explicit concurrent_retries(options opts) : options_{opts} {
        if (!(opts.ratio >= 0 && opts.ratio <= 1))
            detail::invalid("concurrent_retries: ratio", "from 0 to 1", opts.ratio);
        if (opts.least > std::uint64_t{1} << 53U)
            detail::invalid("concurrent_retries: least", "at most 2^53", opts.least);
    }
    concurrent_retries(const concurrent_retries&) = delete;
    concurrent_retries& operator=(const concurrent_retries&) = delete;

    void began(budget_note&, std::uint64_t attempt, time_point) noexcept {
        if (attempt > 1) return;  // counted since it was decided
        const std::lock_guard lock{mutex_};
        ++first_tries_;
    }

    void ended(budget_note& note, const finding&, time_point) noexcept {
        const std::lock_guard lock{mutex_};
        --(note.taken != 0 ? retries_ : first_tries_);
    }

    [[nodiscard]] const char* take(budget_note& note, const finding&, time_point) noexcept {
        const std::lock_guard lock{mutex_};
        const auto share = options_.ratio * static_cast<double>(first_tries_ + retries_);
        if (static_cast<double>(retries_) >= (std::max)(share, static_cast<double>(options_.least)))
            return "too many retries are under way";
        ++retries_;
        note.taken = 1;
        return nullptr;
    }

    void give_back(budget_note&, time_point) noexcept {
        const std::lock_guard lock{mutex_};
        --retries_;
    }

    /// Retries under way; a snapshot.
    [[nodiscard]] std::uint64_t retries() const noexcept {
        const std::lock_guard lock{mutex_};
        return retries_;
    }

private:
    options options_;
    mutable std::mutex mutex_;
    std::uint64_t first_tries_ = 0;
    std::uint64_t retries_ = 0;
};
static_assert(budget<concurrent_retries>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_CONCURRENT_RETRIES_HPP
