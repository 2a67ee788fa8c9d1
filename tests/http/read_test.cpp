// SPDX-License-Identifier: MIT
#include <bide/http/read.hpp>

#include <bide/http/profiles.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using bide::certainty;
using bide::duration;
using bide::verdict;
using bide::wall_time;
using bide::http::field;
using bide::http::profile;
using bide::http::read;
using bide::http::request_traits;
using bide::http::response_view;
using std::chrono::sys_days;

namespace {

constexpr wall_time now = sys_days{2026y / 11 / 21} + 22h + 20min;
constexpr auto none = std::nullopt;
constexpr request_traits post{.method = "POST"};
constexpr request_traits with_key{.method = "POST", .has_key = true};
constexpr profile generic{.name = "generic"};
constexpr profile keyed{
    .name = "keyed",
    .rules = {{bide::http::unavailable_is_rejected,
               {403, 403, bide::http::given::retry_after, verdict::throttled,
                certainty::rejected}}},
    .client_error_settles = true,
    .key_header = "Idempotency-Key",
    .key_life = 24h,
    .replay_header = "Idempotent-Replayed",
};

bide::finding found(const std::vector<field>& fields, int status, const request_traits& request,
                    const profile& provider) {
    return read({.status = status, .fields = fields}, request, provider, now).finding;
}

std::optional<duration> hint_in(const bide::finding& found) { return found.hint; }

}  // namespace

static_assert(read({.status = 429}, post, generic, now).finding.verdict == verdict::throttled);
static_assert(noexcept(read({}, post, generic, now)));

TEST_CASE("read: the status decides", "[http][read]") {
    struct row {
        int status;
        verdict v;
        certainty c;
    };
    const auto [status, v, c] = GENERATE(values<row>({
        {0, verdict::transient, certainty::ambiguous},
        {200, verdict::success, certainty::answered},
        {302, verdict::permanent, certainty::answered},
        {404, verdict::permanent, certainty::answered},
        {409, verdict::permanent, certainty::answered},
        {429, verdict::throttled, certainty::rejected},
        {500, verdict::overloaded, certainty::ambiguous},
        {503, verdict::overloaded, certainty::ambiguous},
        {999, verdict::overloaded, certainty::ambiguous},
    }));
    CAPTURE(status);
    const auto finding = found({}, status, with_key, generic);
    CHECK(finding.verdict == v);
    CHECK(finding.certainty == c);
    CHECK(hint_in(finding) == none);
    CHECK(finding.status == status);
    CHECK(finding.error == 0);
    CHECK_FALSE(finding.settles);
}

TEST_CASE("read: Retry-After counts from 300 on", "[http][read][retry_after]") {
    const std::vector<field> fields = {{"Retry-After", "30"}};
    for (int status = -1; status < 1000; ++status) {
        CAPTURE(status);
        CHECK(hint_in(found(fields, status, post, generic)) ==
              (status >= 300 ? std::optional<duration>{30s} : none));
    }
}

TEST_CASE("read: a malformed Retry-After is none", "[http][read][retry_after]") {
    const std::vector<field> bad = {{"Retry-After", "soon"}};
    CHECK(hint_in(found(bad, 413, post, generic)) == none);
    CHECK(found(bad, 413, post, generic).verdict == verdict::permanent);
    CHECK(found(bad, 503, post, keyed).certainty == certainty::ambiguous);
    CHECK(found(bad, 429, post, generic).verdict == verdict::throttled);
}

TEST_CASE("read: a 413 with Retry-After passes", "[http][read]") {
    const auto finding = found({{"Retry-After", "0"}}, 413, post, generic);
    CHECK(finding.verdict == verdict::transient);
    CHECK(finding.certainty == certainty::rejected);
    CHECK(hint_in(finding) == 0s);
}

TEST_CASE("read: the profile's rules come first", "[http][read][profile]") {
    const std::vector<field> fields = {{"Retry-After", "30"}};
    CHECK(found(fields, 503, post, generic).certainty == certainty::ambiguous);
    CHECK(found(fields, 503, post, keyed).certainty == certainty::rejected);
    CHECK(found(fields, 503, post, keyed).verdict == verdict::overloaded);
    CHECK(found({}, 503, post, keyed).certainty == certainty::ambiguous);
    CHECK(found(fields, 403, post, keyed).verdict == verdict::throttled);
    CHECK(found({}, 403, post, keyed).verdict == verdict::permanent);
    CHECK(found(fields, 403, post, generic).verdict == verdict::permanent);
}

TEST_CASE("read: only an answered 4xx settles, where the profile says so",
          "[http][read][settles]") {
    for (int status = -1; status < 1000; ++status) {
        CAPTURE(status);
        CHECK_FALSE(found({}, status, post, generic).settles);
        const bool rejected = status == 408 || status == 421 || status == 425 || status == 429;
        CHECK(found({}, status, post, keyed).settles ==
              (status >= 400 && status <= 499 && !rejected));
    }
    CHECK_FALSE(found({{"Retry-After", "1"}}, 413, post, keyed).settles);
    CHECK_FALSE(found({}, 409, with_key, keyed).settles);

    constexpr profile frank{
        .rules = {{{500, 500, bide::http::given::always, verdict::permanent, certainty::answered}}},
        .client_error_settles = true,
    };
    CHECK_FALSE(found({}, 500, post, frank).settles);
    CHECK(found({}, 499, post, frank).settles);
}

TEST_CASE("read: 409 with our key is the same again later", "[http][read][key]") {
    const auto finding = found({{"Retry-After", "2"}}, 409, with_key, keyed);
    CHECK(finding.verdict == verdict::transient);
    CHECK(finding.certainty == certainty::ambiguous);
    CHECK(hint_in(finding) == 2s);

    CHECK(found({}, 409, post, keyed).verdict == verdict::permanent);
    CHECK(found({}, 409, with_key, generic).verdict == verdict::permanent);
    constexpr request_traits expired{.method = "POST", .has_key = true, .key_age = 24h};
    CHECK(found({}, 409, expired, keyed).verdict == verdict::permanent);
    CHECK(found({}, 422, with_key, keyed).verdict == verdict::permanent);
    CHECK(found({}, 422, with_key, keyed).certainty == certainty::answered);
}

TEST_CASE("read: a saved failure is not asked for again", "[http][read][key]") {
    const std::vector<field> fields = {{"idempotent-replayed", "true"}};
    CHECK(found(fields, 500, with_key, keyed).verdict == verdict::permanent);
    CHECK(found(fields, 500, with_key, keyed).certainty == certainty::ambiguous);
    CHECK(found(fields, 500, with_key, generic).verdict == verdict::overloaded);
    CHECK(found({}, 500, with_key, keyed).verdict == verdict::overloaded);
    CHECK(found(fields, 200, with_key, keyed).verdict == verdict::success);
    const std::vector<field> nameless = {{"", "true"}};
    CHECK(found(nameless, 500, with_key, generic).verdict == verdict::overloaded);
}

TEST_CASE("read: a date counts from the response's own clock", "[http][read][date]") {
    constexpr std::array own = {field{"Date", "Sat, 21 Nov 2026 21:20:00 GMT"},
                                field{"Retry-After", "Sat, 21 Nov 2026 21:20:30 GMT"}};
    constexpr std::array without = {field{"Retry-After", "Sat, 21 Nov 2026 22:20:30 GMT"}};
    constexpr std::array broken = {field{"Date", "now"},
                                   field{"Retry-After", "Sat, 21 Nov 2026 22:20:30 GMT"}};
    const auto hint = [](const auto& fields, std::optional<wall_time> clock) {
        return hint_in(read({.status = 503, .fields = fields}, post, generic, clock).finding);
    };
    CHECK(hint(own, now) == 30s);  // the client's clock is an hour ahead
    CHECK(hint(own, none) == 30s);
    CHECK(hint(without, now) == 30s);
    CHECK(hint(without, none) == none);
    CHECK(hint(broken, now) == 30s);
    CHECK(hint(broken, none) == none);
    CHECK(hint(without, now + 31s) == 0s);
    // Part of a second more, never less: the server's second may just have begun.
    CHECK(hint(without, now + 999ms) == 30s);
    CHECK(hint(without, now - 1ns) == 31s);
    CHECK(hint(without, wall_time::max()) == 0s);
    CHECK(hint(without, wall_time::min()) == duration::max());
    CHECK(read({.status = 503, .fields = without}, post, generic, wall_time::min()).hint ==
          sys_days{2026y / 11 / 21} + 22h + 20min + 30s -
              std::chrono::floor<std::chrono::seconds>(wall_time::min()));

    CHECK(read({.status = 200, .fields = own}, post, generic, now).date ==
          sys_days{2026y / 11 / 21} + 21h + 20min);
    CHECK(read({.status = 503, .fields = without}, post, generic, now).date == none);
}

TEST_CASE("read: the whole header block decides how long", "[http][read][hint]") {
    const std::vector<field> fields = {{"X-RateLimit-Limit", "10"},
                                       {"X-RateLimit-Remaining", "0"},
                                       {"X-RateLimit-Reset", "1795299630"}};
    const auto reading = read({.status = 429, .fields = fields}, post, generic, now);
    CHECK(reading.hint == 30s);
    CHECK(hint_in(reading.finding) == 30s);
    REQUIRE(reading.quotas.size() == 1);
    CHECK(reading.quotas[0].limit == 10);
    CHECK(hint_in(found(fields, 403, post, generic)) == 30s);
    CHECK(hint_in(found(fields, 302, post, generic)) == none);
    CHECK(read({.status = 200, .fields = fields}, post, generic, now).quotas[0].reset == 30s);

    auto both = fields;
    both.push_back({"Retry-After", "2"});
    CHECK(hint_in(found(both, 429, post, generic)) == 2s);
    // Other names ask for a wait too, but a rule means the field itself.
    const std::vector<field> alias = {{"retry-after-ms", "1500"}};
    CHECK(hint_in(found(alias, 503, post, keyed)) == 1500ms);
    CHECK(found(alias, 503, post, keyed).certainty == certainty::ambiguous);
    CHECK(found(alias, 413, post, generic).verdict == verdict::permanent);
}

TEST_CASE("read: a hint that a duration cannot hold", "[http][read][hint]") {
    const std::vector<field> fields = {{"Retry-After", "9999999999"}};
    const auto reading = read({.status = 503, .fields = fields}, post, generic, now);
    CHECK(reading.hint == 9999999999s);
    CHECK(hint_in(reading.finding) == duration::max());
}

TEST_CASE("read: a profile knows the unit and the exhausted quota", "[http][read][profile]") {
    constexpr profile provider{
        .rules = {{{403, 403, bide::http::given::exhausted, verdict::throttled,
                    certainty::rejected}}},
        .reset_unit = bide::http::reset_unit::milliseconds,
    };
    const std::vector<field> none_left = {{"X-RateLimit-Remaining", "0"},
                                          {"X-RateLimit-Reset", "600000"}};
    const std::vector<field> some_left = {{"X-RateLimit-Remaining", "1"}};
    CHECK(found(none_left, 403, post, provider).verdict == verdict::throttled);
    CHECK(found(none_left, 403, post, provider).certainty == certainty::rejected);
    CHECK(hint_in(found(none_left, 403, post, provider)) == 600s);
    CHECK(hint_in(found(none_left, 403, post, generic)) == 600000s);
    CHECK(found(none_left, 403, post, generic).verdict == verdict::permanent);
    CHECK(found(some_left, 403, post, provider).verdict == verdict::permanent);
    CHECK(found({}, 403, post, provider).verdict == verdict::permanent);
}

TEST_CASE("read: a wait that was cut off is a unit longer", "[http][read][profile]") {
    constexpr profile koa{.name = "koa-ratelimit", .truncates_to = 1s};
    struct row {
        const char* value;
        std::chrono::milliseconds hint;
    };
    const auto [value, hint] = GENERATE(values<row>({
        {"0", 1s},  // what is left of 0.9 s
        {"7", 8s},
        {"99999999999999999999", std::chrono::milliseconds::max()},
    }));
    CAPTURE(value);
    const std::array fields = {field{"Retry-After", value}};
    CHECK(read({.status = 429, .fields = fields}, post, koa, now).hint == hint);
    CHECK(read({.status = 200, .fields = fields}, post, koa, now).hint == none);
    CHECK(read({.status = 429}, post, koa, now).hint == none);
    const std::array until = {field{"X-RateLimit-Remaining", "0"}, field{"X-RateLimit-Reset", "3"}};
    CHECK(read({.status = 429, .fields = until}, post, koa, now).hint == 4s);
}

TEST_CASE("read: a throttled answer without a wait asks for the documented one",
          "[http][read][hint][profile]") {
    constexpr profile patient{
        .rules = {{{403, 403, bide::http::given::retry_after, verdict::throttled,
                    certainty::rejected}}},
        .least_wait = 60s,
    };
    CHECK(hint_in(found({}, 429, post, patient)) == 60s);
    CHECK(read({.status = 429}, post, patient, now).hint == none);  // nobody said it
    CHECK(hint_in(found({{"Retry-After", "2"}}, 429, post, patient)) == 2s);
    CHECK(hint_in(found({{"Retry-After", "0"}}, 403, post, patient)) == 0s);
    CHECK(hint_in(found({{"Retry-After", "soon"}}, 429, post, patient)) == 60s);
    CHECK(hint_in(found({}, 403, post, patient)) == none);
    CHECK(hint_in(found({}, 503, post, patient)) == none);
    CHECK(hint_in(found({}, 200, post, patient)) == none);
    CHECK(hint_in(found({{"x-should-retry", "false"}}, 429, post, patient)) == none);
    CHECK(hint_in(found({}, 429, post, generic)) == none);
}

TEST_CASE("read: advice changes the verdict, never the certainty", "[http][read][advice]") {
    const std::vector<field> again = {{"Stripe-Should-Retry", "true"}};
    const std::vector<field> stop = {{"x-should-retry", "false"}, {"Retry-After", "5"}};
    for (int status = -1; status < 700; ++status) {
        CAPTURE(status);
        const auto plain = found({}, status, post, keyed);
        const auto urged = found(again, status, post, keyed);
        const auto flips = status >= 400 && plain.verdict == verdict::permanent;
        CHECK(urged.verdict == (flips ? verdict::transient : plain.verdict));
        CHECK(urged.certainty == plain.certainty);
        CHECK(urged.settles == plain.settles);

        const auto waiting = found({{"Retry-After", "5"}}, status, post, keyed);
        const auto stopped = found(stop, status, post, keyed);
        CHECK(stopped.verdict == (status / 100 == 2 ? verdict::success : verdict::permanent));
        CHECK(stopped.certainty == waiting.certainty);
        CHECK(hint_in(stopped) == hint_in(waiting));
    }
    const std::vector<field> saved = {{"x-should-retry", "true"}, {"idempotent-replayed", "true"}};
    CHECK(found(saved, 500, with_key, keyed).verdict == verdict::permanent);
    CHECK(read({.status = 400, .fields = saved}, post, generic, now).advice ==
          bide::http::advice::again);
}

TEST_CASE("read: where only the body tells, a 2xx is no success yet", "[http][read][profile]") {
    constexpr profile told{.name = "told", .told_by_body = true};
    for (int status = -1; status < 1000; ++status) {
        CAPTURE(status);
        const auto plain = found({}, status, post, generic);
        const auto finding = found({}, status, post, told);
        const auto open = plain.verdict == verdict::success;
        CHECK(finding.verdict == (open ? verdict::transient : plain.verdict));
        CHECK(finding.certainty == (open ? certainty::ambiguous : plain.certainty));
    }
}

TEST_CASE("read: any bytes at all", "[http][read][robustness]") {
    // A small generator of our own, so that the same bytes come on every system.
    std::uint32_t state = 1;
    const auto next = [&state] { return (state = state * 1664525U + 1013904223U) >> 16; };
    const std::string pieces = "0123456789,, \t\"SatSunNov GMT:-.;=\r\n\xff";
    for (int round = 0; round < 20'000; ++round) {
        std::string value;
        for (auto size = next() % 40; size > 0; --size) value += pieces[next() % pieces.size()];
        const std::array fields = {field{"Date", value}, field{"Retry-After", value}};
        const auto status = static_cast<int>(next() % 700);
        const auto finding =
            read({.status = status, .fields = fields, .body = value}, with_key, keyed, now).finding;
        if (finding.hint && (*finding.hint < 0s || status < 300)) FAIL(value);
    }
    SUCCEED();
}

TEST_CASE("read: a plain success is what it says whatever the fields are", "[http][read]") {
    const std::vector<field> fields{{"Retry-After", "7"}, {"RateLimit-Remaining", "0"}};
    for (const auto* p : bide::http::profiles::all)
        for (auto status = 190; status != 310; ++status) {
            CAPTURE(p->name, status);
            const auto found = read({.status = status, .fields = fields}, post, *p, now).finding;
            if (bide::http::is_plain_success(status, *p)) {
                CHECK(found.verdict == bide::verdict::success);
                CHECK(found.certainty == bide::certainty::answered);
                CHECK(found.status == status);
                CHECK_FALSE(found.hint);
                CHECK_FALSE(found.settles);
            }
        }
    CHECK(bide::http::is_plain_success(202, bide::http::profiles::generic));
    CHECK_FALSE(bide::http::is_plain_success(300, bide::http::profiles::generic));
    CHECK_FALSE(bide::http::is_plain_success(200, bide::http::profiles::vonage_sms));
}
