// SPDX-License-Identifier: MIT
#include "send/option_text.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>

using namespace std::chrono_literals;

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
    CHECK(with("--deadline", "90s").o.deadline.value().get() == 90s);
    CHECK(with("--max-elapsed", "2m").o.per_message.max_elapsed.get() == 2min);
    CHECK(with("--max-attempts", "4").o.per_message.max_attempts == 4);
    CHECK(with("--try-timeout", "250ms").o.per_message.try_timeout.get() == 250ms);
    CHECK(with("--from", "ACME").o.from == "ACME");
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
        {"--profile", "sms77", "--profile must be generic or vonage, got \"sms77\""},
        {"--count", "0", "--count must be a whole number from 1 to 10000000, got \"0\""},
        {"--count", "-1", "--count must be a whole number from 1 to 10000000, got \"-1\""},
        {"--count", "1e3", "--count must be a whole number from 1 to 10000000, got \"1e3\""},
        {"--count", "99999999999999999999",
         "--count must be a whole number from 1 to 10000000, got \"99999999999999999999\""},
        {"--concurrency", "2000",
         "--concurrency must be a whole number from 1 to 1024, got \"2000\""},
        {"--max-attempts", "",
         "--max-attempts must be a whole number from 1 to 18446744073709551615, got \"\""},
        {"--deadline", "10",
         "--deadline must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"10\""},
        {"--max-elapsed", "0s",
         "--max-elapsed must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"0s\""},
        {"--try-timeout", "soon",
         "--try-timeout must be a duration up to 24h such as 250ms, 1.5s or 2m, got \"soon\""},
        {"--from", "a name too long for it",
         "--from must be 1 to 15 characters, got \"a name too long for it\""},
        {"--id-prefix", "a b",
         "--id-prefix must be 1 to 40 letters, digits, '-', '_' or '.', got \"a b\""},
        {"--nothing", "1", "--nothing is not an option"},
    }));
    CAPTURE(name, text);
    CHECK_THROWS_WITH(with(name, text), expected);
}
