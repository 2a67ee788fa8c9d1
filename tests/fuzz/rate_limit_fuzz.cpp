// SPDX-License-Identifier: MIT
#include <bide/http/quota_fields.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/structured.hpp>

#include "fuzz/require.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Any bytes as RateLimit (drafts 07 to 10), RateLimit-Policy (from 04 on) and RateLimit-Limit (to
/// 06). Nothing is read out of what is malformed.
namespace {

namespace structured = bide::http::structured;
using bide::http::field;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'299'600}};

bool is_sound(structured::form f, std::string_view text) {
    structured::reader r{f, text};
    for (;;) {
        const auto e = r.next();
        if (e == structured::event::end || e == structured::event::malformed)
            return e == structured::event::end;
    }
}

void check(const bide::http::quotas& all) {
    require(all.size() <= bide::http::quotas::max, "a bounded number");
    for (const auto& q : all) {
        require(q.limit.value_or(0) >= 0, "a limit is not negative");
        require(q.remaining.value_or(0) >= 0, "what remains is not negative");
        require(!q.reset || q.reset->count() >= 0, "a reset is not negative");
        require(!q.window || q.window->count() >= 0, "a window is not negative");
        require(q.limit || q.remaining || q.reset || q.window, "a quota says something");
        require(&q == all.binding() || !binds_more(q, *all.binding()), "the binding one");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    const std::array limit = {field{"RateLimit", text}};
    const auto limits = bide::http::parse_rate_limit(limit, now);
    const auto list = is_sound(structured::form::list, text);
    check(limits);
    require(limits.empty() || list || is_sound(structured::form::dictionary, text),
            "no limit from what is malformed");

    const std::array policy = {field{"RateLimit-Policy", text}};
    const auto policies = bide::http::parse_rate_limit_policy(policy);
    check(policies);
    require(policies.empty() || list, "no policy from what is malformed");

    const std::array old = {field{"RateLimit-Limit", text}, field{"RateLimit-Remaining", text},
                            field{"RateLimit-Reset", text}};
    check(bide::http::read_quotas(old, now));
    const std::array both = {limit[0], policy[0], old[0]};
    const auto joined = bide::http::read_quotas(both, now);
    check(joined);
    require(joined.size() >= limits.size(), "each limit is there");
    return 0;
}
