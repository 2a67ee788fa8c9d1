// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_PLAN_HPP
#define BIDE_RETRY_PLAN_HPP

#include <bide/observe/observer.hpp>
#include <bide/retry/policy.hpp>
#include <bide/retry/runtime.hpp>

#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// No stop requests: waits cannot be cut short.
struct no_stop {
    [[nodiscard]] static constexpr bool stop_requested() noexcept { return false; }
    template <class Alarm>
    [[nodiscard]] static constexpr char ring_on_request(Alarm&) noexcept {
        return 0;
    }
};

/// No gates: every try may start.
struct no_gates {};

namespace detail {

/// A participant of a plan: what the caller keeps is referred to, what was handed over is kept.
template <class T>
class held {
public:
    constexpr explicit held(T value) : value_{std::move(value)} {}
    [[nodiscard]] constexpr T& get() const noexcept { return value_; }

private:
    [[no_unique_address]] mutable T value_;
};

template <class T>
class held<T&> {
public:
    constexpr explicit held(T& value) noexcept : value_{&value} {}
    [[nodiscard]] constexpr T& get() const noexcept { return *value_; }

private:
    T* value_;
};

/// Two observers in a row.
template <class A, class B>
class both_observers {
public:
    both_observers(held<A> a, held<B> b) : a_{std::move(a)}, b_{std::move(b)} {}
    void operator()(const event& e) const {
        notify(a_.get(), e);
        notify(b_.get(), e);
    }

private:
    held<A> a_;
    held<B> b_;
};

}  // namespace detail

/// A policy and who else takes part in one operation; made by `with(…)`. A small value that refers
/// to the gates, clocks and observers that were given as lvalues, so these must outlive it.
template <class Policy, class Runtime = system_runtime, class Observer = no_observer,
          class Stop = no_stop, class Gates = no_gates>
class plan {
public:
    using policy_type = Policy;
    using runtime_type = std::remove_reference_t<Runtime>;
    using observer_type = std::remove_reference_t<Observer>;
    using stop_type = Stop;
    using gates_type = Gates;
    static constexpr bool observed = !std::is_same_v<Observer, no_observer>;
    static constexpr bool stoppable = !std::is_same_v<Stop, no_stop>;
    static constexpr bool gated = !std::is_same_v<Gates, no_gates>;

    constexpr plan(Policy policy, detail::held<Runtime> runtime, detail::held<Observer> observer,
                   Stop stop, Gates gates)
        : policy_{std::move(policy)},
          runtime_{std::move(runtime)},
          observer_{std::move(observer)},
          stop_{std::move(stop)},
          gates_{std::move(gates)} {}

    [[nodiscard]] constexpr const Policy& rules() const noexcept { return policy_; }
    [[nodiscard]] constexpr runtime_type& world() const noexcept { return runtime_.get(); }
    [[nodiscard]] constexpr observer_type& watcher() const noexcept { return observer_.get(); }
    [[nodiscard]] constexpr const Stop& stop() const noexcept { return stop_; }
    [[nodiscard]] constexpr const Gates& gates() const noexcept { return gates_; }
    [[nodiscard]] constexpr const detail::held<Runtime>& held_world() const noexcept {
        return runtime_;
    }
    [[nodiscard]] constexpr const detail::held<Observer>& held_watcher() const noexcept {
        return observer_;
    }

private:
    Policy policy_;
    [[no_unique_address]] detail::held<Runtime> runtime_;
    [[no_unique_address]] detail::held<Observer> observer_;
    [[no_unique_address]] Stop stop_;
    [[no_unique_address]] Gates gates_;
};

namespace detail {

template <class T>
inline constexpr bool is_policy = false;
template <class B, class L, class C>
inline constexpr bool is_policy<retry_policy<B, L, C>> = true;

template <class T>
inline constexpr bool is_plan = false;
template <class P, class R, class O, class S, class G>
inline constexpr bool is_plan<plan<P, R, O, S, G>> = true;

template <class B, class L, class C>
constexpr auto as_plan(const retry_policy<B, L, C>& policy) {
    using world = held<system_runtime>;
    return plan<retry_policy<B, L, C>>{
        policy, world{system_runtime{}}, held<no_observer>{no_observer{}}, {}, {}};
}

template <class P, class R, class O, class S, class G>
constexpr plan<P, R, O, S, G> as_plan(plan<P, R, O, S, G> p) {
    return p;
}

}  // namespace detail

/// Replaces clocks, sleep and random source.
template <class W, class P, class R, class O, class S, class G>
    requires runtime<std::remove_reference_t<W>>
constexpr auto attach(W&& world, const plan<P, R, O, S, G>& p) {
    using held_world = detail::held<W>;
    return plan<P, W, O, S, G>{p.rules(), held_world{std::forward<W>(world)}, p.held_watcher(),
                               p.stop(), p.gates()};
}

/// Adds an observer; several are told in the order in which they are named.
template <class W, class P, class R, class O, class S, class G>
    requires observer<std::remove_reference_t<W>>
constexpr auto attach(W&& watcher, const plan<P, R, O, S, G>& p) {
    using held_watcher = detail::held<W>;
    if constexpr (plan<P, R, O, S, G>::observed) {
        using both = detail::both_observers<W, O>;
        return plan<P, R, both, S, G>{
            p.rules(), p.held_world(),
            detail::held<both>{both{held_watcher{std::forward<W>(watcher)}, p.held_watcher()}},
            p.stop(), p.gates()};
    } else {
        return plan<P, R, W, S, G>{p.rules(), p.held_world(),
                                   held_watcher{std::forward<W>(watcher)}, p.stop(), p.gates()};
    }
}

/// A plan: `with(gates…, policy)`. Besides gates it takes an observer, a clock (`virtual_clock`)
/// and a `std::stop_token` (include `bide/stop_token.hpp`).
///
/// Gates are asked in the order in which they stand, and whatever those before took goes back while
/// one lets it wait. So first what refuses, then what opens by an event, last what hands out times,
/// whose slot is then used at once: `with(breaker, cooldown, concurrency_limit, pacer, policy)`.
/// Another order does not compile, see `gate_order`. Where budgets stand makes no difference.
template <class Policy>
[[nodiscard]] constexpr auto with(Policy&& policy) {
    using type = std::remove_cvref_t<Policy>;
    static_assert(detail::is_policy<type> || detail::is_plan<type>,
                  "bide::with: the last argument must be a policy or a plan: with(gate, policy)");
    if constexpr (detail::is_policy<type> || detail::is_plan<type>) return detail::as_plan(policy);
}

template <class First, class... Rest>
    requires(sizeof...(Rest) > 0)
[[nodiscard]] constexpr auto with(First&& first, Rest&&... rest) {
    using type = std::remove_cvref_t<First>;
    static_assert(!detail::is_policy<type> && !detail::is_plan<type>,
                  "bide::with: the policy comes last: with(gate, policy)");
    if constexpr (!detail::is_policy<type> && !detail::is_plan<type>) {
        auto inner = with(std::forward<Rest>(rest)...);
        constexpr bool known = requires { attach(std::forward<First>(first), inner); };
        static_assert(
            known,
            "bide::with: what stands before the policy must be a gate or budget that the caller "
            "keeps, an observer, a clock or a std::stop_token, and its header must be included");
        if constexpr (known) return attach(std::forward<First>(first), inner);
    }
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_PLAN_HPP
