// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_OPERATION_HPP
#define BIDE_RETRY_DETAIL_OPERATION_HPP

#include <bide/retry/detail/storage.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/finding.hpp>

#include <type_traits>
#include <utility>

namespace bide::inline v1::detail {

/// Runs an operation where its outcome will be; `First` is who takes part, `Call` makes a try.
template <class T>
struct operation : storage<T> {
    using base = storage<T>;
    using base::construct;
    using base::past;
    using base::result;
    using base::value;
    using typename base::kept;

    operation() = default;

    /// The way to a success at the first try is inline and touches nothing but the value; all else
    /// is cold, exists once per driver and is handed copies, so that nothing has to be put into
    /// memory for it beforehand.
    template <class First, class Call>
    [[gnu::always_inline]] operation(First& first, Call& call) {
        trail* failed = first.begin();
        if (failed != nullptr) [[unlikely]] {
            past = failed;
            return;
        }
        try {
            construct([&]() -> decltype(auto) { return call(first); });
        } catch (...) {
            failed = caught();
        }
        if (failed == nullptr) [[likely]] {
            past = nullptr;
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
            past = failed;
            site<typename First::driver_type, Call> here{this, call};
            settle(first.hand_over(), nullptr, &here.once_more, &here);
        }
    }

private:
    /// What the cold path knows of a call site: where the value goes and how to make it once more.
    template <class Driver, class Call>
    struct site {
        operation* self;
        Call call;

        /// What it throws before `has_value` is set is the callable's.
        [[gnu::cold, gnu::noinline]] static finding once_more(void* where, const Driver& driver) {
            auto& here = *static_cast<site*>(where);
            auto& has_value = here.self->past->has_value;
            if (std::exchange(has_value, false)) here.self->value.~kept();
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
            driver.go_on(past, found, once_more, where);
        } catch (...) {
            this->destroy();
            throw;
        }
    }

    template <class Driver>
    static consteval bool is_judging() {
        using judged = std::remove_cvref_t<decltype(std::declval<const operation&>().result())>;
        constexpr bool judges = Driver::template judges<judged>;
        static_assert(!judges || !std::is_void_v<T>,
                      "bide: this policy has a rule on results, but the callable returns void");
        return judges && !std::is_void_v<T>;
    }
    template <class Driver>
    static constexpr bool judging = is_judging<Driver>();

    struct destroyer {
        operation* self;
        ~destroyer() {
            if (self != nullptr) self->value.~kept();
        }
    };
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_OPERATION_HPP
