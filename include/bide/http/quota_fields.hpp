// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_QUOTA_FIELDS_HPP
#define BIDE_HTTP_QUOTA_FIELDS_HPP

#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/quota_builder.hpp>
#include <bide/http/detail/quota_facts.hpp>
#include <bide/http/field.hpp>
#include <bide/http/quota_name.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/quota.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

constexpr rank rank_of_reset(const quota_name& name) noexcept {
    if (name.secondary) return rank::last;
    if (name.unit != reset_unit::by_value) return rank::relative;
    return name.standard ? rank::standard : rank::other;
}

constexpr draft_quota* note(const quota_facts& facts, const quota_name& name,
                            quota_builder& all) noexcept {
    if (facts.is_empty()) return nullptr;
    auto* to = all.find_or_add(name.vendor, name.bucket);
    if (to == nullptr) return nullptr;
    const auto r = name.standard ? rank::standard : rank::other;
    offer(to->quota.limit, to->limit, facts.limit, r);
    offer(to->quota.remaining, to->remaining, facts.remaining, r);
    offer(to->quota.reset, to->reset, facts.reset, rank_of_reset(name));
    const auto window = facts.window ? facts.window : name.window;
    if (!to->quota.window) to->quota.window = window;
    return to;
}

constexpr void read_named(const field& f, const quota_name& name, const clock_and_unit& how,
                          quota_builder& all) noexcept {
    const auto facts = facts_of(name, f.value, how);
    note(facts, name, all);
    if (name.part != quota_part::limit || facts.limit) return;
    const auto policies = policies_in(f.value);
    const auto found = facts_of_policies(policies);
    if (note(found, name, all) == nullptr) return;
    for (const auto& p : policies)
        if (p.window && p.limit != found.limit)
            all.add_policy({.name = name.bucket, .limit = p.limit, .window = p.window});
}

/// `39/40` of Shopify and Salesforce: used of the limit.
constexpr void read_used(const field& f, quota_builder& all) noexcept {
    const auto used_of = [&](std::string_view text) noexcept {
        const auto slash = text.find('/');
        if (slash == std::string_view::npos) return;
        const auto used = parse_count(text.substr(0, slash));
        const auto limit = parse_count(text.substr(slash + 1));
        if (!used || !limit) return;
        note({.limit = limit, .remaining = *used < *limit ? *limit - *used : 0}, {.vendor = f.name},
             all);
    };
    if (same_name(f.name, "x-shopify-shop-api-call-limit")) used_of(f.value);
    if (same_name(f.name, "sforce-limit-info"))
        for_each_pair(f.value, [&](std::string_view key, std::string_view text) noexcept {
            if (key == "api-usage") used_of(text);
        });
}

/// ip-api; X-Ttl alone is what caches send.
constexpr void read_ip_api(std::span<const field> fields, quota_builder& all) noexcept {
    const auto* rl = find_field(fields, "x-rl");
    const auto* ttl = rl != nullptr ? find_field(fields, "x-ttl") : nullptr;
    if (ttl == nullptr) return;
    note({.remaining = parse_count(rl->value),
          .reset = parse_reset(ttl->value, {}, reset_unit::seconds)},
         {.vendor = rl->name}, all);
}

/// Does the response come from a cache? What it says of quotas was for somebody else.
constexpr bool is_aged(std::span<const field> fields) noexcept {
    for (const auto& f : fields)
        if (same_name(f.name, "age"))
            if (const auto age = parse_decimal(trim(f.value)); age && age->whole > 0) return true;
    return false;
}

}  // namespace detail

/// What the header fields of a response tell of the server's quotas, field by field put together.
///
/// Read are the fields RateLimit and RateLimit-Policy, those that `parse_quota_name` knows, and a
/// few vendors' own. Standard names beat others, a reset from now beats an instant. What is
/// malformed is as good as absent, and spoils nothing else. Empty for a response from a cache (Age
/// over 0). `base`: see `parse_reset`; `unit`: how a reset without a unit in its name is to be
/// read. Linear in the input. Source: draft-ietf-httpapi-ratelimit-headers, and the services' own
/// texts.
[[nodiscard]] constexpr quotas read_quotas(std::span<const field> fields,
                                           std::optional<std::chrono::sys_seconds> base,
                                           reset_unit unit = reset_unit::by_value) noexcept {
    if (detail::is_aged(fields)) return {};
    detail::quota_builder all;
    all.begin(parse_rate_limit(fields, base));
    for (const auto& f : fields) {
        if (const auto name = parse_quota_name(f.name))
            detail::read_named(f, *name, {.base = base, .unit = unit}, all);
        else
            detail::read_used(f, all);
    }
    detail::read_ip_api(fields, all);
    all.match(parse_rate_limit_policy(fields));
    return all.get();
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_QUOTA_FIELDS_HPP
