// SPDX-License-Identifier: MIT
#include <bide/json/policy.hpp>

#include "json/corpus.hpp"
#include "json/facts.hpp"
#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using bide::band;
using bide::policy_from_json;
using facts::bands_of;
using facts::facts_of;
using nlohmann::json;

static_assert(std::same_as<decltype(policy_from_json("{}")), bide::json_policy<>>);
static_assert(std::same_as<bide::json_policy<>,
                           bide::retry_policy<bide::any_backoff,
                                              bide::either<bide::max_attempts, bide::max_elapsed>,
                                              bide::default_classifier>>);

namespace {

constexpr auto longest = bide::duration::max();

/// The backoff of a policy, without a jitter unless the text has one.
bide::any_backoff backoff(const std::string& text) {
    return policy_from_json(R"({"backoff":)" + text + R"(,"jitter":"none"})").delays();
}
bide::any_backoff as_given(const std::string& text) {
    return policy_from_json(R"({"backoff":)" + text + "}").delays();
}

}  // namespace

TEST_CASE("policy: an empty object is the library's default policy", "[json][policy]") {
    CHECK(facts_of(policy_from_json("{}")) == facts_of(bide::policy()));
    CHECK(facts_of(policy_from_json(R"({"backoff":{"kind":"exponential"}})")) ==
          facts_of(bide::policy()));
}

TEST_CASE("policy: reads what the documentation shows", "[json][policy]") {
    const auto read = policy_from_json(
        R"({"backoff":{"kind":"exponential","base":"400ms","factor":3,"cap":"10s"},
            "jitter":"equal","max_attempts":7,"max_elapsed":{"total":"50s","least_try":"3s"},
            "max_hint":"70s","try_timeout":"11s","connect_timeout":"2s","grace":false})");
    const auto same = bide::policy(
        bide::exponential({.base = 400ms, .factor = 3, .cap = 10s}) | bide::equal_jitter,
        bide::max_attempts(7) | bide::max_elapsed({.total = 50s, .least_try = {3s}}),
        {.try_timeout = 11s, .connect_timeout = 2s, .max_hint = 70s, .grace = false});
    CHECK(facts_of(read) == facts_of(same));
}

TEST_CASE("policy: every shape is what its type is", "[json][policy][backoff]") {
    CHECK(bands_of(backoff(R"({"kind":"constant","base":"3s"})")) == bands_of(bide::constant(3s)));
    CHECK(bands_of(backoff(R"({"kind":"linear","base":"1s","step":"250ms","cap":"2s"})")) ==
          bands_of(bide::linear({.base = 1s, .step = {250ms}, .cap = 2s})));
    CHECK(bands_of(backoff(R"({"kind":"linear","base":"1s"})")) ==
          bands_of(bide::linear({.base = 1s})));
    CHECK(bands_of(backoff(R"({"kind":"polynomial","base":"1s","degree":3,"cap":"90s"})")) ==
          bands_of(bide::polynomial({.base = 1s, .degree = 3, .cap = 90s})));
    CHECK(bands_of(backoff(R"({"kind":"fibonacci","base":"1s","cap":"9s"})")) ==
          bands_of(bide::fibonacci({.base = 1s, .cap = 9s})));
    CHECK(bands_of(backoff(R"({"kind":"exponential","base":"1s","factor":1.5,"cap":"9s"})")) ==
          bands_of(bide::exponential({.base = 1s, .factor = 1.5, .cap = 9s})));
    CHECK(bands_of(backoff(R"({"kind":"sequence","delays":["1s","5s","2s"]})")) ==
          bands_of(bide::sequence(1s, 5s, 2s)));
    CHECK(bands_of(backoff(R"({"kind":"sequence","delays":["1s","5s"],"then":"stop"})")) ==
          bands_of(bide::sequence(1s, 5s).then_stop()));
    CHECK(bands_of(backoff(R"({"kind":"sum","of":[{"kind":"constant","base":"1s"},
        {"kind":"linear","base":"1s"},{"kind":"sequence","delays":["3s"],"then":"stop"}]})")) ==
          bands_of((bide::constant(1s) + bide::linear({.base = 1s})) +
                   bide::sequence(3s).then_stop()));
    CHECK(bands_of(backoff(R"({"kind":"by_verdict","otherwise":{"kind":"constant","base":"1s"},
        "throttled":{"kind":"linear","base":"5s"}})")) ==
          bands_of(bide::constant(1s) | bide::when_throttled(bide::linear({.base = 5s}))));
}

TEST_CASE("policy: every jitter is what its type is", "[json][policy][jitter]") {
    const auto jittered = [](const std::string& jitter) {
        return bands_of(policy_from_json(R"({"jitter":)" + jitter + "}").delays());
    };
    const bide::exponential shape{{}};
    CHECK(jittered(R"("none")") == bands_of(shape | bide::no_jitter));
    CHECK(jittered(R"("full")") == bands_of(shape | bide::full_jitter));
    CHECK(jittered(R"("equal")") == bands_of(shape | bide::equal_jitter));
    CHECK(jittered(R"("decorrelated")") == bands_of(shape | bide::decorrelated_jitter));
    CHECK(jittered(R"({"kind":"none"})") == bands_of(shape | bide::no_jitter));
    CHECK(jittered(R"({"kind":"full"})") == bands_of(shape | bide::full_jitter));
    CHECK(jittered(R"({"kind":"equal"})") == bands_of(shape | bide::equal_jitter));
    CHECK(jittered(R"({"kind":"decorrelated"})") == bands_of(shape | bide::decorrelated_jitter));
    CHECK(jittered(R"({"kind":"proportional","factor":0.25})") ==
          bands_of(shape | bide::proportional_jitter(0.25)));
}

TEST_CASE("policy: the policy's jitter is as good as the backoff's own", "[json][policy][jitter]") {
    const auto inner = as_given(R"({"kind":"linear","jitter":"equal","at_least":"600ms"})");
    const auto outer =
        policy_from_json(R"({"backoff":{"kind":"linear","at_least":"600ms"},"jitter":"equal"})");
    const auto same = bide::linear({}) | bide::equal_jitter | bide::at_least(600ms);
    CHECK(bands_of(inner) == bands_of(same));
    CHECK(bands_of(outer.delays()) == bands_of(same));
}

TEST_CASE("policy: jitter is full where nobody says a word", "[json][policy][jitter]") {
    CHECK(bands_of(as_given(R"({"kind":"constant","base":"2s","at_least":"1s"})")) ==
          bands_of(bide::constant(2s) | bide::full_jitter | bide::at_least(1s)));
    CHECK(
        as_given(R"({"kind":"sum","of":[{"kind":"constant"},{"kind":"constant"}]})").band_of({}) ==
        band{0s, 1s});
    // Words somewhere in it, and it is as it stands there.
    CHECK(as_given(R"({"kind":"sum","of":[{"kind":"constant","base":"1s"},
                       {"kind":"constant","base":"2s","jitter":"full"}]})")
              .band_of({}) == band{1s, 3s});
    CHECK(as_given(R"({"kind":"by_verdict","otherwise":{"kind":"constant"},
                       "throttled":{"kind":"constant","jitter":"none"}})")
              .band_of({}) == band{500ms, 500ms});
}

TEST_CASE("policy: a floor inside keeps the default jitter out", "[json][policy][at_least]") {
    const auto b = as_given(R"({"kind":"sum","at_least":"1s","of":[
        {"kind":"constant","base":"1s","at_least":"3s"},{"kind":"constant","base":"2s"}]})");
    CHECK(b.band_of({}) == band{5s, 5s});
}

TEST_CASE("policy: null means no limit", "[json][policy][limits]") {
    const auto none = facts_of(policy_from_json(
        R"({"max_attempts":null,"max_elapsed":null,"max_hint":null,"try_timeout":null,
            "connect_timeout":null})"));
    CHECK(none.max_attempts == UINT64_MAX);
    CHECK(none.latest == bide::never);
    CHECK(none.last_start == bide::never);
    CHECK(none.max_hint == longest);
    CHECK(none.try_timeout == longest);
    CHECK(none.connect_timeout == longest);
    const auto total = facts_of(policy_from_json(R"({"max_elapsed":{"total":null}})"));
    CHECK(total.latest == bide::never);
    CHECK(backoff(R"({"kind":"exponential","cap":null})").band_of({.number = 99}).high == longest);
    CHECK(backoff(R"({"kind":"linear","cap":null})").cap({}) == longest);
    CHECK(backoff(R"({"kind":"polynomial","cap":null})").cap({}) == longest);
    CHECK(backoff(R"({"kind":"fibonacci","cap":null})").cap({}) == longest);
}

TEST_CASE("policy: whole numbers saturate, as durations do", "[json][policy][limits]") {
    const auto attempts = [](const char* n) {
        return facts_of(policy_from_json(std::string{R"({"max_attempts":)"} + n + "}"))
            .max_attempts;
    };
    CHECK(attempts("1") == 1);
    CHECK(attempts("3.0") == 3);
    CHECK(attempts("18446744073709551614") == UINT64_MAX - 1);
    CHECK(attempts("18446744073709551616") == UINT64_MAX);
    CHECK(attempts("1e300") == UINT64_MAX);
    const auto steep = backoff(R"({"kind":"polynomial","base":"1ns","degree":4294967297})");
    CHECK(steep.band_of({.number = 2}).high == 20s);
}

TEST_CASE("policy: a backoff that ends joins the limit", "[json][policy][limits]") {
    const auto attempts = [](const std::string& limit) {
        return facts_of(policy_from_json(
                            R"({"backoff":{"kind":"sequence","delays":["1s","2s"],"then":"stop"})" +
                            limit + "}"))
            .max_attempts;
    };
    CHECK(attempts("") == 3);
    CHECK(attempts(R"(,"max_attempts":null)") == 3);
    CHECK(attempts(R"(,"max_attempts":3)") == 3);
    CHECK(attempts(R"(,"max_attempts":2)") == 2);
}

TEST_CASE("policy: works as a policy, with a classifier", "[json][policy][retry]") {
    bide::virtual_clock clock;
    const auto policy = policy_from_json(
        R"({"backoff":{"kind":"sequence","delays":["1s","2s"],"then":"stop"},"jitter":"none"})",
        bide::classify(bide::on<std::logic_error>(bide::verdict::transient)));
    int calls = 0;
    const auto outcome = bide::retry(bide::with(clock, policy), [&]() -> int {
        ++calls;
        throw std::logic_error{"retried only because the classifier says so"};
    });
    CHECK(calls == 3);
    CHECK(outcome.ended() == bide::end::exhausted);
    CHECK(outcome.elapsed() == 3s);
}

TEST_CASE("policy: reads a value that was parsed already", "[json][policy]") {
    const auto file = json::parse(R"({"retries":{"max_attempts":9,"jitter":"equal"}})");
    const auto policy = policy_from_json(file["retries"]);
    CHECK(facts_of(policy).max_attempts == 9);
    CHECK(facts_of(policy_from_json(json{{"max_attempts", 3}})).max_attempts == 3);  // signed
    CHECK_THROWS_WITH(policy_from_json(json{{"max_attempts", -3}}),
                      "policy: /max_attempts must be >= 1, got -3");
    const auto judged = policy_from_json(json::object(), bide::classify());
    static_assert(!std::same_as<decltype(judged), decltype(policy)>);
    CHECK_THROWS_WITH(policy_from_json(json{{"backoff", json::binary({1})}}),
                      "policy: /backoff must be an object such as {\"kind\":\"exponential\"}, got "
                      "{\"bytes\":[1],\"subtype\":null}");
}

TEST_CASE("policy: a byte-order mark is no mistake", "[json][policy][text]") {
    CHECK_NOTHROW(policy_from_json("\xef\xbb\xbf{}"));
}

TEST_CASE("policy: agrees with the corpus", "[json][policy][corpus]") {
    int accepted = 0;
    int refused = 0;
    for (const auto& [verdict, text] : corpus::rows()) {
        CAPTURE(verdict, text);
        if (verdict == "good") {
            CHECK_NOTHROW(policy_from_json(text));
            ++accepted;
        } else {
            CHECK_THROWS_AS(policy_from_json(text), bide::policy_error);
            ++refused;
        }
    }
    CHECK(accepted >= 70);
    CHECK(refused >= 150);
}

TEST_CASE("policy: the defaults of the schema are the library's", "[json][policy][schema]") {
    std::ifstream file{BIDE_TESTS_DIR "/../include/bide/json/policy.schema.json"};
    const auto schema = json::parse(file);
    const auto resolved = [&](const json& property) -> const json& {
        if (property.contains("default") || !property.contains("$ref")) return property;
        return schema.at(json::json_pointer{property["$ref"].get<std::string>().substr(1)});
    };
    const auto defaults_of = [&](const json& object) {
        auto values = json::object();
        for (const auto& [key, property] : object.at("properties").items())
            if (resolved(property).contains("default")) values[key] = resolved(property)["default"];
        return values;
    };
    const auto whole = defaults_of(schema);
    CHECK(whole.size() == 8);
    CHECK(facts_of(policy_from_json(whole)) == facts_of(bide::policy()));
    CHECK(facts_of(policy_from_json(
              json{{"max_elapsed", defaults_of(schema["$defs"]["max_elapsed"])}})) ==
          facts_of(bide::policy()));
    for (const auto* kind : {"constant", "linear", "polynomial", "fibonacci", "exponential"}) {
        CAPTURE(kind);
        auto given = defaults_of(schema["$defs"][kind]);
        CHECK(given.size() >= 2);
        given["kind"] = kind;
        CHECK(facts_of(policy_from_json(json{{"backoff", given}})) ==
              facts_of(policy_from_json(json{{"backoff", {{"kind", kind}}}})));
    }
}
