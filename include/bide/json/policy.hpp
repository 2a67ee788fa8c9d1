// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_POLICY_HPP
#define BIDE_JSON_POLICY_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/json/detail/backoffs.hpp>
#include <bide/json/detail/document.hpp>
#include <bide/json/detail/limits.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/retry/classify.hpp>
#include <bide/retry/policy.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <string_view>
#include <utility>

/// A policy as text, for operators who tune without a rebuild:
///
///     {"backoff": {"kind": "exponential", "base": "500ms", "factor": 2, "cap": "20s"},
///      "jitter": "full", "max_attempts": 4, "max_elapsed": "30s", "max_hint": "60s",
///      "try_timeout": "10s"}
///
/// Names and ranges are those of the types; what is absent has the default of
/// `bide/defaults.hpp`, so `{}` is `policy()`. `bide/json/policy.schema.json` says the same for
/// editors and CI.
///
/// | key               | value                                                               |
/// |-------------------|---------------------------------------------------------------------|
/// | `backoff`         | an object, see below                                                |
/// | `jitter`          | of that backoff, see below                                          |
/// | `max_attempts`    | a whole number, the first attempt included; null: no limit          |
/// | `max_elapsed`     | a duration, or `{"total":…,"least_try":…}`; null: no limit          |
/// | `max_hint`        | a duration; null: any wait is taken from a server                   |
/// | `try_timeout`     | a duration; null: none                                              |
/// | `connect_timeout` | a duration; null: none but `try_timeout`                            |
/// | `grace`           | true or false                                                       |
///
/// | kind          | keys beside `kind`, `jitter` and `at_least`                             |
/// |---------------|-------------------------------------------------------------------------|
/// | `constant`    | `base`                                                                  |
/// | `linear`      | `base`, `step`, `cap` (null: none)                                      |
/// | `polynomial`  | `base`, `degree`, `cap`                                                 |
/// | `fibonacci`   | `base`, `cap`                                                           |
/// | `exponential` | `base`, `factor`, `cap`                                                 |
/// | `sequence`    | `delays`: 1 to 1000 durations; `then`: `"repeat"` the last, or `"stop"` |
/// | `sum`         | `of`: 2 to 16 backoffs                                                  |
/// | `by_verdict`  | `throttled`, `otherwise`: backoffs                                      |
///
/// A jitter is `"none"`, `"full"`, `"equal"`, `"decorrelated"`, or
/// `{"kind":"proportional","factor":0.2}`. Absent: full; but a backoff of which a part has a jitter
/// or a floor is taken as it stands.
///
/// `at_least` is the floor under what the backoff and its jitter come to. As in C++, a backoff
/// takes one jitter, and none stands around a part that has a jitter or a floor.
///
/// Durations are text, a decimal number and ns, us, ms, s, m or h: "1.5s"; saturating. Backoffs
/// nest at most 8 deep, a text has at most 64 KiB. Unknown and repeated keys are errors.
///
/// Gates and budgets, which are shared and no part of a policy, are for `plan_from_json`.
namespace bide::inline v1 {

/// What every policy that was read is, whatever it says; so it can be replaced while a program
/// runs.
template <class Classifier = default_classifier>
using json_policy = retry_policy<any_backoff, either<max_attempts, max_elapsed>, Classifier>;

namespace detail {

/// What a text says of a policy, but its classifier.
struct policy_rules {
    any_backoff delays;
    either<max_attempts, max_elapsed> limits;
    policy_options options;

    template <class Classifier>
    [[nodiscard]] json_policy<Classifier> checked(const fields& all, Classifier judge) const {
        return all.checked(
            [&] { return json_policy<Classifier>{delays, limits, std::move(judge), options}; });
    }
};

inline policy_rules read_rules(fields& all) {
    const auto delays = all["backoff"];  // asked for in the order in which messages list them
    const auto jitter = all["jitter"];
    const auto backoff = read_backoff(delays, jitter);
    const auto limits = read_limits(all, backoff.retries());
    return {backoff, limits, read_options(all)};
}

}  // namespace detail

/// The policy that was parsed already, for example as a part of a larger file. Pointers begin at
/// this value. Keys that were repeated are gone by now: the parser kept the last one.
/// @throws policy_error
template <std::same_as<nlohmann::json> Json, classifier Classifier = default_classifier>
[[nodiscard]] json_policy<Classifier> policy_from_json(const Json& value, Classifier judge = {}) {
    detail::fields all{{&value, {}}};
    for (const auto* shared : {"gates", "budget"})
        all.refuse(shared, "absent, for a policy shares nothing: plan_from_json takes it");
    const auto rules = detail::read_rules(all);
    all.nothing_else();
    return rules.checked(all, std::move(judge));
}

/// The policy that a text says; `judge` as the third argument of `policy`.
/// @throws policy_error with the place, what is allowed there, and what was found.
template <classifier Classifier = default_classifier>
[[nodiscard]] json_policy<Classifier> policy_from_json(std::string_view text,
                                                       Classifier judge = {}) {
    return policy_from_json(detail::read_document(text), std::move(judge));
}

}  // namespace bide::inline v1

#endif  // BIDE_JSON_POLICY_HPP
