// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/stuck.hpp"
#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/bide.hpp>
#include <bide/http/read.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// The standard retry mode of the AWS SDKs, with a classifier of AWS error codes as a user of ours
// would write it: the library itself knows statuses and headers, not the codes of one provider.

namespace {

using namespace vectors;
using bide::budget_note;
using bide::finding;
using bide::retry_quota;
using bide::verdict;

constexpr std::array<std::string_view, 13> throttling_codes = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "SlowDown",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "TransactionInProgressException",
    "EC2ThrottledException"};
constexpr std::array<std::string_view, 3> transient_codes = {
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"};

bool is_in(const auto& list, std::string_view code) {
    return std::find(list.begin(), list.end(), code) != list.end();
}

/// An answer of the service, or a failure on the way to it.
struct reply {
    int status = 0;
    std::string code{};
    std::string retry_after{};

    [[nodiscard]] finding what_happened() const {
        std::vector<bide::http::field> fields;
        if (!retry_after.empty()) fields.push_back({"x-amz-retry-after", retry_after});
        auto found =
            bide::http::read({.status = status, .fields = fields}, {}, {}, std::nullopt).finding;
        if (is_in(throttling_codes, code)) found.verdict = verdict::throttled;
        if (is_in(transient_codes, code) || found.verdict == verdict::overloaded)
            found.verdict = verdict::transient;
        if (found.verdict == verdict::throttled) found.certainty = bide::certainty::rejected;
        return found;
    }
};

reply reply_of(const json& response) {
    reply r{.status = response.value("status_code", 0)};
    if (const auto code = response.find("error_code"); code != response.end() && code->is_string())
        r.code = code->get<std::string>();
    if (const auto headers = response.find("headers"); headers != response.end())
        r.retry_after = headers->value("x-amz-retry-after", std::string{});
    return r;
}

/// Draws are as high as they get, which is what a random() of 1 is there.
struct highest_draws : bide::virtual_clock {
    static support::stuck random() noexcept { return support::at_high; }
};

retry_quota::options quota_of(const json& config) {
    return {.capacity = config.at("initial_retry_tokens").get<std::uint64_t>(),
            .cost = config.at("retry_cost").get<std::uint64_t>(),
            .timeout_cost = config.at("timeout_retry_cost").get<std::uint64_t>(),
            .throttled_cost = config.at("throttling_retry_cost").get<std::uint64_t>(),
            .success_return = config.at("no_retry_increment").get<std::uint64_t>()};
}

/// Without the last digit that a decimal number loses, which a factor would multiply.
duration seconds(const json& value) { return duration{std::llround(value.get<double>() * 1e9)}; }

auto policy_of(const json& config) {
    const auto power = config.at("power").get<double>();
    const auto cap = seconds(config.at("max_backoff_s"));
    const auto shape = [&](const char* base) {
        return bide::exponential(
            {.base = (std::min)(seconds(config.at(base)), cap), .factor = power, .cap = cap});
    };
    return bide::policy(shape("base_delay_s") |
                            bide::when_throttled(shape("throttling_base_delay_s")) |
                            bide::full_jitter,
                        bide::max_attempts(config.at("max_attempts").get<std::uint64_t>()));
}

/// What became of one invocation, try by try.
struct steps {
    std::vector<std::uint64_t> tokens{};  ///< After each try.
    std::vector<duration> delays{};
    std::string outcome{};
};

steps invoke(const json& config, retry_quota& quota, const std::vector<reply>& replies) {
    steps seen;
    highest_draws world;
    const auto got = bide::retry(bide::with(world, quota, policy_of(config)),
                                 bide::idempotent([&](const bide::this_try& now) {
                                     if (now.number > 1) seen.tokens.push_back(quota.tokens());
                                     return replies.at(now.number - 1);
                                 }));
    seen.tokens.push_back(quota.tokens());
    seen.delays = world.waits();
    if (got.ended() == bide::end::done)
        seen.outcome = "success";
    else if (got.ended() == bide::end::permanent)
        seen.outcome = "fail_request";
    else
        seen.outcome =
            got.facts().refused_by != nullptr ? "retry_quota_exceeded" : "max_attempts_exceeded";
    return seen;
}

/// A server's wait is a floor with up to a tenth of slack here; cutting it is not done.
judgement judge_delay(duration ours, duration theirs, bool asked) {
    if (same(ours, theirs)) return passed();
    if (!asked) return failed("waits " + text(ours));
    if (ours >= theirs && ours <= theirs + theirs / 10) return passed();
    return ours > theirs ? excluded("a server's wait is kept, not cut to 5 s above our own")
                         : failed("waits " + text(ours));
}

judgement judge_steps(const json& expected, const steps& ours, const std::vector<reply>& replies) {
    if (ours.tokens.size() != expected.size())
        return failed("makes " + std::to_string(ours.tokens.size()) + " tries");
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& step = expected[i];
        const auto last = i + 1 == expected.size();
        const auto outcome = last ? ours.outcome : std::string{"retry_request"};
        if (step.at("outcome") != outcome) return failed("a step is " + outcome);
        if (const auto quota = step.find("retry_quota");
            quota != step.end() && *quota != ours.tokens[i])
            return failed("leaves " + std::to_string(ours.tokens[i]) + " tokens");
        const auto theirs = step.find("delay");
        if (theirs == step.end()) continue;
        if (last) return excluded("who gives up does not wait before that, long polling or not");
        const auto judged =
            judge_delay(ours.delays.at(i), seconds(*theirs), !replies.at(i).retry_after.empty());
        if (judged.what != judgement::kind::passed) return judged;
    }
    return passed();
}

judgement judge_script(const json& input, const json& expect) {
    const auto& config = input.at("config");
    retry_quota quota{quota_of(config)};
    for (std::size_t i = 0; i < input.at("invocations").size(); ++i) {
        std::vector<reply> replies;
        for (const auto& r : input.at("invocations")[i]) replies.push_back(reply_of(r));
        const auto judged =
            judge_steps(expect.at("steps").at(i), invoke(config, quota, replies), replies);
        if (judged.what != judgement::kind::passed) return judged;
    }
    return passed();
}

judgement judge_threads(const json& input, const json& expect) {
    retry_quota quota{quota_of(input.at("config"))};
    std::vector<std::thread> crowd;
    for (const auto& script : input.at("threads")) {
        std::vector<reply> replies;
        for (const auto& r : script) replies.push_back(reply_of(r));
        crowd.emplace_back(
            [&, replies] { static_cast<void>(invoke(input.at("config"), quota, replies)); });
    }
    for (auto& t : crowd) t.join();
    return passed_if(expect.at("final_quota") == quota.tokens(),
                     "leaves " + std::to_string(quota.tokens()) + " tokens");
}

finding finding_of(const std::string& error) {
    if (error == "throttling") return {.verdict = verdict::throttled, .status = 400};
    if (error == "timeout") return {.verdict = verdict::transient};
    return {.verdict = verdict::transient, .status = 500};
}

judgement judge_operations(const json& input, const json& expect) {
    retry_quota quota{quota_of(input.at("config"))};
    budget_note retried;
    for (std::size_t i = 0; i < input.at("ops").size(); ++i) {
        const auto& op = input.at("ops")[i];
        const auto& expected = expect.at("results").at(i);
        if (op.at("op") == "acquire") {
            const auto ok = op.contains("amount")
                                ? quota.acquire(op.at("amount").get<std::uint64_t>())
                                : quota.take(retried, finding_of(op.at("error").get<std::string>()),
                                             {}) == nullptr;
            if (expected.at("ok") != ok) return failed("an acquire differs");
        } else if (op.at("op") == "release") {
            budget_note fresh;
            if (op.contains("amount"))
                quota.release(op.at("amount").get<std::uint64_t>());
            else
                quota.ended(op.at("retried").get<bool>() ? retried : fresh,
                            reply{.status = op.at("http_status").get<int>()}.what_happened(), {});
        } else {
            return failed("an unknown operation");
        }
        if (expected.at("capacity") != quota.tokens())
            return failed("leaves " + std::to_string(quota.tokens()) + " tokens");
    }
    return passed();
}

/// `attempt` failures, of which the last asks for a wait, then a success.
judgement judge_wait(const json& input, const json& expect, const std::string& milliseconds) {
    auto config = input.at("config");
    const auto failures = input.value("attempt", std::size_t{1});
    config["max_attempts"] = (std::max)(config.at("max_attempts").get<std::size_t>(), failures + 1);
    std::vector<reply> replies(failures, reply{.status = input.value("status_code", 500)});
    replies.back().retry_after = milliseconds;
    replies.push_back({.status = 200});
    retry_quota quota{quota_of(config)};
    const auto ours = invoke(config, quota, replies);
    if (expect.value("capacity_after_failure", ours.tokens.at(failures - 1)) !=
        ours.tokens.at(failures - 1))
        return failed("another price");
    if (expect.value("capacity_after_success", quota.tokens()) != quota.tokens())
        return failed("another return");
    return judge_delay(ours.delays.at(failures - 1), seconds(expect.at("delay_s")), true);
}

judgement judge_class(const json& input, const json& expect) {
    const auto& code = input.at("error_code");
    const reply r{.status = input.at("status").get<int>(),
                  .code = code.is_string() ? code.get<std::string>() : std::string{}};
    const auto wanted = input.at("class");
    const auto found = r.what_happened().verdict;
    if (wanted != "throttling" && wanted != "transient") return failed("an unknown class");
    return passed_if(expect.at("match") == (found == (wanted == "throttling" ? verdict::throttled
                                                                             : verdict::transient)),
                     std::string{"is "} + to_string(found));
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "attempt_script") return judge_script(input, expect);
    if (kind == "threads") return judge_threads(input, expect);
    if (kind == "quota_ops") return judge_operations(input, expect);
    if (kind == "retry_after_ms")
        return judge_wait(input, expect,
                          input.at("header").value("x-amz-retry-after", std::string{}));
    if (kind == "explicit_delay")
        return judge_wait(input, expect,
                          std::to_string(std::chrono::ceil<std::chrono::milliseconds>(
                                             *span(input, "explicit_delay"))
                                             .count()));
    if (kind == "classify") return judge_class(input, expect);
    if (kind == "max_attempts")
        return passed_if(
            expect.at("retry") ==
                (bide::max_attempts(input.at("max_attempts").get<std::uint64_t>())
                     .check({.number = input.at("attempt_number").get<std::uint64_t>() + 1}) ==
                 bide::end::done),
            "another number of attempts");
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: aws_retry_quota", "[vectors][limit][retry_quota]") {
    vectors::run("aws_retry_quota", judge, 5);
}
