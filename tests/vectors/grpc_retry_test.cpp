// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/grpc_config.hpp"
#include "vectors/times.hpp"

#include <bide/bide.hpp>
#include <bide/limit/retry_throttle.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Retries of gRPC: its throttle is ours; its statuses and its pushback are read here as a user's
// classifier would, for the library knows HTTP.

namespace {

using namespace vectors;
using bide::budget_note;
using bide::finding;
using bide::retry_throttle;
using bide::verdict;

/// What one call came to, with the values of `grpc-retry-pushback-ms`.
struct reply {
    std::string code = "OK";
    std::vector<std::string> pushback{};
    bool is_retryable = false;
    bool is_committed = false;  ///< The response has begun, or the request is not there any more.

    [[nodiscard]] finding what_happened() const noexcept {
        if (code == "OK") return bide::succeeded;
        const finding final{.verdict = verdict::permanent, .certainty = bide::certainty::answered};
        if (!is_retryable || is_committed) return final;
        finding again{.verdict = verdict::transient};
        if (pushback.empty()) return again;
        std::int64_t ms = -1;
        const auto& text = pushback.front();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
        const auto whole = error == std::errc{} && end == text.data() + text.size();
        if (pushback.size() > 1 || !whole || ms < 0) return final;
        again.hint = std::chrono::milliseconds{ms};
        return again;
    }
};

bool is_in(const json& list, const std::string& code) {
    return std::find(list.begin(), list.end(), json(code)) != list.end();
}

judgement judge_throttle(const json& input, const json& expect) {
    retry_throttle throttle({.max_tokens = input.at("max_tokens").get<std::uint64_t>(),
                             .token_ratio = input.at("token_ratio").get<double>()});
    budget_note note;
    std::size_t failures = 0;
    for (std::size_t i = 0; i < input.at("events").size(); ++i) {
        const auto failed_now = input.at("events")[i] == "F";
        const finding found = failed_now ? finding{} : bide::succeeded;
        throttle.ended(note, found, {});
        const auto tokens = std::llround(expect.at("tokens").at(i).get<double>() * 1000);
        if (tokens != throttle.milli_tokens())
            return failed("has " + std::to_string(throttle.milli_tokens()) + " thousandths");
        if (failed_now && expect.at("retry_allowed_after_failure").at(failures++) !=
                              (throttle.take(note, found, {}) == nullptr))
            return failed("failure " + std::to_string(failures) + " differs");
    }
    return passed();
}

judgement judge_ratio(const json& input, const json& expect) {
    retry_throttle throttle(
        {.max_tokens = 1000, .token_ratio = input.at("configured").get<double>()});
    budget_note note;
    for (auto i = 0; i < 1000; ++i) throttle.ended(note, {}, {});
    throttle.ended(note, bide::succeeded, {});
    return passed_if(
        throttle.milli_tokens() == std::llround(expect.at("effective").get<double>() * 1000),
        "brings " + std::to_string(throttle.milli_tokens()) + " thousandths");
}

auto policy_of(const json& fields) {
    return bide::policy(
        bide::exponential(
            {.base = span(fields, "initial_backoff").value_or(std::chrono::seconds{1}),
             .factor = fields.value("multiplier", 1.6),
             .cap = span(fields, "max_backoff").value_or(std::chrono::seconds{120})}) |
            bide::proportional_jitter(0.2),
        bide::max_attempts(fields.at("max_attempts").get<std::uint64_t>()));
}

/// Several calls in a row to one server, which counts what it gets.
judgement judge_attempts(const json& input, const json& expect) {
    const auto& server = input.at("server");
    const auto& policy = input.at("policy");
    std::int64_t served = 0;
    bide::virtual_clock clock;
    for (std::size_t call = 0; call < input.at("calls").get<std::size_t>(); ++call) {
        std::string last;
        static_cast<void>(bide::retry(bide::with(clock, policy_of(policy)), [&] {
            const json number = served++;
            const auto listed = [&](const char* list) {
                const auto& all = server.at(list);
                return std::find(all.begin(), all.end(), number) != all.end();
            };
            last = listed("ok_at")             ? "OK"
                   : listed("nonretryable_at") ? "INTERNAL"
                                               : server.at("otherwise").get<std::string>();
            return reply{.code = last, .is_retryable = is_in(policy.at("retryable"), last)};
        }));
        if (expect.at("codes").at(call) != last) return failed("a call ends with " + last);
        if (expect.at("server_calls_so_far_index").at(call) != served - 1)
            return failed("the server has got " + std::to_string(served) + " calls");
    }
    return passed();
}

judgement judge_stream(const json& input, const json& expect) {
    constexpr std::size_t replay_buffer = 200;  // bytes, of the program that was recorded
    std::vector<json> previous_attempts;
    std::string last;
    bide::virtual_clock clock;
    const auto got = bide::retry(
        bide::with(clock, policy_of(input.at("policy"))), [&](const bide::this_try& now) {
            previous_attempts.push_back(now.number > 1 ? json(now.number - 1) : json());
            const auto& all = input.at("attempts");
            if (now.number > all.size()) return reply{};
            const auto& attempt = all[now.number - 1];
            reply r{.code = attempt.at("code").get<std::string>(),
                    .pushback = attempt.value("pushback", std::vector<std::string>{})};
            r.is_retryable = is_in(input.at("policy").at("retryable"), r.code);
            r.is_committed = attempt.value("request_body_bytes", std::size_t{0}) > replay_buffer;
            last = r.code;
            return r;
        });
    for (const auto& [key, value] : expect.items()) {
        if (key == "attempts") {
            if (value != got.attempts())
                return failed("makes " + std::to_string(got.attempts()) + " attempts");
        } else if (key == "code") {
            if (value != (got.ended() == bide::end::done ? "OK" : last))
                return failed("ends with " + last);
        } else if (key == "previous_attempts_header") {
            if (value != previous_attempts) return failed("tells other numbers");
        } else {
            return failed("an unknown expectation: " + key);
        }
    }
    return passed();
}

/// One of gRPC's random walks: any policy, any throttle state, any outcomes; what is wrong, if
/// anything.
std::string walk(std::uint64_t seed) {
    bide::splitmix64 random{seed};
    const auto below = [&random](std::uint64_t n) { return random() % n; };
    const auto most = 2 + below(4);
    const auto cap = std::chrono::milliseconds{1 + below(100'000)};
    const auto base = std::chrono::milliseconds{1 + below(static_cast<std::uint64_t>(cap.count()))};
    const auto rules = bide::policy(
        bide::exponential(
            {.base = base, .factor = 1 + static_cast<double>(below(900)) / 100, .cap = cap}) |
            bide::proportional_jitter(0.2),
        bide::max_attempts(most), {.max_hint = std::chrono::hours{24}});
    retry_throttle throttle({.max_tokens = 1 + below(10), .token_ratio = 0.5});
    budget_note note;
    for (auto n = below(10); n > 0; --n) throttle.ended(note, {}, {});
    bide::virtual_clock clock{seed};
    std::string wrong;
    duration asked{};
    auto is_over = false;
    static_cast<void>(bide::retry(bide::with(clock, throttle, rules), [&] {
        if (is_over) wrong = "retries what is final";
        if (!clock.waits().empty()) {
            const auto most_wait = (std::max)(duration{cap} + cap / 5, asked + asked / 10);
            if (clock.waits().back() > most_wait || clock.waits().back() < asked)
                wrong = "waits " + text(clock.waits().back());
        }
        reply r{.code = "UNAVAILABLE", .is_retryable = below(8) != 0};
        r.is_committed = below(8) == 0;
        asked = {};
        const auto pushback = static_cast<std::int64_t>(below(200'000)) - 20'000;
        if (below(3) == 0) r.pushback = {std::to_string(pushback)};
        if (!r.pushback.empty() && pushback >= 0) asked = std::chrono::milliseconds{pushback};
        is_over = r.is_committed || (!r.pushback.empty() && pushback < 0);
        return r;
    }));
    if (clock.waits().size() + 1 > most) wrong = "makes too many attempts";
    return wrong;
}

judgement judge_property(const json& expect) {
    // One walk looks at all of them.
    const auto property = expect.at("property").get<std::string>();
    for (std::uint64_t seed = 1; seed <= 300; ++seed)
        if (const auto wrong = walk(seed); !wrong.empty())
            return failed(property + ": with seed " + std::to_string(seed) + " it " + wrong);
    return passed();
}

judgement judge_config(const json& input, const json& expect) {
    const auto& config = input.at("config");
    if (config.contains("retryThrottling"))
        return judge_throttling(config.at("retryThrottling"), expect);
    if (!config.contains("retryPolicy")) return failed("a config of something unknown");
    return judge_policy(config.at("retryPolicy"), expect);
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "throttle") return judge_throttle(input, expect);
    if (kind == "token_ratio") return judge_ratio(input, expect);
    if (kind == "attempts") return judge_attempts(input, expect);
    if (kind == "stream_or_unary") return judge_stream(input, expect);
    if (kind == "property") return judge_property(expect);
    if (kind == "max_attempts_cap") return judge_cap(row);
    if (kind == "max_call_attempts") return judge_call_attempts(row);
    if (kind == "config") return judge_config(input, expect);
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: grpc_retry", "[vectors][limit][retry_throttle]") {
    vectors::run("grpc_retry", judge, 5);
}
