// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_LIMITS_HPP
#define BIDE_JSON_DETAIL_LIMITS_HPP

#include <bide/json/detail/checked.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/limit/limit.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/retry/policy.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bide::inline v1::detail {

/// A backoff that ends takes part, as in `policy()`: one attempt more than it has delays.
inline max_attempts read_max_attempts(const place& p, std::uint64_t retries) {
    auto n = defaults::max_attempts;
    read_or_none(p, n);
    const auto allowed =
        checked([&](std::string_view) { return p; }, [&] { return max_attempts{n}; });
    return retries < n ? max_attempts{retries + 1} : allowed;
}

inline max_elapsed read_max_elapsed(const place& p) {
    max_elapsed::options o;
    if (p.exists() && p.value().is_object()) {
        fields f{p};
        read_or_none(f["total"], o.total);
        read(f["least_try"], o.least_try);
        f.nothing_else();
        return f.checked([&] { return max_elapsed{o}; });
    }
    read_or_none(p, o.total,
                 std::string{"null, "} + a_duration +
                     R"( or an object such as {"total":"30s","least_try":"1s"})");
    return checked([&](std::string_view) { return p; }, [&] { return max_elapsed{o}; });
}

inline either<max_attempts, max_elapsed> read_limits(fields& all, std::uint64_t retries) {
    const auto attempts = read_max_attempts(all["max_attempts"], retries);
    return attempts | read_max_elapsed(all["max_elapsed"]);
}

inline policy_options read_options(fields& all) {
    policy_options o;
    read_or_none(all["max_hint"], o.max_hint);
    read_or_none(all["try_timeout"], o.try_timeout);
    read_or_none(all["connect_timeout"], o.connect_timeout);
    read(all["grace"], o.grace);
    return o;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_LIMITS_HPP
