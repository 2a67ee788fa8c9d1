// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_JSON_FACTS_HPP
#define BIDE_TESTS_JSON_FACTS_HPP

#include <bide/bide.hpp>

#include <cstdint>
#include <vector>

/// What can be seen of a policy from outside, so that two of different types can be compared.
namespace facts {

/// For the first attempts and for a late one, after either kind of failure, without a previous
/// delay and with one, each with its cap as a point; then the number of retries as one.
inline std::vector<bide::band> bands_of(const bide::backoff auto& b) {
    std::vector<bide::band> bands;
    for (const std::uint64_t number : {1U, 2U, 3U, 4U, 5U, 1000U})
        for (const auto because : {bide::verdict::transient, bide::verdict::overloaded})
            for (const bide::duration previous : {bide::duration{0}, bide::duration{900'000'000}}) {
                const bide::attempt a{.number = number, .previous = previous, .because = because};
                const auto cap = bide::detail::cap_of(b, a);
                bands.push_back(b.band_of(a));
                bands.push_back({cap, cap});
            }
    const bide::duration retries{static_cast<std::int64_t>(bide::detail::retries_of(b) >> 1U)};
    bands.push_back({retries, retries});
    return bands;
}

struct policy_facts {
    std::vector<bide::band> bands;
    std::uint64_t max_attempts;
    bide::time_point latest;
    bide::time_point last_start;
    bide::duration try_timeout;
    bide::duration connect_timeout;
    bide::duration max_hint;
    bool grace;

    friend bool operator==(const policy_facts&, const policy_facts&) = default;
};

/// The last attempt that is allowed, by bisection.
inline std::uint64_t last_attempt(const bide::limit auto& limit) {
    std::uint64_t allowed = 1;
    std::uint64_t refused = UINT64_MAX;
    if (limit.check({.number = refused}) == bide::end::done) return refused;
    while (refused - allowed > 1) {
        const auto middle = allowed + (refused - allowed) / 2;
        (limit.check({.number = middle}) == bide::end::done ? allowed : refused) = middle;
    }
    return allowed;
}

/// Of an operation that begins at instant 0.
template <class Backoff, class Limit, class Classifier>
policy_facts facts_of(const bide::retry_policy<Backoff, Limit, Classifier>& policy) {
    const auto& o = policy.options();
    return {bands_of(policy.delays()),
            last_attempt(policy.limits()),
            bide::detail::latest_of(policy.limits(), {}),
            bide::detail::last_start_of(policy.limits(), {}),
            o.try_timeout,
            o.connect_timeout,
            o.max_hint,
            o.grace};
}

}  // namespace facts

#endif  // BIDE_TESTS_JSON_FACTS_HPP
