// SPDX-License-Identifier: MIT
#include <bide/json/profile.hpp>

#include "json/corpus.hpp"
#include "json/mutate.hpp"
#include "support/catch.hpp"

#include <bide/http/profiles.hpp>
#include <bide/json/read.hpp>

#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::given;
using bide::http::reset_unit;
using bide::json::owned_profile;
using bide::json::profile_error;
using bide::json::profile_from;
namespace profiles = bide::http::profiles;

// A pointer into a profile that is gone at the end of the statement is not to be had.
template <class P>
concept gives_pointer = requires(P&& p) { std::forward<P>(p).get(); };
static_assert(gives_pointer<owned_profile&>);
static_assert(gives_pointer<const owned_profile&>);
static_assert(!gives_pointer<owned_profile>);
static_assert(!gives_pointer<const owned_profile>);
static_assert(std::is_nothrow_copy_constructible_v<owned_profile>);
static_assert(std::is_base_of_v<bide::policy_error, profile_error>);

namespace {

std::string shown(bide::duration d) { return std::to_string(d.count()) + "ns"; }

/// Everything that a profile says; the unused rest of a list is left out.
std::vector<std::string> facts_of(const bide::http::profile& p) {
    std::vector<std::string> facts{std::string{p.name}};
    const auto add = [&facts](const auto&... parts) {
        std::string line;
        ((line += parts, line += ' '), ...);
        facts.push_back(line);
    };
    const auto number = [](auto value) { return std::to_string(static_cast<int>(value)); };
    for (const auto& r : p.rules)
        if (r.first <= r.last)
            add("rule", number(r.first), number(r.last), number(r.when), to_string(r.verdict),
                to_string(r.certainty));
    for (const auto& r : p.body_rules)
        if (r.first <= r.last)
            add("body", number(r.first), number(r.last), r.where, r.is, to_string(r.verdict),
                to_string(r.certainty));
    for (const auto& w : p.body_waits)
        if (!w.where.empty()) add("wait", w.where, w.after, number(w.unit));
    add(number(p.told_by_body), shown(p.least_wait.get()), std::to_string(p.rate.requests),
        shown(p.rate.per.get()), number(p.put_creates), number(p.client_error_settles),
        number(p.reset_unit), shown(p.truncates_to.get()));
    add(p.key_header, number(p.key_is_quoted), p.key_punctuation, shown(p.key_life.get()),
        p.replay_header);
    return facts;
}

std::vector<std::string> facts_of(const owned_profile& p) { return facts_of(*p); }

bide::http::profile named(std::string_view name, bide::http::profile other) {
    other.name = name;
    return other;
}

}  // namespace

TEST_CASE("profile: reads what the documentation shows", "[json][profile]") {
    const auto acme = profile_from(
        R"({"name": "acme", "like": "twilio",
            "rules": [{"status": 403, "when": "retry_after", "verdict": "throttled",
                       "certainty": "rejected"}],
            "key_header": "Idempotency-Key", "key_life": "24h"})");
    constexpr bide::http::profile same{
        .name = "acme",
        .rules = {{{403, 403, given::retry_after, verdict::throttled, certainty::rejected}}},
        .key_header = "Idempotency-Key",
        .key_life = 24h,
    };
    CHECK(facts_of(*acme) == facts_of(same));
}

TEST_CASE("profile: every field is what its type is", "[json][profile]") {
    const auto all = profile_from(
        R"({"name": "a b", "rules": [{"status": [500, 504], "verdict": "overloaded",
                                      "certainty": "ambiguous"},
                                     {"status": 409, "when": "own_key", "verdict": "transient",
                                      "certainty": "ambiguous"},
                                     {"status": 418, "when": "exhausted", "verdict": "throttled",
                                      "certainty": "rejected"},
                                     {"status": 500, "when": "replayed", "verdict": "permanent",
                                      "certainty": "answered"}],
            "body_rules": [{"status": [200, 299], "where": "/parts/*/ok", "is": "true",
                            "verdict": "success", "certainty": "answered"},
                           {"status": 200, "where": "/error", "verdict": "permanent",
                            "certainty": "answered"}],
            "body_waits": [{"where": "/text", "after": "in [", "unit": "milliseconds"},
                           {"where": "/wait"}],
            "told_by_body": true, "least_wait": "1.5s", "rate": {"requests": 7, "per": "2m"},
            "put_creates": true, "client_error_settles": true, "reset_unit": "epoch_seconds", "truncates_to": "1s",
            "key_header": "Key", "key_is_quoted": true, "key_punctuation": "_:", "key_life": "48h",
            "replay_header": "Saved"})");
    constexpr bide::http::profile same{
        .name = "a b",
        .rules = {{{500, 504, given::always, verdict::overloaded, certainty::ambiguous},
                   {409, 409, given::own_key, verdict::transient, certainty::ambiguous},
                   {418, 418, given::exhausted, verdict::throttled, certainty::rejected},
                   {500, 500, given::replayed, verdict::permanent, certainty::answered}}},
        .body_rules = {{{200, 299, "/parts/*/ok", "true", verdict::success, certainty::answered},
                        {200, 200, "/error", "", verdict::permanent, certainty::answered}}},
        .body_waits = {{{"/text", "in [", reset_unit::milliseconds}, {"/wait"}}},
        .told_by_body = true,
        .least_wait = 1500ms,
        .rate = {7, 2min},
        .put_creates = true,
        .client_error_settles = true,
        .reset_unit = reset_unit::epoch_seconds,
        .truncates_to = 1s,
        .key_header = "Key",
        .key_is_quoted = true,
        .key_punctuation = "_:",
        .key_life = 48h,
        .replay_header = "Saved",
    };
    CHECK(facts_of(*all) == facts_of(same));
}

TEST_CASE("profile: starts from a known one, and what is given replaces", "[json][profile]") {
    CHECK(facts_of(profile_from(R"({"name":"a"})")) == facts_of({.name = "a"}));
    for (const auto* p : profiles::all) {
        const nlohmann::json text{{"name", "a"}, {"like", p->name}};
        CHECK(facts_of(profile_from(text)) == facts_of(named("a", *p)));
        CHECK(facts_of(profile_from(text.dump())) == facts_of(named("a", *p)));
    }
    auto other = named("a", profiles::github);
    other.rules = {};
    other.rules[0] = {404, 404, given::always, verdict::throttled, certainty::rejected};
    other.body_rules = {};
    other.rate = {};
    CHECK(facts_of(profile_from(
              R"({"name":"a","like":"github","rules":[{"status":404,"verdict":"throttled",
                  "certainty":"rejected"}],"body_rules":[],"rate":null})")) == facts_of(other));
    other = named("a", profiles::stripe);
    other.key_header = other.replay_header = {};
    other.key_life = 0s;
    CHECK(facts_of(profile_from(
              R"({"name":"a","like":"stripe","key_header":null,"replay_header":null})")) ==
          facts_of(other));
}

TEST_CASE("profile: its texts live as long as the last copy", "[json][profile]") {
    std::optional<owned_profile> first;
    {
        std::string text = R"({"name":"a","key_header":"K","key_life":"1h","body_waits":[
            {"where":"/a/text/that/is/too/long/to/stand/in/a/string/itself"}]})";
        first = profile_from(text);
        text.assign(text.size(), 'x');
    }
    const auto* address = first->get();
    const auto copy = *first;
    const auto facts = facts_of(*copy);
    auto moved = std::move(*first);
    first.reset();
    CHECK(moved.get() == address);
    CHECK(copy.get() == address);
    moved = profile_from(R"({"name":"b"})");
    CHECK(copy->name == "a");
    CHECK(copy->key_header == "K");
    CHECK(facts_of(*copy) == facts);
}

TEST_CASE("profile: the corpus is accepted and refused as it says", "[json][profile][corpus]") {
    for (const auto& [kind, text] : corpus::rows("profiles.txt")) {
        CAPTURE(text);
        if (kind == "good")
            CHECK_NOTHROW(profile_from(text));
        else
            CHECK_THROWS_AS(profile_from(text), profile_error);
    }
}

TEST_CASE("profile: messages say where, what is allowed, what was found",
          "[json][profile][errors]") {
    struct row {
        std::string_view text;
        std::string_view pointer;
        std::string_view problem;
    };
    const auto [text, pointer, problem] = GENERATE(values<row>({
        {"{", "", "the text must be JSON, got a mistake at line 1, column 2"},
        {R"({"name":"a","name":"a"})", "/name", "/name must be given once, got it twice"},
        {R"({})", "/name", "/name must be 1 to 64 letters, digits, spaces and ._-, got nothing"},
        {R"({"name":"a","like":"acme"})", "/like",
         R"(/like must be one of "generic", "vonage", "vonage-sms", "twilio", "plivo", "telnyx", )"
         R"("bandwidth", "sinch", "bird", "infobip", "audian", "github", "stripe", got "acme")"},
        {R"({"name":"a","key":1})", "/key",
         "/key must be one of the keys name, like, rules, body_rules, body_waits, told_by_body, "
         "least_wait, rate, put_creates, client_error_settles, reset_unit, truncates_to, "
         "key_header, "
         "key_is_quoted, key_punctuation, key_life, replay_header, got \"key\""},
        {R"({"name":"a","rules":[1,2,3,4,5,6,7,8,9]})", "/rules",
         "/rules must be an array of 0 to 8 rules, got an array of 9"},
        {R"({"name":"a","rules":[{"status":429,"when":"often"}]})", "/rules/0/when",
         R"(/rules/0/when must be one of "always", "retry_after", "exhausted", "own_key", )"
         R"("replayed", got "often")"},
        {R"({"name":"a","rules":[{"status":429,"verdict":"bad"}]})", "/rules/0/verdict",
         R"(/rules/0/verdict must be one of "success", "throttled", "overloaded", "transient", )"
         R"("permanent", got "bad")"},
        {R"({"name":"a","rules":[{"status":429,"verdict":"throttled","certainty":"not_sent"}]})",
         "/rules/0/certainty",
         R"(/rules/0/certainty must be one of "rejected", "ambiguous", "answered", got "not_sent")"},
        {R"({"name":"a","rules":[{"status":600}]})", "/rules/0/status",
         "/rules/0/status must be a status from 100 to 599, or the first and the last: [500,504], "
         "got 600"},
        {R"({"name":"a","rules":[{"status":[504,500]}]})", "/rules/0/status",
         "/rules/0/status must be in order, got [504,500]"},
        {R"({"name":"a","body_rules":[{"status":200,"where":"a"}]})", "/body_rules/0/where",
         R"(/body_rules/0/where must be a JSON pointer such as "/errors/*/code", got "a")"},
        {R"({"name":"a","told_by_body":true})", "/told_by_body",
         R"(/told_by_body must be false without a body rule of the verdict "success", got true)"},
        {R"({"name":"a","rate":{"requests":0,"per":"1s"}})", "/rate/requests",
         "/rate/requests must be a whole number of 1 or more, got 0"},
        {R"({"name":"a","rate":{"requests":1,"per":"0s"}})", "/rate/per",
         "/rate/per must be above 0s, got \"0s\""},
        {R"({"name":"a","key_header":"K"})", "/key_life",
         "/key_life must be above 0s beside key_header, got nothing"},
        {R"({"name":"a","key_life":"1h"})", "/key_header",
         "/key_header must be the name of a header field beside key_life, got nothing"},
    }));
    CAPTURE(text);
    try {
        (void)profile_from(text);
        FAIL("accepted");
    } catch (const profile_error& e) {
        CHECK(e.pointer() == pointer);
        CHECK(e.what() == "profile: " + std::string{problem});
    }
}

TEST_CASE("profile: a changed text is read, or refused with a place", "[json][profile][mutation]") {
    std::vector<std::string> good;
    for (const auto& [kind, text] : corpus::rows("profiles.txt"))
        if (kind == "good") good.push_back(text);
    mutator mutate{20261122};
    int accepted = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto text = mutate(good[mutate.below(good.size())]);
        CAPTURE(text);
        try {
            const auto p = profile_from(text);
            accepted += facts_of(*p).front().empty() ? 0 : 1;
        } catch (const profile_error& e) {
            CHECK(std::string{e.what()}.starts_with("profile: "));
        }
    }
    CHECK(accepted > 50);
    CHECK(accepted < 950);
}

TEST_CASE("profile: the schema knows the same keys and the same profiles", "[json][profile]") {
    std::ifstream file{BIDE_TESTS_DIR "/../include/bide/json/profile.schema.json"};
    REQUIRE(file);
    const auto schema = nlohmann::ordered_json::parse(file);
    const auto& properties = schema.at("properties");
    std::vector<std::string> names;
    for (const auto* p : profiles::all) names.emplace_back(p->name);
    CHECK(properties.at("like").at("enum").get<std::vector<std::string>>() == names);
    std::string keys;
    for (const auto& item : properties.items()) keys += (keys.empty() ? "" : ", ") + item.key();
    CHECK_THROWS_WITH(profile_from(R"({"name":"a","x":1})"),
                      "profile: /x must be one of the keys " + keys + ", got \"x\"");
}

TEST_CASE("profile: what the known providers say in their bodies", "[json][profile][body]") {
    struct row {
        const bide::http::profile* provider;
        int status;
        std::string_view body;
        verdict v;
        certainty c;
        std::optional<std::chrono::milliseconds> hint;
    };
    constexpr auto none = std::nullopt;
    const auto* sms = &profiles::vonage_sms;
    const auto status =
        GENERATE(values<std::string_view>({"2", "3", "4", "6", "7", "8", "9", "29"}));
    const auto final_body = R"({"messages":[{"status":")" + std::string{status} + R"("}]})";
    const std::vector<row> rows = {
        {sms, 200, R"({"messages":[{"status":"0"}]})", verdict::success, certainty::answered, none},
        {sms, 200, R"({"messages":[{"status":"0"},{"status":"0"}]})", verdict::success,
         certainty::answered, none},
        {sms, 200,
         R"({"messages":[{"status":"1","error-text":"Throughput Rate Exceeded - please wait [ 250 ] and retry"}]})",
         verdict::throttled, certainty::rejected, 250ms},
        {sms, 200, R"({"messages":[{"status":"1","error-text":"Throttled"}]})", verdict::throttled,
         certainty::rejected, none},
        {sms, 200,
         R"({"messages":[{"status":"1","error-text":"MAX [ 30 ] INTERVAL [ 1000 ] TIME_SINCE_LAST_INTERVAL_START [ 529 ]"}]})",
         verdict::throttled, certainty::rejected, 1000ms},
        {sms, 200, R"({"messages":[{"status":"10"}]})", verdict::throttled, certainty::rejected,
         none},
        {sms, 200, R"({"messages":[{"status":"5"}]})", verdict::overloaded, certainty::ambiguous,
         none},
        {sms, 200, final_body, verdict::permanent, certainty::answered, none},
        {sms, 200, R"({"messages":[{"status":"0"},{"status":"1"}]})", verdict::permanent,
         certainty::ambiguous, none},
        {sms, 200, R"({"messages":[{"status":"1"},{"status":"5"}]})", verdict::permanent,
         certainty::ambiguous, none},
        {sms, 200, R"({"messages":[]})", verdict::transient, certainty::ambiguous, none},
        {sms, 200, "<html>", verdict::transient, certainty::ambiguous, none},
        {&profiles::github, 403,
         R"({"message":"You have exceeded a secondary rate limit. Please wait a few minutes."})",
         verdict::throttled, certainty::rejected, 60s},
        {&profiles::github, 403, R"({"message":"Resource not accessible by integration"})",
         verdict::permanent, certainty::answered, none},
        {&profiles::sinch, 409,
         R"({"type":"https://developers.sinch.com/docs/errors/registry/idempotency-conflict"})",
         verdict::transient, certainty::rejected, none},
        {&profiles::sinch, 409, R"({"type":"about:blank"})", verdict::permanent,
         certainty::answered, none},
        {&profiles::twilio, 429, R"({"code":20429,"status":429})", verdict::throttled,
         certainty::rejected, none},
        {&profiles::twilio, 500, R"({"code":20500,"status":500})", verdict::overloaded,
         certainty::ambiguous, none},
        {&profiles::vonage, 200, R"({"messages":[{"status":"1"}]})", verdict::success,
         certainty::answered, none},
    };
    for (const auto& r : rows) {
        CAPTURE(r.provider->name, r.body);
        const auto found = bide::json::read({.status = r.status, .body = r.body},
                                            {.method = "POST"}, *r.provider, std::nullopt)
                               .finding;
        CHECK(to_string(found.verdict) == std::string{to_string(r.v)});
        CHECK(to_string(found.certainty) == std::string{to_string(r.c)});
        CHECK(std::optional<bide::duration>{found.hint} == r.hint);
    }
}
