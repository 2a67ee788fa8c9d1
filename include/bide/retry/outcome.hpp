// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_OUTCOME_HPP
#define BIDE_RETRY_OUTCOME_HPP

#include <bide/maybe.hpp>
#include <bide/retry/detail/operation.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/explain.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/record.hpp>

#include <cstdint>
#include <exception>
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
    using kept = typename detail::operation<T>::kept;

public:
    using value_type = T;

    outcome(outcome&& other) noexcept(std::is_nothrow_move_constructible_v<kept>) {
        its_.take(std::move(other.its_));
    }
    outcome& operator=(outcome&& other) noexcept(std::is_nothrow_move_constructible_v<kept>) {
        if (this != &other) its_.replace_by(std::move(other.its_));
        return *this;
    }
    outcome(const outcome&) = delete;
    outcome& operator=(const outcome&) = delete;
    ~outcome() { its_.destroy(); }

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
        const auto here = its_.past == nullptr || its_.past->has_value;
        if constexpr (std::is_reference_v<T>)
            return here ? its_.value : nullptr;
        else
            return here ? std::addressof(its_.value) : nullptr;
    }

    /// The exception that the last try ended with; null if it ended with a result.
    [[nodiscard]] std::exception_ptr error() const noexcept {
        return its_.past != nullptr ? its_.past->error : nullptr;
    }

    [[nodiscard]] end ended() const noexcept {
        return its_.past != nullptr ? its_.past->facts.ended : end::done;
    }
    /// What stopped it, also where that is hidden behind `end::unknown`.
    [[nodiscard]] end stopped_by() const noexcept {
        return its_.past != nullptr ? its_.past->facts.stopped_by : end::done;
    }
    /// What is known of the other side, over all tries.
    [[nodiscard]] bide::certainty certainty() const noexcept {
        return its_.past != nullptr ? its_.past->facts.certainty : bide::certainty::answered;
    }
    /// Tries made, the first included.
    [[nodiscard]] std::uint64_t attempts() const noexcept {
        return its_.past != nullptr ? its_.past->facts.attempts : 1;
    }
    /// Empty after a success at the first try, where nobody read a clock.
    [[nodiscard]] maybe<duration> elapsed() const noexcept {
        return its_.past != nullptr ? its_.past->facts.elapsed : maybe<duration>{};
    }
    /// The newest tries, oldest first; empty after a success at the first try.
    [[nodiscard]] bide::history history() const noexcept {
        return its_.past != nullptr ? its_.past->facts.tries : bide::history{};
    }
    /// When to come back, by the server's or a gate's word.
    [[nodiscard]] maybe<wall_time> retry_at() const noexcept {
        return its_.past != nullptr ? its_.past->facts.retry_at : maybe<wall_time>{};
    }
    /// The same, counted from the end of the operation.
    [[nodiscard]] maybe<duration> retry_in() const noexcept {
        return its_.past != nullptr ? its_.past->facts.retry_in : maybe<duration>{};
    }
    /// One line: what was tried, why it stopped, why it was not retried.
    [[nodiscard]] std::string explain() const { return bide::explain(facts()); }
    /// For an outer `retry` whose callable returns this outcome: as a failure it is final there
    /// too, so that the tries do not multiply.
    [[nodiscard]] finding what_happened() const noexcept {
        if (ended() == end::done) return succeeded;
        return {.verdict = verdict::permanent, .certainty = certainty(), .hint = retry_in()};
    }
    /// All of the above as one value.
    [[nodiscard]] record facts() const {
        if (its_.past != nullptr) return its_.past->facts;
        return {.certainty = bide::certainty::answered, .attempts = 1};
    }

private:
    friend struct detail::maker;

    template <class First, class Call>
    [[gnu::always_inline]] outcome(First& first, Call& call) : its_{first, call} {}

    template <class Value>
    outcome(Value* value, detail::trail* past) {
        its_.past = past;
        if (value != nullptr) its_.construct([&]() -> Value&& { return std::move(*value); });
    }

    template <class Self>
    static decltype(auto) get(Self&& self) {
        if (!self) [[unlikely]]
            detail::no_value(*self.its_.past);
        if constexpr (std::is_void_v<T>)
            return;
        else if constexpr (std::is_reference_v<T>)
            return static_cast<T>(*self.its_.value);
        else if constexpr (std::is_lvalue_reference_v<Self>)
            return (self.its_.value);
        else
            return T(std::move(self.its_.value));
    }

    detail::operation<T> its_;
};

namespace detail {

struct maker {
    template <class T, class First, class Call>
    [[gnu::always_inline]] static outcome<T> make(First& first, Call& call) {
        return outcome<T>(first, call);
    }

    /// For drivers that do not block: the last result, if there is one, and all else, of which the
    /// outcome takes hold; null after a success at the first try.
    template <class T>
    static outcome<T> put(T* value, trail* past) {
        return outcome<T>(value, past);
    }
};

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_OUTCOME_HPP
