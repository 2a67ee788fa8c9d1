// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_PLAN_HPP
#define BIDE_JSON_PLAN_HPP

#include <bide/detail/platform.hpp>
#include <bide/gate/admission.hpp>
#include <bide/gate/gate.hpp>
#include <bide/json/detail/document.hpp>
#include <bide/json/detail/gate_set.hpp>
#include <bide/json/detail/gates.hpp>
#include <bide/json/policy.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/classifier.hpp>
#include <bide/retry/default_classifier.hpp>
#include <bide/retry/plan.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

/// A policy with its gates and its budget as text:
///
///     {"backoff": {"kind": "exponential"}, "max_attempts": 4,
///      "gates": {"circuit_breaker": {"opens": {"kind": "failure_count", "failures": 5}},
///                "cooldown": {}, "concurrency_limit": {"in_flight": 64},
///                "pace": {"kind": "token_bucket", "rate": 30, "per": "1s", "burst": 5}},
///      "budget": {"kind": "retry_budget", "ratio": 0.2}}
///
/// The keys of a policy, see `policy_from_json`, and two more; what is absent is not there. Gates
/// are asked in the order of this table, whatever the order in the text. A text that is read twice
/// makes two sets of gates, of which neither knows what the other has seen.
///
/// | key in `gates`      | value                                                             |
/// |---------------------|-------------------------------------------------------------------|
/// | `initial_jitter`    | a duration: first tries are spread over it                        |
/// | `circuit_breaker`   | an object with the keys of its options, see below                 |
/// | `cooldown`          | an object with the keys of its options; `{}`: their defaults      |
/// | `concurrency_limit` | `in_flight`, which is required; `queue` (null: any)               |
/// | `pace`              | one of the kinds below                                            |
///
/// | kind of `pace`   | keys beside `kind`, and `queue` (null: any)                          |
/// |------------------|----------------------------------------------------------------------|
/// | `quota_pacer`    | `start_rate`, `utilisation`, `max_wait`                              |
/// | `cubic_pacer`    | `max_wait`                                                           |
/// | `token_bucket`   | `rate`, which is required; `per`, `burst`                            |
/// | `leaky_bucket`   | `rate`, which is required; `per`                                     |
/// | `sliding_window` | `limit`, which is required; `window`                                 |
///
/// A `budget` is a `retry_budget`, `retry_quota`, `retry_throttle` or `concurrent_retries`, by
/// `kind`, with the keys of its options. The circuit breaker's `opens` is a `failure_count` or a
/// `failure_rate`, by `kind`; its `open_for` is a backoff, without jitter unless that says so;
/// `slow_from` may be null. `on_change`, gates of which there is one for each key (`keyed`) and
/// more than one budget are said in C++.
namespace bide::inline v1 {

/// The gates and the budget of a plan that was read. A copy is the same ones, shared; they live as
/// long as one of the copies, that in a plan included.
class json_gates {
public:
    explicit json_gates(std::shared_ptr<detail::gate_set> all) noexcept : all_{std::move(all)} {}

    /// The gate or the budget of that type, to look at or to set; null if the text has none:
    /// `plan.gates().get<bide::circuit_breaker>()`.
    template <class T>
        requires gate<T> || budget<T>
    [[nodiscard]] T* get() const noexcept {
        T* found = nullptr;
        const auto look = [&](auto&... places) {
            ((found = found != nullptr ? found : places.template get<T>()), ...);
        };
        auto& [spread, breaker, pause, in_flight, pace, retries] = *all_;
        look(spread, breaker, pause, in_flight, pace, retries);
        return found;
    }

    /// Whether the text has a budget.
    [[nodiscard]] bool has_budget() const noexcept { return all_->retries.has_value(); }

private:
    template <class P, class R, class O, class S, class G>
    friend constexpr auto attach(const json_gates& gates, const plan<P, R, O, S, G>& p);

    std::shared_ptr<detail::gate_set> all_;
};

namespace detail {

/// In a plan: the gates that were read, what keeps them alive, and those behind them.
template <class Chain>
struct json_chain : json_gates {
    Chain asked;
};

template <class Chain>
class permits<json_chain<Chain>> : public permits<Chain> {
public:
    template <class Alarm>
    permits(const json_chain<Chain>& gates, Alarm& alarm) noexcept
        : permits<Chain>{gates.asked, alarm} {}
};

}  // namespace detail

/// Gates that were read, for a policy that was not: `with(plan.gates(), policy)`. A gate of the
/// program's own that hands out times stands behind them, any other in front.
template <class P, class R, class O, class S, class G>
constexpr auto attach(const json_gates& gates, const plan<P, R, O, S, G>& p) {
    auto asked = detail::with_all(*gates.all_, p).gates();
    using chain = detail::json_chain<decltype(asked)>;
    return plan<P, R, O, S, chain>{p.rules(), p.held_world(), p.held_watcher(), p.stop(),
                                   chain{gates, std::move(asked)}};
}

/// What every plan that was read is, whatever it says: a `plan`, whose copies share the gates.
template <class Classifier = default_classifier>
using json_plan = decltype(with(std::declval<const json_gates&>(),
                                std::declval<const json_policy<Classifier>&>()));

/// The plan that was parsed already, for example as a part of a larger file; see
/// `policy_from_json`.
/// @throws policy_error
template <std::same_as<nlohmann::json> Json, classifier Classifier = default_classifier>
[[nodiscard]] json_plan<Classifier> plan_from_json(const Json& value, Classifier judge = {},
                                                   std::uint64_t seed = detail::entropy()) {
    detail::fields all{{&value, {}}};
    const auto rules = detail::read_rules(all);
    const auto gates = all["gates"];
    const auto budget = all["budget"];
    all.nothing_else();
    const auto policy = rules.checked(all, std::move(judge));
    auto shared = std::make_shared<detail::gate_set>();
    detail::read_gates(gates, *shared, seed);
    detail::read_one_of(budget, shared->retries);
    return with(json_gates{std::move(shared)}, policy);
}

/// The plan that a text says: `bide::retry(plan, f)`; with a clock or an observer,
/// `bide::retry(bide::with(observer, plan), f)`. `judge` as the third argument of `policy`. For
/// tests and simulations: with the same `seed` the gates that draw at random draw the same.
/// @throws policy_error with the place, what is allowed there, and what was found.
template <classifier Classifier = default_classifier>
[[nodiscard]] json_plan<Classifier> plan_from_json(std::string_view text, Classifier judge = {},
                                                   std::uint64_t seed = detail::entropy()) {
    return plan_from_json(detail::read_document(text), std::move(judge), seed);
}

}  // namespace bide::inline v1

#endif  // BIDE_JSON_PLAN_HPP
