// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_GRPC_CONFIG_HPP
#define BIDE_TESTS_VECTORS_GRPC_CONFIG_HPP

#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/json/policy.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/retry_throttle.hpp>
#include <bide/retry/policy.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

/// Retry policies of gRPC's service config: what is valid there builds a policy of ours, what is
/// not is refused; and whose number of attempts holds.
namespace vectors {

/// "1.5s"; nothing if it is no such text.
inline std::optional<duration> proto_duration(const json& value) {
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

inline grpc_policy grpc_policy_of(const json& fields) {
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
inline auto built(const grpc_policy& p) {
    return bide::policy(bide::exponential(p.backoff) | bide::proportional_jitter(0.2),
                        bide::max_attempts(p.max_attempts), p.options);
}

inline judgement judge_valid(const grpc_policy& p) {
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
inline judgement judge_accepted(const grpc_policy& p, const json& fields,
                                const std::string& complaint) {
    const auto field = complaint.substr(0, complaint.find(':'));
    if (field == "retryableStatusCodes")
        return excluded("what is retried is said by the classifier, not by the backoff");
    if (field == "maxAttempts" && p.max_attempts == 1)
        return excluded("one attempt is allowed here, and means no retry");
    if (!field.empty() && !fields.contains(field))
        return excluded("every setting has a default here");
    return failed("is accepted, although: " + complaint);
}

/// The same settings in a policy file of ours, which can say what no C++ program could.
inline json as_text_of_ours(const json& fields) {
    json ours = json::object();
    auto backoff = json::object({{"kind", "exponential"}});
    for (const auto& [key, value] : fields.items()) {
        if (key == "maxAttempts") ours["max_attempts"] = value;
        if (key == "perAttemptRecvTimeout") ours["try_timeout"] = value;
        if (key == "initialBackoff") backoff["base"] = value;
        if (key == "maxBackoff") backoff["cap"] = value;
        if (key == "backoffMultiplier") backoff["factor"] = value;
    }
    ours["backoff"] = backoff;
    return ours;
}

inline judgement judge_as_text(const json& policy) {
    try {
        static_cast<void>(bide::policy_from_json(policy));
    } catch (const bide::policy_error&) {
        return passed();
    }
    return failed("is accepted in a policy file");
}

inline judgement judge_policy(const json& fields, const json& expect) {
    if (!fields.is_object()) return judge_as_text(fields);
    const auto p = grpc_policy_of(fields);
    if (expect.at("valid").get<bool>()) return judge_valid(p);
    if (!p.unwritable.empty()) return judge_as_text(as_text_of_ours(fields));
    try {
        static_cast<void>(built(p));
    } catch (const std::invalid_argument&) {
        return passed();
    }
    return judge_accepted(p, fields, expect.value("error", std::string{}));
}

/// Two limits joined: the lower one holds.
inline judgement judge_two_limits(std::uint64_t one, std::uint64_t other, std::uint64_t expected) {
    const auto limit = bide::max_attempts(one) | bide::max_attempts(other);
    return passed_if(limit.check({.number = expected}) == bide::end::done &&
                         limit.check({.number = expected + 1}) == bide::end::exhausted,
                     "another number of attempts");
}

inline judgement judge_cap(const json& row) {
    const auto& input = row.at("input");
    return judge_two_limits(input.at("configured").get<std::uint64_t>(),
                            input.at("client_cap").get<std::uint64_t>(),
                            row.at("expect").at("effective").get<std::uint64_t>());
}

inline judgement judge_call_attempts(const json& row) {
    const auto& input = row.at("input");
    // Nothing that makes sense stands for their default.
    const auto asked = input.at("client_max_attempts").get<std::int64_t>();
    const auto client = asked >= 2 ? static_cast<std::uint64_t>(asked)
                                   : input.at("default_client_max").get<std::uint64_t>();
    return judge_two_limits(input.at("service_max_attempts").get<std::uint64_t>(), client,
                            row.at("expect").at("attempts").get<std::uint64_t>());
}

/// What a C++ program could write of `retryThrottling`.
inline judgement judge_throttling(const json& fields, const json& expect) {
    const auto valid = expect.at("valid").get<bool>();
    if (!fields.is_object()) return passed_if(!valid, "is no object");
    const auto most = fields.find("maxTokens");
    const auto ratio = fields.find("tokenRatio");
    if (most == fields.end() || ratio == fields.end())
        return valid ? failed("lacks a field") : excluded("every setting has a default here");
    if (!most->is_number_unsigned() || !ratio->is_number())
        return valid ? failed("no such C++ type")
                     : excluded("its C++ type has no such value: " + fields.dump());
    try {
        const bide::retry_throttle throttle(
            {.max_tokens = most->get<std::uint64_t>(), .token_ratio = ratio->get<double>()});
        if (!valid) return failed("is accepted");
        const auto parsed = expect.value("parsed", json::object());
        if (parsed.value("max_milli_tokens", throttle.milli_tokens()) != throttle.milli_tokens())
            return failed("another number of tokens");
        bide::retry_throttle drained(
            {.max_tokens = most->get<std::uint64_t>(), .token_ratio = ratio->get<double>()});
        bide::budget_note note;
        for (auto i = 0; i < 1000; ++i) drained.ended(note, {}, {});
        drained.ended(note, bide::succeeded, {});
        const auto brings = parsed.value("milli_token_ratio", drained.milli_tokens());
        return passed_if((std::min)(brings, throttle.milli_tokens()) == drained.milli_tokens(),
                         "another ratio");
    } catch (const std::invalid_argument& e) {
        return passed_if(!valid, e.what());
    }
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_GRPC_CONFIG_HPP
