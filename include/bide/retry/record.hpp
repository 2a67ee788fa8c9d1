// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_RECORD_HPP
#define BIDE_RETRY_RECORD_HPP

#include <bide/maybe.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/mark.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace bide::inline v1 {

/// One try, as it is remembered.
struct past_try {
    std::uint64_t number = 0;  ///< From 1.
    finding found{};
    duration ended{};  ///< Since the beginning of the operation.
    duration wait{};   ///< Until the next try; zero after the last.
};

/// The newest tries, oldest first.
class history {
public:
    static constexpr std::uint32_t capacity = 8;

    [[nodiscard]] const past_try* begin() const noexcept { return tries_; }
    [[nodiscard]] const past_try* end() const noexcept { return tries_ + size_; }
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] const past_try& operator[](std::uint32_t i) const noexcept { return tries_[i]; }

    /// Forgets the oldest when full, so that memory is bounded whatever `max_attempts` says.
    void add(const past_try& t) noexcept {
        if (size_ == capacity)
            for (std::uint32_t i = 1; i < capacity; ++i) tries_[i - 1] = tries_[i];
        else
            ++size_;
        tries_[size_ - 1] = t;
    }

    /// The wait after the newest try was cut short.
    void waited_only(duration wait) noexcept {
        if (size_ > 0 && wait < tries_[size_ - 1].wait) tries_[size_ - 1].wait = wait;
    }

private:
    past_try tries_[capacity]{};  // NOLINT(*-avoid-c-arrays): <array> is not paid for
    std::uint32_t size_ = 0;
};

/// What is known of an operation that did not succeed at the first try.
struct record {
    end ended = end::done;
    end stopped_by = end::done;  ///< As `ended`, but readable where that is `unknown`.
    bide::certainty certainty = bide::certainty::not_sent;
    std::uint64_t attempts = 0;
    maybe<duration> elapsed{};    ///< From the beginning, or from the first failure if no limit
                                  ///< and no observer needed a clock before it.
    maybe<duration> retry_in{};   ///< When to come back, from the end of the operation.
    maybe<wall_time> retry_at{};  ///< The same on the wall clock.
    /// The reason of the gate (`stopped_by` is `refused`) or retry budget (`exhausted`) that did.
    const char* refused_by = nullptr;
    history tries{};
};

/// Thrown by `outcome::value()` where there is neither a value nor an exception to rethrow, or
/// where rethrowing would hide that the operation may have happened (`end::unknown`).
///
/// As a mark it tells an outer `retry` not to multiply the tries.
class gave_up : public std::runtime_error, public mark {
public:
    gave_up(const std::string& text, const record& facts, std::exception_ptr cause)
        : std::runtime_error{text},
          mark{{.verdict = verdict::permanent,
                .certainty = facts.certainty,
                .hint = facts.retry_in}},
          facts_{facts},
          cause_{std::move(cause)} {}

    [[nodiscard]] const record& facts() const noexcept { return facts_; }
    /// The exception that the last try ended with; null if it ended with a result or never began.
    [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

private:
    record facts_;
    std::exception_ptr cause_;
};

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_RECORD_HPP
