// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_OUTCOME_HPP
#define BIDE_RETRY_OUTCOME_HPP

#include <bide/maybe.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/explain.hpp>
#include <bide/retry/record.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

namespace detail {
struct maker;
}  // namespace detail

/// What came of an operation: the value, or all that is known of its failure.
///
/// It is `T` plus one pointer, null after a success at the first try. Move-only; of a moved-from
/// outcome only the destructor and assignment may be called.
template <class T>
class [[nodiscard]] outcome {
    using kept = typename detail::keep<T>::type;

public:
    using value_type = T;

    outcome(outcome&& other) noexcept(std::is_nothrow_move_constructible_v<kept>) {
        take(std::move(other));
    }
    outcome& operator=(outcome&& other) noexcept(std::is_nothrow_move_constructible_v<kept>) {
        if (this != &other) {
            destroy();
            trail_ = moved_out();  // in case the move of the value throws
            take(std::move(other));
        }
        return *this;
    }
    outcome(const outcome&) = delete;
    outcome& operator=(const outcome&) = delete;
    ~outcome() { destroy(); }

    /// Success?
    [[nodiscard]] explicit operator bool() const noexcept { return ended() == end::done; }

    /// The value. Without one it rethrows the last exception, or throws `gave_up` with the facts if
    /// there is no exception or if the operation may have happened (`end::unknown`).
    // NOLINTBEGIN(modernize-use-nodiscard): `outcome.value();` is how to throw what went wrong
    decltype(auto) value() & { return get(*this); }
    decltype(auto) value() const& { return get(*this); }
    decltype(auto) value() && { return get(std::move(*this)); }
    // NOLINTEND(modernize-use-nodiscard)

    /// The last result, also one that was rejected, such as the 503; null if the last try threw or
    /// there was none.
    [[nodiscard]] auto last() const noexcept
        requires(!std::is_void_v<T>)
    {
        const auto here = trail_ == nullptr || trail_->has_value;
        if constexpr (std::is_reference_v<T>)
            return here ? value_ : nullptr;
        else
            return here ? std::addressof(value_) : nullptr;
    }

    /// The exception that the last try ended with; null if it ended with a result.
    [[nodiscard]] std::exception_ptr error() const noexcept {
        return trail_ != nullptr ? trail_->error : nullptr;
    }

    [[nodiscard]] end ended() const noexcept {
        return trail_ != nullptr ? trail_->facts.ended : end::done;
    }
    /// What stopped it, also where that is hidden behind `end::unknown`.
    [[nodiscard]] end stopped_by() const noexcept {
        return trail_ != nullptr ? trail_->facts.stopped_by : end::done;
    }
    /// What is known of the other side, over all tries.
    [[nodiscard]] bide::certainty certainty() const noexcept {
        return trail_ != nullptr ? trail_->facts.certainty : bide::certainty::answered;
    }
    /// Tries made, the first included.
    [[nodiscard]] std::uint64_t attempts() const noexcept {
        return trail_ != nullptr ? trail_->facts.attempts : 1;
    }
    /// Empty after a success at the first try, where nobody read a clock.
    [[nodiscard]] maybe<duration> elapsed() const noexcept {
        return trail_ != nullptr ? trail_->facts.elapsed : maybe<duration>{};
    }
    /// The newest tries, oldest first; empty after a success at the first try.
    [[nodiscard]] bide::history history() const noexcept {
        return trail_ != nullptr ? trail_->facts.tries : bide::history{};
    }
    /// When to come back, by the server's or a gate's word.
    [[nodiscard]] maybe<wall_time> retry_at() const noexcept {
        return trail_ != nullptr ? trail_->facts.retry_at : maybe<wall_time>{};
    }
    /// The same, counted from the end of the operation.
    [[nodiscard]] maybe<duration> retry_in() const noexcept {
        return trail_ != nullptr ? trail_->facts.retry_in : maybe<duration>{};
    }
    /// One line: what was tried, why it stopped, why it was not retried.
    [[nodiscard]] std::string explain() const { return bide::explain(facts()); }
    /// All of the above as one value.
    [[nodiscard]] record facts() const {
        if (trail_ != nullptr) return trail_->facts;
        return {.certainty = bide::certainty::answered, .attempts = 1};
    }

private:
    friend struct detail::maker;

    /// Runs the operation. The way to a success at the first try is inline and touches nothing but
    /// the value; all else is cold, exists once per driver and is handed copies, so that nothing
    /// has to be put into memory for it beforehand.
    template <class First, class Call>
    [[gnu::always_inline]] outcome(First& first, Call& call) {
        detail::trail* failed = first.begin();
        if (failed != nullptr) [[unlikely]] {
            trail_ = failed;
            return;
        }
        try {
            construct([&]() -> decltype(auto) { return call(first); });
        } catch (...) {
            failed = detail::caught();
        }
        if (failed == nullptr) [[likely]] {
            trail_ = nullptr;
            // Nobody else would destroy the value if a user's predicate throws, or if the thread of
            // an observer is cancelled.
            destroyer armed{this};
            if constexpr (!judging<First>) {
                first.succeeded(succeeded);
                armed.self = nullptr;
                return;
            } else {
                const auto found = first.of_result(result());
                if (found.verdict == verdict::success) [[likely]] {
                    first.succeeded(found);
                    armed.self = nullptr;
                    return;
                }
                armed.self = nullptr;
                site<typename First::driver_type, Call> here{this, call};
                settle(first.hand_over(), &found, &here.once_more, &here);
            }
        } else {
            trail_ = failed;
            site<typename First::driver_type, Call> here{this, call};
            settle(first.hand_over(), nullptr, &here.once_more, &here);
        }
    }

    /// What the cold path knows of a call site: where the value goes and how to make it once more.
    template <class Driver, class Call>
    struct site {
        outcome* self;
        Call call;

        /// What it throws before `has_value` is set is the callable's.
        [[gnu::cold, gnu::noinline]] static finding once_more(void* where, const Driver& driver) {
            auto& here = *static_cast<site*>(where);
            auto& has_value = here.self->trail_->has_value;
            if (std::exchange(has_value, false)) here.self->value_.~kept();
            here.self->construct([&]() -> decltype(auto) { return here.call(driver); });
            has_value = true;
            if constexpr (judging<Driver>)
                return driver.of_result(here.self->result());
            else
                return succeeded;
        }
    };

    template <class HandOver, class OnceMore>
    [[gnu::cold, gnu::noinline]] void settle(HandOver from, const finding* found,
                                             OnceMore* once_more, void* where) {
        try {
            auto&& driver = from.driver();
            driver.go_on(trail_, found, once_more, where);
        } catch (...) {
            destroy();
            throw;
        }
    }

    /// In place, so that a result need not be movable.
    template <class Make>
    [[gnu::always_inline]] void construct(Make make) {
        if constexpr (std::is_void_v<T>) {
            make();
            ::new (static_cast<void*>(std::addressof(value_))) kept();
        } else if constexpr (std::is_reference_v<T>) {
            ::new (static_cast<void*>(std::addressof(value_))) kept(std::addressof(make()));
        } else {
            ::new (static_cast<void*>(std::addressof(value_))) kept(make());
        }
    }

    /// The result as a classifier sees it.
    [[nodiscard]] const auto& result() const noexcept {
        if constexpr (std::is_reference_v<T>)
            return *value_;
        else
            return value_;
    }

    template <class Driver>
    static consteval bool is_judging() {
        using judged = std::remove_cvref_t<decltype(std::declval<const outcome&>().result())>;
        constexpr bool judges = Driver::template judges<judged>;
        static_assert(!judges || !std::is_void_v<T>,
                      "bide: this policy has a rule on results, but the callable returns void");
        return judges && !std::is_void_v<T>;
    }
    template <class Driver>
    static constexpr bool judging = is_judging<Driver>();

    struct destroyer {
        outcome* self;
        ~destroyer() {
            if (self != nullptr) self->value_.~kept();
        }
    };

    template <class Self>
    static decltype(auto) get(Self&& self) {
        if (!self) [[unlikely]]
            detail::no_value(*self.trail_);
        if constexpr (std::is_void_v<T>)
            return;
        else if constexpr (std::is_reference_v<T>)
            return static_cast<T>(*self.value_);
        else if constexpr (std::is_lvalue_reference_v<Self>)
            return (self.value_);
        else
            return T(std::move(self.value_));
    }

    void take(outcome&& other) {
        if (other.trail_ == nullptr || (other.trail_ != moved_out() && other.trail_->has_value))
            ::new (static_cast<void*>(std::addressof(value_))) kept(std::move(other.value_));
        if (other.trail_ == nullptr) {
            trail_ = nullptr;  // the other keeps its moved-from value
        } else {
            if (other.trail_ != moved_out() && other.trail_->has_value) other.value_.~kept();
            trail_ = std::exchange(other.trail_, moved_out());
        }
    }

    void destroy() noexcept {
        if (trail_ == nullptr) {
            value_.~kept();
        } else if (trail_ != moved_out()) [[unlikely]] {
            destroy_all();
        }
    }

    [[gnu::cold, gnu::noinline]] void destroy_all() noexcept {
        if (trail_->has_value) value_.~kept();
        delete trail_;
    }

    static detail::trail* moved_out() noexcept {
        // Compared, never read.
        return reinterpret_cast<detail::trail*>(const_cast<char*>(&detail::moved_out_mark));
    }

    union {
        kept value_;
    };
    detail::trail* trail_;  // null: the first try succeeded
};

namespace detail {

struct maker {
    template <class T, class First, class Call>
    [[gnu::always_inline]] static outcome<T> make(First& first, Call& call) {
        return outcome<T>(first, call);
    }
};

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_OUTCOME_HPP
