// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_QUOTA_FACTS_HPP
#define BIDE_HTTP_DETAIL_QUOTA_FACTS_HPP

#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>
#include <bide/http/quota_name.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/http/structured.hpp>
#include <bide/quota.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bide::inline v1::http::detail {

/// What a value is measured with.
struct clock_and_unit {
    std::optional<std::chrono::sys_seconds> base{};
    reset_unit unit = reset_unit::by_value;
};

/// A whole number of 0 or more; `57.0` is one.
constexpr std::optional<std::int64_t> parse_count(std::string_view value) noexcept {
    const auto number = parse_decimal(trim(value));
    return number && number->millionths == 0 ? std::optional{number->whole} : std::nullopt;
}

constexpr quotas policies_in(std::string_view value) noexcept {
    if (value.size() > longest_list) return {};
    return policy_list(structured::reader{structured::form::list, trim(value)});
}

/// `57`, or `76;w=21600` of Docker Hub; joined ones give the largest.
constexpr std::optional<std::int64_t> read_remaining(std::string_view value) noexcept {
    if (const auto count = parse_count(value)) return count;
    std::optional<std::int64_t> largest;
    for (const auto& p : policies_in(value)) largest = larger(largest, p.limit);
    return largest;
}

/// Calls `use` with key and value of each pair of `total=100; remaining=99; resets=41`.
template <class Use>
constexpr void for_each_pair(std::string_view value, const Use& use) noexcept {
    if (value.size() > longest_list) return;
    while (!value.empty()) {
        const auto end = value.find_first_of(";,");
        const auto pair = value.substr(0, end);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos)
            use(trim(pair.substr(0, equals)), trim(pair.substr(equals + 1)));
        value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
    }
}

/// What one field tells.
struct quota_facts {
    std::optional<std::int64_t> limit{};
    std::optional<std::int64_t> remaining{};
    std::optional<std::chrono::milliseconds> reset{};
    std::optional<std::chrono::milliseconds> window{};

    [[nodiscard]] constexpr bool is_empty() const noexcept {
        return !limit && !remaining && !reset && !window;
    }
};

constexpr quota_facts facts_in_pairs(std::string_view value, const clock_and_unit& how) noexcept {
    quota_facts found;
    for_each_pair(value, [&](std::string_view key, std::string_view text) noexcept {
        const auto part = part_of(key);
        if (part == quota_part::limit) found.limit = larger(found.limit, parse_count(text));
        if (part == quota_part::remaining)
            found.remaining = larger(found.remaining, parse_count(text));
        if (part == quota_part::reset)
            found.reset = larger(found.reset, parse_reset(text, how.base, how.unit));
    });
    return found;
}

/// `100, 100;w=60, 5000;w=3600` of the drafts to 03: the limit, then all policies.
constexpr quota_facts facts_of_policies(const quotas& policies) noexcept {
    quota_facts found;
    for (const auto& p : policies)
        if (!p.window) found.limit = larger(found.limit, p.limit);
    if (!found.limit && !policies.empty()) found.limit = policies[0].limit;
    for (const auto& p : policies)
        if (!found.window && (p.limit == found.limit || policies.size() == 1))
            found.window = p.window;
    return found;
}

/// All but limits, of which there may be several.
constexpr quota_facts facts_of(const quota_name& name, std::string_view value,
                               const clock_and_unit& how) noexcept {
    const auto unit = name.unit == reset_unit::by_value ? how.unit : name.unit;
    switch (name.part) {
        case quota_part::limit:
            return {.limit = parse_count(value)};
        case quota_part::remaining:
            return {.remaining = read_remaining(value)};
        case quota_part::reset:
            return {.reset = parse_reset(value, how.base, unit)};
        case quota_part::window:
            // HubSpot's. Other intervals are those of a bucket's refill, or of no known unit.
            if (name.unit != reset_unit::milliseconds) return {};
            return {.window = parse_reset(value, how.base, name.unit)};
        case quota_part::pairs:
            return facts_in_pairs(value, how);
    }
    return {};
}

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_QUOTA_FACTS_HPP
