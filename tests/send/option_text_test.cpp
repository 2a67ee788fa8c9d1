// SPDX-License-Identifier: MIT
#include "send/option_text.hpp"

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/http/profiles.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

struct result {
    sender::command c;
    sender::options o;
};

result with(const char* name, const char* text) {
    result r;
    sender::set_option(r.c, r.o, name, text);
    return r;
}

}  // namespace

TEST_CASE("option_text: sets what it names", "[send][options]") {
    CHECK(with("--gateway", "http://a").o.gateway == "http://a");
    CHECK(with("--profile", "vonage").o.looks == sender::shape::vonage);
    CHECK(with("--count", "500").c.count == 500);
    CHECK(with("--concurrency", "1024").o.concurrency == 1024);
    CHECK(with("--pace", "auto").o.speed.how == sender::pace::kind::found);
    CHECK(with("--pace", "none").o.speed.how == sender::pace::kind::free);
    CHECK(with("--pace", "0.5").o.speed.how == sender::pace::kind::fixed);
    CHECK(with("--pace", "0.5").o.speed.per_s == 0.5);
    CHECK(with("--per-sender", "1000000").o.per_sender.how == sender::pace::kind::fixed);
    CHECK(with("--per-sender", "1000000").o.per_sender.per_s == 1e6);
    CHECK(with("--deadline", "90s").o.deadline.value().get() == 90s);
    CHECK(with("--max-elapsed", "2m").o.per_message.max_elapsed.get() == 2min);
    CHECK(with("--max-attempts", "4").o.per_message.max_attempts == 4);
    CHECK(with("--try-timeout", "250ms").o.per_message.try_timeout.get() == 250ms);
    CHECK(with("--shape", "twilio").o.looks == sender::shape::twilio);
    CHECK(with("--from", "ACME").o.who.from == "ACME");
    CHECK(with("--account", "AC_1").o.who.account == "AC_1");
    CHECK(with("--callback", "https://a/b").o.who.callback == "https://a/b");
    CHECK(with("--id-prefix", "run7-").c.id_prefix == "run7-");
}

TEST_CASE("option_text: messages name option, allowed values and value",
          "[send][options][errors]") {
    struct row {
        const char* name;
        const char* text;
        const char* expected;
    };
    const auto [name, text, expected] = GENERATE(values<row>({
        {"--profile", "sms77",
         "--profile must be @FILE, generic, vonage, vonage-sms, twilio, plivo, telnyx, bandwidth, "
         "sinch, bird, infobip, audian, github or stripe, got \"sms77\""},
        {"--profile", "@bide_no_such.json",
         "--profile: bide_no_such.json: the file must be readable: No such file or directory"},
        {"--shape", "sinch",
         "--shape must be generic, vonage, vonage-sms, twilio, plivo, telnyx or audian, got "
         "\"sinch\""},
        {"--account", "a/b", "--account must be 1 to 64 letters, digits, '-' or '_', got \"a/b\""},
        {"--callback", "https://a/?b=c",
         "--callback must be an http or https URL without a query, got \"https://a/?b=c\""},
        {"--callback", "a.org",
         "--callback must be an http or https URL without a query, got \"a.org\""},
        {"--count", "0", "--count must be a whole number from 1 to 10000000, got \"0\""},
        {"--count", "-1", "--count must be a whole number from 1 to 10000000, got \"-1\""},
        {"--count", "1e3", "--count must be a whole number from 1 to 10000000, got \"1e3\""},
        {"--count", "99999999999999999999",
         "--count must be a whole number from 1 to 10000000, got \"99999999999999999999\""},
        {"--concurrency", "2000",
         "--concurrency must be a whole number from 1 to 1024, got \"2000\""},
        {"--pace", "fast",
         "--pace must be auto, none or messages per second, from 0.001 to 1000000, got \"fast\""},
        {"--pace", "0",
         "--pace must be auto, none or messages per second, from 0.001 to 1000000, got \"0\""},
        {"--per-sender", "1000000.1",
         "--per-sender must be messages per second, from 0.001 to 1000000, got \"1000000.1\""},
        {"--per-sender", "auto",
         "--per-sender must be messages per second, from 0.001 to 1000000, got \"auto\""},
        {"--max-attempts", "",
         "--max-attempts must be a whole number from 1 to 18446744073709551615, got \"\""},
        {"--deadline", "10",
         "--deadline must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"10\""},
        {"--max-elapsed", "0s",
         "--max-elapsed must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"0s\""},
        {"--try-timeout", "soon",
         "--try-timeout must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"soon\""},
        {"--policy", "{\"max_attempts\":0}", "--policy: /max_attempts must be >= 1, got 0"},
        {"--policy", "4 times",
         "--policy: the text must be JSON, got a mistake at line 1, column 4"},
        {"--policy", "{\"gates\":{\"pace\":{\"kind\":\"token_bucket\"}}}",
         "--policy: /gates/pace/rate must be a whole number, got nothing"},
        {"--policy", "@bide_no_such.json",
         "--policy: bide_no_such.json: the file must be readable: No such file or directory"},
        {"--from", "a name too long for it",
         "--from must be 1 to 15 characters, got \"a name too long for it\""},
        {"--id-prefix", "a b",
         "--id-prefix must be 1 to 40 letters, digits, '-', '_' or '.', got \"a b\""},
        {"--nothing", "1", "--nothing is not an option"},
    }));
    CAPTURE(name, text);
    CHECK_THROWS_WITH(with(name, text), expected);
}

TEST_CASE("option_text: a profile knows its shape, and one from a file is generic",
          "[send][options][profile]") {
    for (const auto* const p : bide::http::profiles::all) {
        const auto o = with("--profile", std::string{p->name}.c_str()).o;
        CHECK(o.profile == p);
        CHECK(o.looks == sender::shape_of(p->name));
    }
    const std::string file = "bide_send_profile_test.json";
    std::ofstream{file} << R"({"name":"acme","like":"telnyx","key_life":"1h"})";
    const auto copy = with("--profile", ("@" + file).c_str()).o;
    REQUIRE(copy.profile != nullptr);
    CHECK(copy.profile->name == "acme");
    CHECK(copy.profile->key_header == "Idempotency-Key");
    CHECK(copy.looks == sender::shape::generic);
    std::ofstream{file} << R"({"name":"acme","key_life":"soon"})";
    CHECK_THROWS_WITH(with("--profile", ("@" + file).c_str()),
                      ContainsSubstring("--profile: /key_life must be "));
    CHECK(std::remove(file.c_str()) == 0);
}

TEST_CASE("option_text: a pace that is to be found begins with the rate that is published",
          "[send][options][profile]") {
    CHECK(sender::speed_for(with("--profile", "plivo").o).per_s == 60);  // 300 in 5 s
    CHECK(sender::speed_for(with("--profile", "generic").o).per_s == 0);
    auto fixed = with("--profile", "vonage").o;
    fixed.speed = {.how = sender::pace::kind::fixed, .per_s = 2};
    CHECK(sender::speed_for(fixed).per_s == 2);
    fixed.speed = {};
    CHECK(sender::speed_for(fixed).how == sender::pace::kind::free);
}

TEST_CASE("option_text: a policy as text or from a file", "[send][options][policy]") {
    const std::string text =
        R"({"backoff":{"kind":"constant","base":"3s"},"jitter":"none","max_attempts":2,)"
        R"("max_elapsed":"1m","try_timeout":"4s","connect_timeout":"1s"})";
    const std::string file = "bide_send_policy_test.json";
    std::ofstream{file} << text;
    for (const auto& argument : {text, "@" + file}) {
        const auto policy =
            sender::delivery_policy(with("--policy", argument.c_str()).o.per_message);
        CHECK(policy.delays().band_of({}) == bide::band{3s, 3s});
        CHECK(policy.limits().check({.number = 2}) == bide::end::done);
        CHECK(policy.limits().check({.number = 3}) == bide::end::exhausted);
        CHECK(policy.limits().latest({}).time_since_epoch() == 1min);
        CHECK(policy.options().try_timeout.get() == 4s);
        CHECK(policy.options().connect_timeout.get() == 1s);
    }
    CHECK(std::remove(file.c_str()) == 0);
}

TEST_CASE("option_text: without a policy it is the sender's own, to the end of the run",
          "[send][policy]") {
    const bide::time_point end{2min};
    const auto policy = sender::delivery_policy({.max_attempts = 9}, end);
    const sender::bulk_backoff own;
    for (const auto because : {bide::verdict::throttled, bide::verdict::transient}) {
        const bide::attempt a{.number = 9, .previous = 1s, .because = because};
        CHECK(policy.delays().band_of(a) == own.band_of(a));
    }
    const sender::patience paced{.is_paced = true};
    const bide::attempt throttled{.because = bide::verdict::throttled};
    CHECK(sender::delivery_policy(paced).delays().band_of(throttled) == bide::band{});
    const bide::attempt trouble{.because = bide::verdict::overloaded};
    CHECK(sender::delivery_policy(paced).delays().band_of(trouble) == own.band_of(trouble));
    CHECK(policy.limits().check({.number = 9}) == bide::end::done);
    CHECK(policy.limits().check({.number = 10}) == bide::end::exhausted);
    CHECK(policy.limits().latest({}) == end);
    CHECK(sender::delivery_policy({}).limits().latest({}).time_since_epoch() == 5min);
}
