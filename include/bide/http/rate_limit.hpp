// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_RATE_LIMIT_HPP
#define BIDE_HTTP_RATE_LIMIT_HPP

#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/http/structured.hpp>
#include <bide/quota.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

using structured::event;
using structured::item_type;

/// A member that has to be an integer of 0 or more.
struct count {
    bool given = false;
    bool integer = false;
    std::int64_t number = 0;

    constexpr void set(const structured::bare_item& to) noexcept {
        *this = {.given = true, .integer = to.type == item_type::integer, .number = to.number};
    }
    [[nodiscard]] constexpr bool is_negative() const noexcept { return integer && number < 0; }
    [[nodiscard]] constexpr std::optional<std::int64_t> get() const noexcept {
        return integer && number >= 0 ? std::optional{number} : std::nullopt;
    }
    /// Seconds; 15 digits of them leave room for milliseconds.
    [[nodiscard]] constexpr std::optional<std::chrono::milliseconds> seconds() const noexcept {
        const auto n = get();
        return n ? std::optional{std::chrono::milliseconds{*n * 1000}} : std::nullopt;
    }
    /// Until a reset; an instant since 1970 is known by its size.
    [[nodiscard]] constexpr std::optional<std::chrono::milliseconds> reset(
        std::optional<std::chrono::sys_seconds> base) const noexcept {
        const auto n = get();
        return n ? wait_by_size({.whole = *n}, base) : std::nullopt;
    }
};

/// One item of the lists, with those of its parameters that the drafts define.
struct list_item {
    std::string_view name{};  ///< Of a string or a token.
    count number{};           ///< Given if it is neither.
    count q{};
    count r{};
    count t{};
    count w{};
    std::string_view qu{};

    constexpr void set(std::string_view key, const structured::bare_item& to) noexcept {
        if (key == "q") q.set(to);
        if (key == "r") r.set(to);
        if (key == "t") t.set(to);
        if (key == "w" || key == "window") w.set(to);  // the longer one in the drafts' forerunner
        if (key == "qu") qu = to.type == item_type::string ? to.text() : std::string_view{};
    }
};

constexpr list_item begin_item(const structured::bare_item& value) noexcept {
    list_item item;
    if (value.type == item_type::string || value.type == item_type::token)
        item.name = value.text();
    else
        item.number.set(value);
    return item;
}

/// Calls `use` with each item of the list; inner lists, which the drafts do not know, are left out.
/// @returns whether all was well-formed; if not, what was used is void.
template <class Use>
constexpr bool for_each_item(structured::reader list, const Use& use) noexcept {
    list_item item;
    bool reading = false;
    for (;;) {
        const auto e = list.next();
        if (e == event::parameter && reading) item.set(list.key(), list.value());
        if (e == event::parameter || e == event::close || (e == event::item && list.inside()))
            continue;
        if (reading) use(item);
        if (e == event::end || e == event::malformed) return e == event::end;
        reading = e == event::item;  // and not the beginning of an inner list
        if (reading) item = begin_item(list.value());
    }
}

/// `RateLimit: "default";r=50;t=30`, drafts 08 to 10. One that is wrong leaves out itself alone.
constexpr quotas rate_limit_list(structured::reader list,
                                 std::optional<std::chrono::sys_seconds> base) noexcept {
    quotas found;
    const auto sound = for_each_item(list, [&](const list_item& i) noexcept {
        if (i.number.given || (i.r.given && !i.r.get()) || i.t.is_negative()) return;
        const quota q{.name = i.name, .remaining = i.r.get(), .reset = i.t.reset(base)};
        if (q.remaining || q.reset) found.keep(q);
    });
    return sound ? found : quotas{};
}

/// `RateLimit: limit=100, remaining=50, reset=5`, draft 07.
constexpr quotas rate_limit_dictionary(structured::reader dictionary,
                                       std::optional<std::chrono::sys_seconds> base) noexcept {
    count limit;
    count remaining;
    count reset;
    for (;;) {
        const auto e = dictionary.next();
        if (e == event::malformed) return {};
        if (e == event::end) break;
        if (e != event::item || dictionary.inside()) continue;
        if (dictionary.key() == "limit") limit.set(dictionary.value());
        if (dictionary.key() == "remaining") remaining.set(dictionary.value());
        if (dictionary.key() == "reset") reset.set(dictionary.value());
    }
    quotas found;
    if ((remaining.given && !remaining.get()) || reset.is_negative()) return found;
    const quota q{.limit = limit.get(), .remaining = remaining.get(), .reset = reset.reset(base)};
    if (q.limit || q.remaining || q.reset) found.keep(q);
    return found;
}

/// `100;w=60, 1000;w=3600` of the drafts to 07, `"default";q=100;w=60` of those from 08 on.
constexpr quotas policy_list(structured::reader list) noexcept {
    quotas found;
    const auto sound = for_each_item(list, [&](const list_item& i) noexcept {
        const auto limit = i.number.given ? i.number.get() : i.q.get();
        if (!limit) return;
        found.keep({.name = i.name, .unit = i.qu, .limit = limit, .window = i.w.seconds()});
    });
    return sound ? found : quotas{};
}

/// Is there such a field, and is none of them too long?
constexpr bool is_readable(std::span<const field> fields, std::string_view name) noexcept {
    bool found = false;
    for (const auto& f : fields) {
        if (!same_name(f.name, name)) continue;
        if (f.value.size() > longest_list) return false;
        found = true;
    }
    return found;
}

}  // namespace detail

/// What the RateLimit fields tell: name, remaining and reset of each quota (drafts 08 to 10), or
/// limit, remaining and reset of one without a name (draft 07). Empty if they are malformed.
///
/// A name may be a token too, and `r` may be missing, as in an example of the drafts. An `r` that
/// is no integer of 0 or more, and a negative `t`, make their item void; a `t` of another type is
/// as good as none. A reset from 10^9 on is read as an instant. `base`: see `parse_reset`. Source:
/// draft-ietf-httpapi-ratelimit-headers.
[[nodiscard]] constexpr quotas parse_rate_limit(
    std::span<const field> fields, std::optional<std::chrono::sys_seconds> base) noexcept {
    if (!detail::is_readable(fields, "ratelimit")) return {};
    using structured::form;
    using structured::reader;
    const auto found = detail::rate_limit_list(reader{form::list, fields, "ratelimit"}, base);
    if (!found.empty()) return found;
    return detail::rate_limit_dictionary(reader{form::dictionary, fields, "ratelimit"}, base);
}

/// What the RateLimit-Policy fields tell: limit and window of each quota, and from draft 08 on its
/// name and unit. Empty if they are malformed; an item without a quota is left out.
/// Source: draft-ietf-httpapi-ratelimit-headers.
[[nodiscard]] constexpr quotas parse_rate_limit_policy(std::span<const field> fields) noexcept {
    if (!detail::is_readable(fields, "ratelimit-policy")) return {};
    using structured::form;
    return detail::policy_list(structured::reader{form::list, fields, "ratelimit-policy"});
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_RATE_LIMIT_HPP
