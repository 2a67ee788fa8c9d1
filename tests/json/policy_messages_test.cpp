// SPDX-License-Identifier: MIT
#include <bide/json/policy.hpp>

#include "support/catch.hpp"

#include <string>
#include <string_view>

using bide::policy_error;
using bide::policy_from_json;

namespace {

struct refusal {
    std::string pointer;
    std::string message;
};

refusal refusal_of(const std::string& text) {
    try {
        (void)policy_from_json(text);
    } catch (const policy_error& e) {
        return {e.pointer(), e.what()};
    }
    return {"accepted", "accepted"};
}

struct row {
    std::string_view text;
    std::string_view pointer;
    std::string_view problem;  ///< The message without "policy: " and the pointer.
};

void check_row(const row& r) {
    CAPTURE(r.text);
    const auto found = refusal_of(std::string{r.text});
    CHECK(found.pointer == r.pointer);
    const std::string place{r.pointer.empty() ? "the text" : r.pointer};
    CHECK(found.message == "policy: " + place + ' ' + std::string{r.problem});
}

}  // namespace

TEST_CASE("policy messages: what is no JSON", "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {"", "", "must be JSON, got a mistake at line 1, column 1"},
        {"{", "", "must be JSON, got a mistake at line 1, column 2"},
        {"{\n  \"jitter\": full\n}", "", "must be JSON, got a mistake at line 2, column 14"},
        {"{\"jitter\": \"full\",\n}", "", "must be JSON, got a mistake at line 2, column 1"},
        {"{}\n\n x", "", "must be JSON, got a mistake at line 3, column 2"},
        {"{\"\xc3\xa4\xe2\x82\xac\"x", "", "must be JSON, got a mistake at line 1, column 6"},
        {"{\"\xff\":1}", "", "must be JSON, got a mistake at line 1, column 3"},
        {{"{}\n\0{", 5}, "", "must be JSON, got a mistake at line 2, column 1"},
        {"{\"max_attempts\":1e999}", "/max_attempts",
         "must be a number that fits a double, got 1e999 at line 1, column 21"},
        {R"({"backoff":{"kind":"sum","of":[{},{"factor":-1e999}]}})", "/backoff/of/1/factor",
         "must be a number that fits a double, got -1e999 at line 1, column 50"},
        {R"({"backoff":{"kind":"sequence","delays":["1s",1e999]}})", "/backoff/delays/1",
         "must be a number that fits a double, got 1e999 at line 1, column 50"},
    })));
}

TEST_CASE("policy messages: what is said twice", "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {R"({"jitter":"full","jitter":"full"})", "/jitter", "must be given once, got it twice"},
        {R"({"a/b":1,"a/b":2})", "/a~1b", "must be given once, got it twice"},
        {R"({"backoff":{"kind":"constant","base":"1s","b\u0061se":"1s"}})", "/backoff/base",
         "must be given once, got it twice"},
        {R"({"backoff":{"kind":"sum","of":[{},[],{"kind":1,"kind":1}]}})", "/backoff/of/2/kind",
         "must be given once, got it twice"},
    })));
}

TEST_CASE("policy messages: what is unknown", "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {R"({"retries":3})", "/retries",
         "must be one of the keys backoff, jitter, max_attempts, max_elapsed, max_hint, "
         "try_timeout, connect_timeout, grace, got \"retries\""},
        {R"({"":3})", "/",
         "must be one of the keys backoff, jitter, max_attempts, max_elapsed, max_hint, "
         "try_timeout, connect_timeout, grace, got \"\""},
        {R"({"max_elapsed":{"totl":"1s"}})", "/max_elapsed/totl",
         "must be one of the keys total, least_try, got \"totl\""},
        {R"({"backoff":{"kind":"constant","cap":"1s"}})", "/backoff/cap",
         "must be one of the keys kind, base, jitter, at_least, got \"cap\""},
        {R"({"backoff":{"kind":"linear","factor":2}})", "/backoff/factor",
         "must be one of the keys kind, base, step, cap, jitter, at_least, got \"factor\""},
        {R"({"backoff":{"kind":"polynomial","factor":2}})", "/backoff/factor",
         "must be one of the keys kind, base, degree, cap, jitter, at_least, got \"factor\""},
        {R"({"backoff":{"kind":"fibonacci","factor":2}})", "/backoff/factor",
         "must be one of the keys kind, base, cap, jitter, at_least, got \"factor\""},
        {R"({"backoff":{"kind":"exponential","fator":2}})", "/backoff/fator",
         "must be one of the keys kind, base, factor, cap, jitter, at_least, got \"fator\""},
        {R"({"backoff":{"kind":"sequence","delays":["1s"],"base":"1s"}})", "/backoff/base",
         "must be one of the keys kind, delays, then, jitter, at_least, got \"base\""},
        {R"({"backoff":{"kind":"sum","of":[{"kind":"constant"},{"kind":"constant"}],"a":1}})",
         "/backoff/a", "must be one of the keys kind, of, jitter, at_least, got \"a\""},
        {R"({"backoff":{"kind":"by_verdict","otherwise":{"kind":"constant"},
            "throttled":{"kind":"constant"},"a":1}})",
         "/backoff/a",
         "must be one of the keys kind, otherwise, throttled, jitter, at_least, got \"a\""},
        {R"({"jitter":{"kind":"full","factor":1}})", "/jitter/factor",
         "must be one of the keys kind, got \"factor\""},
        {R"({"jitter":{"kind":"proportional","factor":1,"a":1}})", "/jitter/a",
         "must be one of the keys kind, factor, got \"a\""},
        {R"({"backoff":{"kind":"computed"}})", "/backoff/kind",
         "must be one of \"constant\", \"linear\", \"polynomial\", \"fibonacci\", \"exponential\", "
         "\"sequence\", \"sum\", \"by_verdict\", got \"computed\""},
        {R"({"backoff":{}})", "/backoff/kind",
         "must be one of \"constant\", \"linear\", \"polynomial\", \"fibonacci\", \"exponential\", "
         "\"sequence\", \"sum\", \"by_verdict\", got nothing"},
        {R"({"jitter":"ful"})", "/jitter",
         "must be one of \"none\", \"full\", \"equal\", \"decorrelated\" or an object such as "
         "{\"kind\":\"proportional\",\"factor\":0.2}, got \"ful\""},
        {R"({"jitter":null})", "/jitter",
         "must be one of \"none\", \"full\", \"equal\", \"decorrelated\" or an object such as "
         "{\"kind\":\"proportional\",\"factor\":0.2}, got null"},
        {R"({"jitter":{"kind":"ful"}})", "/jitter/kind",
         "must be one of \"none\", \"full\", \"equal\", \"decorrelated\", \"proportional\", got "
         "\"ful\""},
        {R"({"jitter":{}})", "/jitter/kind",
         "must be one of \"none\", \"full\", \"equal\", \"decorrelated\", \"proportional\", got "
         "nothing"},
        {R"({"backoff":{"kind":"sequence","delays":["1s"],"then":"end"}})", "/backoff/then",
         "must be \"repeat\" or \"stop\", got \"end\""},
        {R"({"try_timeout":"10min"})", "/try_timeout",
         "must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got \"10min\""},
    })));
}

TEST_CASE("policy messages: what has the wrong type", "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {"[]", "", "must be an object, got an array"},
        {"null", "", "must be an object, got null"},
        {R"({"backoff":"exponential"})", "/backoff",
         "must be an object such as {\"kind\":\"exponential\"}, got \"exponential\""},
        {R"({"backoff":{"kind":"by_verdict","otherwise":{"kind":"constant"}}})",
         "/backoff/throttled", "must be an object such as {\"kind\":\"exponential\"}, got nothing"},
        {R"({"max_attempts":"4"})", "/max_attempts", "must be null or a whole number, got \"4\""},
        {R"({"max_attempts":1.5})", "/max_attempts", "must be null or a whole number, got 1.5"},
        {R"({"max_elapsed":30})", "/max_elapsed",
         "must be null, a duration such as \"1.5s\" (units: ns, us, ms, s, m, h) or an object such "
         "as {\"total\":\"30s\",\"least_try\":\"1s\"}, got 30"},
        {R"({"max_elapsed":{"total":{}}})", "/max_elapsed/total",
         "must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got an object"},
        {R"({"max_elapsed":{"least_try":null}})", "/max_elapsed/least_try",
         "must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got null"},
        {R"({"max_hint":60})", "/max_hint",
         "must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got 60"},
        {R"({"connect_timeout":[]})", "/connect_timeout",
         "must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got an array"},
        {R"({"grace":"true"})", "/grace", "must be true or false, got \"true\""},
        {R"({"backoff":{"kind":"constant","base":1}})", "/backoff/base",
         "must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got 1"},
        {R"({"backoff":{"kind":"linear","step":null}})", "/backoff/step",
         "must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got null"},
        {R"({"backoff":{"kind":"linear","cap":false}})", "/backoff/cap",
         "must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got false"},
        {R"({"backoff":{"kind":"linear","at_least":0}})", "/backoff/at_least",
         "must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got 0"},
        {R"({"backoff":{"kind":"polynomial","degree":2.5}})", "/backoff/degree",
         "must be a whole number, got 2.5"},
        {R"({"backoff":{"kind":"exponential","factor":"2"}})", "/backoff/factor",
         "must be a number, got \"2\""},
        {R"({"jitter":{"kind":"proportional"}})", "/jitter/factor",
         "must be a number, got nothing"},
        {R"({"jitter":{"kind":"proportional","factor":true}})", "/jitter/factor",
         "must be a number, got true"},
        {R"({"backoff":{"kind":"sequence"}})", "/backoff/delays",
         "must be an array of 1 to 1000 durations, got nothing"},
        {R"({"backoff":{"kind":"sequence","delays":[]}})", "/backoff/delays",
         "must be an array of 1 to 1000 durations, got an array of 0"},
        {R"({"backoff":{"kind":"sequence","delays":["1s",{}]}})", "/backoff/delays/1",
         "must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), got an object"},
        {R"({"backoff":{"kind":"sum","of":{}}})", "/backoff/of",
         "must be an array of 2 to 16 backoffs, got an object"},
        {R"({"backoff":{"kind":"sum","of":[{"kind":"constant"}]}})", "/backoff/of",
         "must be an array of 2 to 16 backoffs, got an array of 1"},
    })));
}

TEST_CASE("policy messages: what is out of range, in the words of the types",
          "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {R"({"max_attempts":0})", "/max_attempts", "must be >= 1, got 0"},
        {R"({"max_attempts":-7})", "/max_attempts", "must be >= 1, got -7"},
        {R"({"max_elapsed":"0s"})", "/max_elapsed", "must be > 0, got \"0s\""},
        {R"({"max_elapsed":{"total":"0ms"}})", "/max_elapsed/total", "must be > 0, got \"0ms\""},
        {R"({"max_elapsed":{"total":"1s","least_try":"2s"}})", "/max_elapsed/least_try",
         "must be from 0 to total, got \"2s\""},
        {R"({"try_timeout":"0s"})", "/try_timeout", "must be > 0, got \"0s\""},
        {R"({"connect_timeout":"0.0m"})", "/connect_timeout", "must be > 0, got \"0.0m\""},
        {R"({"backoff":{"kind":"linear","base":"0s"}})", "/backoff/base",
         "must be > 0, got \"0s\""},
        {R"({"backoff":{"kind":"linear","base":"2s","cap":"1s"}})", "/backoff/cap",
         "must be >= base, got \"1s\""},
        {R"({"backoff":{"kind":"linear","base":"1m"}})", "/backoff/cap",
         "must be >= base, got 20s (the default)"},
        {R"({"backoff":{"kind":"polynomial","base":"0s"}})", "/backoff/base",
         "must be > 0, got \"0s\""},
        {R"({"backoff":{"kind":"polynomial","degree":0}})", "/backoff/degree",
         "must be >= 1, got 0"},
        {R"({"backoff":{"kind":"polynomial","cap":"1ms"}})", "/backoff/cap",
         "must be >= base, got \"1ms\""},
        {R"({"backoff":{"kind":"fibonacci","base":"0s"}})", "/backoff/base",
         "must be > 0, got \"0s\""},
        {R"({"backoff":{"kind":"fibonacci","cap":"1ms"}})", "/backoff/cap",
         "must be >= base, got \"1ms\""},
        {R"({"backoff":{"kind":"exponential","base":"0s"}})", "/backoff/base",
         "must be > 0, got \"0s\""},
        {R"({"backoff":{"kind":"exponential","factor":0.5}})", "/backoff/factor",
         "must be finite and >= 1, got 0.5"},
        {R"({"backoff":{"kind":"exponential","factor":0.99999}})", "/backoff/factor",
         "must be finite and >= 1, got 0.99999"},
        {R"({"backoff":{"kind":"exponential","cap":"1ms"}})", "/backoff/cap",
         "must be >= base, got \"1ms\""},
        {R"({"backoff":{"kind":"by_verdict","otherwise":{"kind":"constant"},
            "throttled":{"kind":"exponential","cap":"1ms"}}})",
         "/backoff/throttled/cap", "must be >= base, got \"1ms\""},
        {R"({"jitter":{"kind":"proportional","factor":1.5}})", "/jitter/factor",
         "must be from 0 to 1, got 1.5"},
        {R"({"jitter":{"kind":"proportional","factor":-0.5}})", "/jitter/factor",
         "must be from 0 to 1, got -0.5"},
    })));
}

TEST_CASE("policy messages: a second jitter, or one around a floor", "[json][policy][errors]") {
    check_row(GENERATE(values<row>({
        {R"({"backoff":{"kind":"linear","jitter":"equal"},"jitter":"full"})", "/jitter",
         "must be absent, for a backoff takes one jitter and /backoff/jitter is there, got "
         "\"full\""},
        {R"({"backoff":{"kind":"sum","jitter":{"kind":"full"},"of":[{"kind":"constant"},
            {"kind":"constant","jitter":"none"}]}})",
         "/backoff/jitter",
         "must be absent, for a backoff takes one jitter and /backoff/of/1/jitter is there, got an "
         "object"},
        {R"({"backoff":{"kind":"sum","of":[{"kind":"constant","jitter":"none"},
            {"kind":"constant"},{"kind":"constant"}]},"jitter":{"kind":"full"}})",
         "/jitter",
         "must be absent, for a backoff takes one jitter and /backoff/of/0/jitter is there, got an "
         "object"},
        {R"({"backoff":{"kind":"by_verdict","otherwise":{"kind":"constant","jitter":"none"},
            "throttled":{"kind":"constant","jitter":"full"},"jitter":"none"}})",
         "/backoff/jitter",
         "must be absent, for a backoff takes one jitter and /backoff/otherwise/jitter is there, "
         "got \"none\""},
        {R"({"backoff":{"kind":"sum","of":[{"kind":"constant"},{"kind":"constant","at_least":"1s"}]},
             "jitter":"full"})",
         "/jitter", "must be absent, for it would undercut /backoff/of/1/at_least, got \"full\""},
    })));
}

TEST_CASE("policy messages: what is too large", "[json][policy][errors][limits]") {
    const std::string empty = "{}";
    CHECK(refusal_of(empty + std::string(65'534, ' ')).message == "accepted");
    const auto longer = refusal_of(empty + std::string(65'535, ' '));
    CHECK(longer.message == "policy: the text must be at most 65536 bytes long, got 65537");
    CHECK(longer.pointer.empty());

    // 32 values deep and an error for what it says; one deeper and it is not read to the end.
    const auto arrays = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    CHECK(refusal_of(arrays(32)).message == "policy: the text must be an object, got an array");
    const auto deep = refusal_of(arrays(33));
    std::string pointer;
    for (int i = 0; i < 32; ++i) pointer += "/0";
    CHECK(deep.pointer == pointer);
    CHECK(deep.message == "policy: " + pointer + " must be nested at most 32 deep, got more");
    CHECK(refusal_of(std::string(60'000, '[')).message == deep.message);

    std::string backoff = R"({"kind":"constant"})";
    for (int level = 1; level < 8; ++level)
        backoff = R"({"kind":"sum","of":[{"kind":"constant"},)" + backoff + "]}";
    CHECK(refusal_of(R"({"backoff":)" + backoff + "}").message == "accepted");
    const auto nested =
        refusal_of(R"({"backoff":{"kind":"sum","of":[)" + backoff + R"(,{"kind":"constant"}]}})");
    CHECK(nested.message ==
          "policy: /backoff/of/0/of/1/of/1/of/1/of/1/of/1/of/1/of/0 must be nested at most 8 "
          "backoffs deep, got more");

    const auto sequence = [](std::size_t n) {
        std::string delays = R"("1s")";
        for (std::size_t i = 1; i < n; ++i) delays += R"(,"1s")";
        return refusal_of(R"({"backoff":{"kind":"sequence","delays":[)" + delays + "]}}").message;
    };
    CHECK(sequence(1000) == "accepted");
    CHECK(sequence(1001) ==
          "policy: /backoff/delays must be an array of 1 to 1000 durations, got an array of 1001");
}

TEST_CASE("policy messages: one short line of ASCII, whatever the text holds",
          "[json][policy][errors][privacy]") {
    CHECK(refusal_of(R"({"jitter":{"kind":"a\nb\u00e4"}})").message ==
          "policy: /jitter/kind must be one of \"none\", \"full\", \"equal\", \"decorrelated\", "
          "\"proportional\", got \"a\\nb\\u00e4\"");
    CHECK(refusal_of(R"({"try_timeout":")" + std::string(60'000, 'x') + "\"}").message ==
          "policy: /try_timeout must be null or a duration such as \"1.5s\" (units: ns, us, ms, s, "
          "m, h), got \"" +
              std::string(39, 'x') + "...");
    const auto key = refusal_of("{\"a\\n" + std::string(60'000, 'x') + "\":1}");
    CHECK(key.message == "policy: /a\\n" + std::string(155, 'x') +
                             "... must be one of the keys backoff, jitter, max_attempts, "
                             "max_elapsed, max_hint, try_timeout, connect_timeout, grace, got "
                             "\"a\\n" +
                             std::string(36, 'x') + "...");
    CHECK(key.pointer == "/a\n" + std::string(60'000, 'x'));
}
