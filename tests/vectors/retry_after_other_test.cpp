// SPDX-License-Identifier: MIT
#include <bide/http/reset_value.hpp>
#include <bide/http/retry_after.hpp>

#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

// Waits from the tests of the Stainless SDKs, Envoy and libcurl, and the example of RFC 9110.

namespace {

using bide::http::field;
using bide::http::reset_unit;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;
using optional_ms = std::optional<milliseconds>;

sys_seconds epoch(const json& seconds) {
    return sys_seconds{std::chrono::seconds{seconds.get<std::int64_t>()}};
}

std::string shown(const optional_ms& wait) {
    return wait ? std::to_string(wait->count()) + " ms" : "nothing";
}

/// Their rule on top of what we read: a wait of up to a minute, else the backoff.
judgement stainless(const json& input, const json& expect) {
    const auto& config = input.at("config");
    if (config.at("honour_if") != "0 < seconds <= 60" ||
        config.at("jitter") != "factor in (0.75, 1]")
        return failed("an unknown configuration");
    using seconds = std::chrono::duration<double>;
    const auto asked = bide::http::parse_retry_after(input.at("retry_after").get<std::string>(),
                                                     epoch(input.at("now_epoch")));
    const bool honoured = asked && *asked > milliseconds{0} && *asked <= std::chrono::minutes{1};
    if (honoured != expect.at("honoured").get<bool>()) return failed("reads " + shown(asked));

    const auto expected = expect.at("sleep_s").get<double>();
    const auto tolerance = expected * expect.at("rel_tolerance").get<double>();
    if (honoured)
        return vectors::passed_if(std::abs(seconds{*asked}.count() - expected) <= tolerance,
                                  "waits " + shown(asked));
    const auto backoff = bide::exponential({.base = seconds{config.at("initial_s").get<double>()},
                                            .factor = config.at("multiplier").get<double>(),
                                            .cap = seconds{config.at("max_s").get<double>()}}) |
                         bide::proportional_jitter(0.25);
    const auto retry = input.at("max_retries").get<std::uint64_t>() -
                       input.at("remaining_retries").get<std::uint64_t>() + 1;
    const auto band = backoff.band_of({.number = retry});
    return vectors::passed_if(seconds{band.low}.count() >= expected - tolerance &&
                                  seconds{band.high}.count() <= expected + tolerance,
                              "the backoff is out of the tolerance");
}

/// Envoy is told how the reset is written.
judgement envoy(const json& input, const json& expect) {
    const auto format = input.at("format").get<std::string>();
    if (format != "seconds" && format != "unix_timestamp") return failed("an unknown format");
    optional_ms wait;
    if (!input.at("value").is_null()) {
        const auto value = input.at("value").get<std::string>();
        if (value.find('.') != std::string::npos && expect.at("interval_ms").is_null())
            return excluded("we read decimals too, since servers send them");
        wait = bide::http::parse_reset(
            value, epoch(input.at("now_epoch")),
            format == "seconds" ? reset_unit::seconds : reset_unit::epoch_seconds);
    }
    // For Envoy an instant that has passed is none; for us it is now, which is no wait either.
    if (expect.at("interval_ms").is_null())
        return vectors::passed_if(wait.value_or(milliseconds{0}) == milliseconds{0},
                                  "waits " + shown(wait));
    return vectors::passed_if(wait == milliseconds{expect.at("interval_ms").get<std::int64_t>()},
                              "waits " + shown(wait));
}

judgement header_name(const json& input, const json& expect) {
    if (input.at("configured") != "retry-after") return failed("an unknown field");
    const auto name = input.at("received").get<std::string>();
    const auto value = input.at("value").get<std::string>();
    const std::array fields = {field{name, value}};
    const auto wait = bide::http::retry_after(fields, std::nullopt);
    return vectors::passed_if(wait == milliseconds{expect.at("interval_ms").get<std::int64_t>()},
                              "waits " + shown(wait));
}

/// libcurl has no reading of a wait over 6 hours since 8.12, and no other clock than its own.
judgement libcurl(const json& input, const json& expect) {
    constexpr sys_seconds now{std::chrono::seconds{1'795'299'600}};
    const auto wait =
        bide::http::parse_retry_after(input.at("retry_after").get<std::string>(), now);
    const auto seconds = wait ? std::min<std::int64_t>(wait->count() / 1000, 21600) : 0;
    return vectors::passed_if(seconds == expect.at("seconds").get<std::int64_t>(),
                              "waits " + shown(wait));
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "retry_after_or_backoff") return stainless(input, expect);
    if (kind == "reset_header") return envoy(input, expect);
    if (kind == "header_name_case") return header_name(input, expect);
    if (kind == "curlinfo_retry_after") return libcurl(input, expect);
    if (kind != "parse") return failed("an unknown kind");
    const auto wait = bide::http::parse_retry_after(
        input.at("value").get<std::string>(),
        input.contains("now_epoch") ? std::optional{epoch(input.at("now_epoch"))} : std::nullopt);
    optional_ms expected;
    if (!expect.at("seconds").is_null())
        expected = std::chrono::seconds{expect.at("seconds").get<std::int64_t>()};
    return vectors::passed_if(wait == expected, "waits " + shown(wait));
}

}  // namespace

TEST_CASE("vectors: retry_after_other", "[vectors][http][retry_after]") {
    vectors::run("retry_after_other", judge, 10);
}
