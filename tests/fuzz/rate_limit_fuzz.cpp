// SPDX-License-Identifier: MIT
#include <bide/http/quota_fields.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/structured.hpp>

#include "fuzz/require.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Any bytes as RateLimit (drafts 07 to 10), RateLimit-Policy (from 04 on) and RateLimit-Limit (to
/// 06). Nothing is read out of what is malformed. The other way round, the bytes are a quota, which
/// each generation writes in its own words, and the same is read out of all of them.
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

void check(const bide::quotas& all) {
    require(all.size() <= bide::quotas::max, "a bounded number");
    for (const auto& q : all) {
        require(q.limit.value_or(0) >= 0, "a limit is not negative");
        require(q.remaining.value_or(0) >= 0, "what remains is not negative");
        require(!q.reset || q.reset->count() >= 0, "a reset is not negative");
        require(!q.window || q.window->count() >= 0, "a window is not negative");
        require(q.limit || q.remaining || q.reset || q.window, "a quota says something");
        require(&q == all.binding() || !binds_more(q, *all.binding()), "the binding one");
    }
}

/// The numbers that the bytes are, each as wide as its place allows.
struct numbers {
    std::uint64_t limit;
    std::uint64_t remaining;
    std::uint64_t reset;
    std::uint64_t window;
};

numbers numbers_in(std::string_view bytes) {
    const auto next = [&](std::uint64_t below) {
        std::uint64_t value = 0;
        for (int i = 0; i < 7 && !bytes.empty(); ++i, bytes.remove_prefix(1))
            value = value << 8 | static_cast<unsigned char>(bytes.front());
        return value % below;
    };
    constexpr std::uint64_t integer = 1'000'000'000'000'000;  // 15 digits
    // Longer resets are instants to those who read any dialect.
    return {next(integer), next(integer), next(1'000'000'000), next(integer)};
}

void require_read(const numbers& n, std::span<const field> fields, const char* generation) {
    const auto all = bide::http::read_quotas(fields, now);
    require(all.size() == 1, generation);
    const auto& q = all[0];
    using std::chrono::seconds;
    require(q.limit == static_cast<std::int64_t>(n.limit), generation);
    require(q.remaining == static_cast<std::int64_t>(n.remaining), generation);
    require(q.reset == seconds{n.reset} && q.window == seconds{n.window}, generation);
}

void check_generations(const numbers& n) {
    const auto limit = std::to_string(n.limit);
    const auto remaining = std::to_string(n.remaining);
    const auto reset = std::to_string(n.reset);
    const auto window = std::to_string(n.window);
    const auto in_limit = limit + ", " + limit + ";w=" + window;
    const auto policy = limit + ";w=" + window;
    const auto dictionary = "limit=" + limit + ", remaining=" + remaining + ", reset=" + reset;
    const auto named = "\"a\";r=" + remaining + ";t=" + reset;
    const auto named_policy = "\"a\";q=" + limit + ";w=" + window;
    const field old[] = {{"RateLimit-Limit", in_limit},
                         {"RateLimit-Remaining", remaining},
                         {"RateLimit-Reset", reset}};
    const field items[] = {{"RateLimit-Limit", limit},
                           {"RateLimit-Remaining", remaining},
                           {"RateLimit-Reset", reset},
                           {"RateLimit-Policy", policy}};
    const field seventh[] = {{"RateLimit", dictionary}, {"RateLimit-Policy", policy}};
    const field newest[] = {{"RateLimit", named}, {"RateLimit-Policy", named_policy}};
    require_read(n, old, "drafts 00 to 03");
    require_read(n, items, "drafts 04 to 06");
    require_read(n, seventh, "draft 07");
    require_read(n, newest, "drafts 08 to 10");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    check_generations(numbers_in(text));
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
