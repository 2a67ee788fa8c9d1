// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/later.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/retry/policy.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

// Retry policies of gRPC's service config: what is valid there builds a policy of ours, what is not
// is refused; and whose number of attempts holds. The other kinds of that file wait for their parts
// of the library.

namespace {

using namespace vectors;

/// "1.5s"; nothing if it is no such text.
std::optional<duration> proto_duration(const json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto written = value.get<std::string>();
    char* end = nullptr;
    const std::chrono::duration<double> seconds{std::strtod(written.c_str(), &end)};
    if (end == written.c_str() || std::string{end} != "s") return std::nullopt;
    return bide::timespan{seconds};
}

/// What a C++ program could write; what it could not is `unwritable`.
struct grpc_policy {
    std::uint64_t max_attempts = 5;
    bide::exponential::options backoff{};
    bide::policy_options options{};
    std::string unwritable;  ///< A field whose value no C++ type has, if any.
};

grpc_policy read(const json& fields) {
    grpc_policy p;
    const auto time_of = [&](const char* name, bide::timespan& into) {
        const auto found = fields.find(name);
        if (found == fields.end()) return;
        if (const auto d = proto_duration(*found))
            into = *d;
        else
            p.unwritable = name;
    };
    time_of("initialBackoff", p.backoff.base);
    time_of("maxBackoff", p.backoff.cap);
    time_of("perAttemptRecvTimeout", p.options.try_timeout);
    if (const auto n = fields.find("maxAttempts"); n != fields.end()) {
        if (n->is_number_unsigned())
            p.max_attempts = n->get<std::uint64_t>();
        else
            p.unwritable = "maxAttempts";
    }
    if (const auto factor = fields.find("backoffMultiplier"); factor != fields.end()) {
        if (factor->is_number())
            p.backoff.factor = factor->get<double>();
        else
            p.unwritable = "backoffMultiplier";
    }
    return p;
}

/// gRPC draws from 0.8 to 1.2 times the delay; ours stops at the cap.
auto built(const grpc_policy& p) {
    return bide::policy(bide::exponential(p.backoff) | bide::proportional_jitter(0.2),
                        bide::max_attempts(p.max_attempts), p.options);
}

judgement judge_valid(const grpc_policy& p) {
    if (!p.unwritable.empty()) return failed("does not read " + p.unwritable);
    if (p.backoff.cap.get() < p.backoff.base.get())
        return excluded("a cap below the base is refused");
    if (p.backoff.factor < 1) return excluded("a factor below 1 is refused");
    const auto policy = built(p);
    const auto base = p.backoff.base.get();
    const auto band = policy.delays().band_of({.number = 1});
    const auto high = (std::min)(base + base / 5, p.backoff.cap.get());
    if (!same(band.low, base - base / 5) || !same(band.high, high))
        return failed("the first delay is " + text(band.low) + " to " + text(band.high));
    const auto last = policy.limits().check({.number = p.max_attempts});
    const auto after = policy.limits().check({.number = p.max_attempts + 1});
    return passed_if(last == bide::end::done && after == bide::end::exhausted,
                     "has another number of attempts");
}

/// Why we accept what gRPC does not, by the field that it complains about.
judgement judge_accepted(const grpc_policy& p, const json& fields, const std::string& complaint) {
    const auto field = complaint.substr(0, complaint.find(':'));
    if (field == "retryableStatusCodes")
        return excluded("what is retried is said by the classifier, not by the backoff");
    if (field == "maxAttempts" && p.max_attempts == 1)
        return excluded("one attempt is allowed here, and means no retry");
    if (!field.empty() && !fields.contains(field))
        return excluded("every setting has a default here");
    return failed("is accepted, although: " + complaint);
}

judgement judge_policy(const json& fields, const json& expect) {
    if (!fields.is_object())
        return excluded("a policy is made by a call, no other type can be written");
    const auto p = read(fields);
    if (expect.at("valid").get<bool>()) return judge_valid(p);
    if (!p.unwritable.empty()) return excluded("its C++ type has no such value: " + p.unwritable);
    try {
        static_cast<void>(built(p));
    } catch (const std::invalid_argument&) {
        return passed();
    }
    return judge_accepted(p, fields, expect.value("error", std::string{}));
}

/// Two limits joined: the lower one holds.
judgement judge_two_limits(std::uint64_t one, std::uint64_t other, std::uint64_t expected) {
    const auto limit = bide::max_attempts(one) | bide::max_attempts(other);
    return passed_if(limit.check({.number = expected}) == bide::end::done &&
                         limit.check({.number = expected + 1}) == bide::end::exhausted,
                     "another number of attempts");
}

judgement judge_cap(const json& row) {
    const auto& input = row.at("input");
    return judge_two_limits(input.at("configured").get<std::uint64_t>(),
                            input.at("client_cap").get<std::uint64_t>(),
                            row.at("expect").at("effective").get<std::uint64_t>());
}

judgement judge_call_attempts(const json& row) {
    const auto& input = row.at("input");
    // Nothing that makes sense stands for their default.
    const auto asked = input.at("client_max_attempts").get<std::int64_t>();
    const auto client = asked >= 2 ? static_cast<std::uint64_t>(asked)
                                   : input.at("default_client_max").get<std::uint64_t>();
    return judge_two_limits(input.at("service_max_attempts").get<std::uint64_t>(), client,
                            row.at("expect").at("attempts").get<std::uint64_t>());
}

judgement judge(const json& row, later& others) {
    static const std::map<std::string, const char*> to = {
        {"throttle", "the retry budget"},
        {"throttle_replacement", "the retry budget"},
        {"token_ratio", "the retry budget"},
        {"stream_or_unary", "a profile of gRPC's status codes and pushback"},
        {"property", "the retry budget and pushback"},
    };
    const auto& input = row.at("input");
    const auto kind = input.at("kind").get<std::string>();
    if (const auto found = to.find(kind); found != to.end())
        return others.leave(kind, found->second);
    if (kind.starts_with("attempts")) return others.leave(kind, "a profile of gRPC's status codes");
    if (kind == "max_attempts_cap") return judge_cap(row);
    if (kind == "max_call_attempts") return judge_call_attempts(row);
    if (kind != "config") return failed("an unknown kind: " + kind);
    const auto& config = input.at("config");
    if (config.contains("retryThrottling"))
        return others.leave("config of retryThrottling", "the retry budget");
    if (!config.contains("retryPolicy")) return failed("a config of something unknown");
    return judge_policy(config.at("retryPolicy"), row.at("expect"));
}

}  // namespace

TEST_CASE("vectors: config rows of grpc_retry", "[vectors][backoff]") {
    later others;
    vectors::run("grpc_retry", [&](const json& row) { return judge(row, others); });
}
