// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <bide/gate/pacing/cubic.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

// The adaptive mode of the AWS SDKs: the curve, the measured rate, and the limiter made of both.

namespace {

using namespace vectors;
using bide::pacing::answer;
using bide::pacing::cubic_curve;
using bide::pacing::cubic_limiter;
using bide::pacing::rate_clock;
using bide::pacing::sample;

cubic_curve::options config_of(const json& input) {
    const auto c = input.value("config", json::object());
    return {.beta = c.value("beta", input.value("beta", 0.7)),
            .scale = c.value("scale_constant", input.value("scale_constant", 0.4))};
}

std::string differs(const char* what, double got, double wanted) {
    return std::string{what} + " is " + std::to_string(got) + ", not " + std::to_string(wanted);
}

judgement close_to(const char* what, double got, double wanted, double tolerance) {
    return passed_if(std::abs(got - wanted) <= tolerance, differs(what, got, wanted));
}

judgement cubic(const json& input, const json& expect) {
    cubic_curve curve{config_of(input)};
    const auto& given = input.at("given");
    curve.set(given.at("last_max_rate").get<double>(),
              given.at("last_throttle_time").get<double>());
    const auto& wanted = expect.at("calculated_rate");
    const auto& cases = input.at("cases");
    if (wanted.size() != cases.size()) return failed("as many rates as cases");
    // A throttled answer takes the rate that the one before left.
    auto rate = given.value("rate", given.at("last_max_rate").get<double>());
    for (std::size_t i = 0; i != cases.size(); ++i) {
        const auto response = cases[i].at("response").get<std::string>();
        const auto now = cases[i].at("timestamp").get<double>();
        if (response == "success")
            rate = curve.succeeded(now);
        else if (response == "throttle")
            rate = curve.throttled(rate, now);
        else
            return failed("unknown response " + response);
        const auto result =
            close_to("the rate", rate, wanted[i].get<double>(), expect.value("tolerance", 1e-6));
        if (result.what != judgement::kind::passed) return result;
    }
    return passed();
}

judgement cubic_k(const json& input, const json& expect) {
    cubic_curve curve{config_of(input)};
    curve.set(input.at("last_max_rate").get<double>(), 0);
    return close_to("k", curve.k(), expect.at("k").get<double>(), expect.value("tolerance", 1e-6));
}

judgement throttle_then_success(const json& input, const json& expect) {
    cubic_curve curve{config_of(input)};
    const auto tolerance = expect.value("tolerance", 1e-6);
    const auto cut = close_to("the rate after a refusal",
                              curve.throttled(input.at("current_rate").get<double>(),
                                              input.at("timestamp").get<double>()),
                              expect.at("new_rate").get<double>(), tolerance);
    if (cut.what != judgement::kind::passed || !input.contains("success_timestamp")) return cut;
    return close_to("the rate after a success",
                    curve.succeeded(input.at("success_timestamp").get<double>()),
                    expect.at("rate_after_success").get<double>(), tolerance);
}

judgement clocked(const json& input, const json& expect) {
    rate_clock clock{input.value("start", 0.0)};
    for (const auto& t : input.at("timestamps")) (void)clock.record(t.get<double>());
    const auto got = clock.measured();
    if (expect.contains("measured_rate"))
        return close_to("the measured rate", got, expect["measured_rate"].get<double>(),
                        expect.value("tolerance", 1e-9));
    return passed_if(got >= expect.value("measured_rate_min", 0.0) &&
                         got <= expect.value("measured_rate_max", 1e9),
                     "the measured rate is " + std::to_string(got));
}

judgement bounded(const json& input, const json& expect) {
    return close_to("the rate",
                    cubic_limiter::bounded(input.at("calculated_rate").get<double>(),
                                           input.at("measured_rate").get<double>()),
                    expect.at("max_rate").get<double>(), 1e-9);
}

sample response(bool throttled, double now) {
    return {.what = throttled ? answer::limited : answer::accepted, .sent = now, .now = now};
}

judgement acquire(const json& input, const json& expect) {
    cubic_limiter its;
    const auto& update = input.at("update");
    its.record(response(update.at("throttled").get<bool>(), update.at("timestamp").get<double>()),
               nullptr);
    const auto cost = input.at("cost").get<double>();
    const auto& times = input.at("acquire_at");
    const auto& results = expect.at("results");
    if (times.size() != results.size()) return failed("as many results as times");
    for (std::size_t i = 0; i != times.size(); ++i) {
        const auto now = times[i].get<double>();
        const auto ok = its.may_go(now, cost);
        if (ok != results[i].at("ok").get<bool>()) return failed("let in, or not, wrongly");
        if (ok) {
            (void)its.take(now, cost);
            continue;
        }
        const auto waits =
            close_to("the wait", its.opens_at(0, cost) - now, results[i].at("wait_s").get<double>(),
                     expect.value("tolerance", 1e-6));
        if (waits.what != judgement::kind::passed) return waits;
    }
    return passed();
}

/// The whole limiter: what it measures and what the bucket is filled with after each response.
judgement sending_rate(const json& input, const json& expect) {
    cubic_limiter its;
    const auto& cases = input.at("cases");
    const auto tolerance = expect.value("tolerance", 1e-6);
    for (std::size_t i = 0; i != cases.size(); ++i) {
        const auto kind = cases[i].at("response").get<std::string>();
        if (kind != "success" && kind != "throttle") return failed("unknown response " + kind);
        its.record(response(kind == "throttle", cases[i].at("timestamp").get<double>()), nullptr);
        for (const auto& [name, got] :
             {std::pair{"measured_rate", its.measured()}, std::pair{"bucket_rate", its.fill()}}) {
            const auto result = close_to(name, got, expect.at(name).at(i).get<double>(), tolerance);
            if (result.what != judgement::kind::passed) return result;
        }
    }
    return passed();
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "cubic") return cubic(input, expect);
    if (kind == "cubic_k") return cubic_k(input, expect);
    if (kind == "cubic_throttle_then_success") return throttle_then_success(input, expect);
    if (kind == "rate_clocker") return clocked(input, expect);
    if (kind == "max_rate_update") return bounded(input, expect);
    if (kind == "limiter_acquire") return acquire(input, expect);
    if (kind == "client_sending_rate") return sending_rate(input, expect);
    return failed("unknown kind " + kind);
}

}  // namespace

TEST_CASE("vectors: the adaptive mode of the AWS SDKs", "[vectors][aws_adaptive]") {
    vectors::run("aws_adaptive", judge);
}
