// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_BUDGET_HPP
#define BIDE_LIMIT_BUDGET_HPP

#include <bide/gate/admission.hpp>
#include <bide/limit/limit.hpp>
#include <bide/quota.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/plan.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// What a budget notes of one operation; zero before it took anything.
struct budget_note {
    std::uint64_t taken = 0;  ///< By the last `take`, in words of the budget's own.
};

/// A limit with memory: may one more retry be made, after all that other operations retried? A
/// shared object, so it stands in the plan, `with(budget, policy)`, anywhere among the gates.
///
/// `take` is asked once for each retry that was decided, before its wait; it answers null for yes,
/// else why not, as static text, and the operation ends as `end::exhausted` with that reason. If
/// the retry is not made after all, `give_back` follows. A first try is never refused.
///
/// Optional members, both noexcept: `began(note, attempt, now)`, a try begins and will be followed
/// by `ended(note, finding, now)`, which comes before `take`. A try of which nobody heard the end
/// ends with a finding that was made by default.
template <class B>
concept budget = requires(B& b, budget_note& note, const finding& found, time_point now) {
    { b.take(note, found, now) } noexcept -> std::same_as<const char*>;
    { b.give_back(note, now) } noexcept;
};

namespace detail {

/// A budget before the other gates and budgets of a plan.
template <class B, class Rest>
struct budget_chain {
    held<B> first;
    [[no_unique_address]] Rest rest;
};

template <class B, class Rest>
inline constexpr gate_order first_order<budget_chain<B, Rest>> = first_order<Rest>;

/// Whether there is a budget among these gates.
template <class Gates>
inline constexpr bool has_budget = false;
template <class G, class Rest>
inline constexpr bool has_budget<gate_chain<G, Rest>> = has_budget<Rest>;
template <class B, class Rest>
inline constexpr bool has_budget<budget_chain<B, Rest>> = true;

/// One operation's account at a budget. A retry that was taken is begun or given back.
template <class B, class Rest>
class permits<budget_chain<B, Rest>> {
    using budget_type = std::remove_reference_t<B>;

public:
    static constexpr bool hears_quotas = permits<Rest>::hears_quotas;
    struct memory {
        budget_note note{};
        [[no_unique_address]] typename permits<Rest>::memory rest{};
    };

    template <class Alarm>
    permits(const budget_chain<B, Rest>& all, Alarm& alarm) noexcept
        : budget_{&all.first.get()}, rest_{all.rest, alarm} {}
    permits(const permits&) = delete;
    permits& operator=(const permits&) = delete;
    ~permits() { leave(); }

    /// What stands before this in the plan said go, so if the rest does the try begins.
    [[nodiscard]] gate_answer ask(const gate_request& request, time_point now) {
        now_ = now;
        const auto answer = rest_.ask(request, now);
        if (!answer.says_go()) return answer;
        if constexpr (requires { budget_->began(note_, request.attempt, now); })
            budget_->began(note_, request.attempt, now);
        stage_ = stage::trying;
        return answer;
    }

    void finish(const finding& found, const quotas* told, time_point now) noexcept {
        now_ = now;
        rest_.finish(found, told, now);
        if (stage_ == stage::trying) end_try(found);
    }

    [[nodiscard]] const char* afford(const finding& found, time_point now) noexcept {
        if (const char* refusal = budget_->take(note_, found, now)) return refusal;
        stage_ = stage::decided;
        return rest_.afford(found, now);  // if that refuses, `leave` follows
    }

    /// A gate before it lets wait: what was decided stands.
    void step_back() noexcept { rest_.step_back(); }
    void leave() noexcept {
        rest_.leave();
        if (stage_ == stage::decided) return_retry();
        if (stage_ == stage::trying) end_try(finding{});
    }
    void swap(memory& its, std::uint8_t& decided, unsigned number = 0) noexcept {
        const auto bit = 1U << number;
        const auto was_decided = stage_ == stage::decided;
        stage_ = (decided & bit) != 0 ? stage::decided : stage::none;
        decided = static_cast<std::uint8_t>((decided & ~bit) | (was_decided ? bit : 0));
        std::swap(note_, its.note);
        rest_.swap(its.rest, decided, number + 1);
    }

private:
    /// Of a try: none before the first, or after one if no retry was decided.
    enum class stage : std::uint8_t { none, trying, decided };

    void end_try(const finding& found) noexcept {
        stage_ = stage::none;
        if constexpr (requires { budget_->ended(note_, found, now_); })
            budget_->ended(note_, found, now_);
    }
    void return_retry() noexcept {
        stage_ = stage::none;
        budget_->give_back(note_, now_);
    }

    budget_type* budget_;
    budget_note note_{};
    time_point now_{};  // the last that it was told, for a destructor that knows no clock
    stage stage_ = stage::none;
    [[no_unique_address]] permits<Rest> rest_;
};

}  // namespace detail

/// Adds a budget that the caller keeps, which must outlive the plan, or a handle to one.
template <class B, class P, class R, class O, class S, class G>
    requires budget<std::remove_reference_t<B>> &&
             (std::is_lvalue_reference_v<B> || requires { requires B::is_handle; })
constexpr auto attach(B&& first, const plan<P, R, O, S, G>& p) {
    using chain = detail::budget_chain<B, G>;
    return plan<P, R, O, S, chain>{p.rules(), p.held_world(), p.held_watcher(), p.stop(),
                                   chain{detail::held<B>{std::forward<B>(first)}, p.gates()}};
}

/// A budget is shared by operations, so it is no part of a policy.
template <limit L, budget B>
constexpr L operator|(L own, const B&) {
    static_assert(!limit<L>,
                  "bide: a budget is shared, so it stands in the plan, not in the policy: "
                  "with(budget, policy)");
    return own;
}

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_BUDGET_HPP
