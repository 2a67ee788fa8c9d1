// SPDX-License-Identifier: MIT
#include "send/command_line.hpp"

#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using Catch::Matchers::ContainsSubstring;

namespace {

sender::command read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "bide-send");
    return sender::read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

constexpr auto url = "http://127.0.0.1:1";

}  // namespace

TEST_CASE("command_line: a file or a number of messages is enough", "[send][options]") {
    const auto file = read({"list.csv", "--gateway", url, "--json"});
    REQUIRE(file.send);
    CHECK(file.file == "list.csv");
    CHECK(file.json);
    CHECK_FALSE(file.quiet);
    CHECK(file.send->gateway == url);
    CHECK(file.send->concurrency == 16);
    CHECK_FALSE(file.send->deadline);
    CHECK(file.send->speed.how == sender::pace::kind::found);
    CHECK(file.send->per_sender.how == sender::pace::kind::free);

    const auto number = read({"--gateway", url, "--count", "5", "--quiet"});
    REQUIRE(number.send);
    CHECK(number.count == 5);
    CHECK(number.quiet);

    CHECK(read({"-", "--gateway", url}).file == "-");
}

TEST_CASE("command_line: bad usage has status 2 and one clear line", "[send][options][errors]") {
    using row = std::pair<std::vector<const char*>, const char*>;
    const std::vector<row> rows{
        {{"--count", "1"}, "--gateway is required, for example http://127.0.0.1:8080"},
        {{"--gateway", url}, "give a FILE, or --count N for generated messages"},
        {{"f", "--gateway", url, "--count", "1"},
         "--count must not be given together with a FILE, got both"},
        {{"--gateway", "ftp://a", "--count", "1"},
         "--gateway must be an http or https URL such as http://127.0.0.1:8080, got \"ftp://a\""},
        {{"--gateway", "127.0.0.1:80", "--count", "1"},
         "--gateway must be an http or https URL such as http://127.0.0.1:8080, got "
         "\"127.0.0.1:80\""},
        {{"--gateway", url, "--count", "1", "--policy", R"({"backoff":{"kind":"sum"}})"},
         "--policy: /backoff/of must be an array of 2 to 16 backoffs, got nothing"},
        {{"--gateway", url, "--count", "1", "--policy", "{}", "--max-attempts", "3"},
         "--max-attempts must not be given together with --policy, got both"},
        {{"--gateway", url, "--count", "1", "--max-elapsed", "3s", "--policy", "{}"},
         "--max-elapsed must not be given together with --policy, got both"},
        {{"--gateway", url, "--count", "1", "--try-timeout", "3s", "--policy", "{}"},
         "--try-timeout must not be given together with --policy, got both"},
        {{"--gateway", url, "--count", "1", "--pace", "none", "--policy",
          R"({"gates":{"pace":{"kind":"leaky_bucket","rate":5}}})"},
         "--pace must not be given together with a --policy that has a pace, got both"},
        {{"--gateway", url, "--count", "1", "--profile", "stripe", "--shape", "audian"},
         "--profile must be one that is put_creates with --shape audian, which makes messages with "
         "PUT, got stripe"},
        {{"--gateway", url, "--count", "many"},
         "--count must be a whole number from 1 to 10000000, got \"many\""},
    };
    for (const auto& [arguments, expected] : rows) {
        const auto c = read(arguments);
        CHECK_FALSE(c.send);
        CHECK(c.status == 2);
        CHECK(c.text == "bide-send: " + std::string{expected} + " (--help lists the options)\n");
    }
    const auto unknown = read({"--gatevay", url});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.text, ContainsSubstring("--gatevay"));
    CHECK(read({"--gateway"}).status == 2);
}

TEST_CASE("command_line: a policy's pace takes the place of the one that is to be found",
          "[send][options][policy]") {
    const auto pace_with = [](const char* policy, const char* pace) {
        std::vector<const char*> all{"--gateway", url, "--count", "1", "--policy", policy};
        if (pace != nullptr) all.insert(all.end(), {"--pace", pace});
        return sender::speed_for(read(all).send.value()).how;
    };
    for (const auto* const kind :
         {R"("quota_pacer")", R"("cubic_pacer")", R"("token_bucket","rate":5)",
          R"("leaky_bucket","rate":5)", R"("sliding_window","limit":5)"}) {
        const auto text = R"({"gates":{"pace":{"kind":)" + std::string{kind} + "}}}";
        CHECK(pace_with(text.c_str(), nullptr) == sender::pace::kind::free);
    }
    const auto* const other = R"({"gates":{"cooldown":{}},"budget":{"kind":"retry_budget"}})";
    CHECK(pace_with(other, nullptr) == sender::pace::kind::found);
    CHECK(pace_with(other, "7") == sender::pace::kind::fixed);
}

TEST_CASE("command_line: the shape is the profile's if it is not given", "[send][options]") {
    const auto same = read({"--gateway", url, "--count", "1", "--profile", "plivo"});
    CHECK(same.send.value().looks == sender::shape::plivo);
    const auto other =
        read({"--shape", "twilio", "--gateway", url, "--count", "1", "--profile", "plivo"});
    CHECK(other.send.value().looks == sender::shape::twilio);
    CHECK(other.send.value().profile->name == "plivo");
}

TEST_CASE("command_line: credentials in the URL are refused and not repeated", "[send][privacy]") {
    const auto c = read({"--gateway", "http://me:secret@a", "--count", "1"});
    CHECK(c.text ==
          "bide-send: --gateway must be a URL without user name and password (--help lists the "
          "options)\n");
}

TEST_CASE("command_line: help names every option", "[send][options]") {
    const auto help = read({"--help"});
    CHECK(help.status == 0);
    for (const auto* name : {"FILE", "--gateway", "--profile", "--shape", "--account", "--callback",
                             "--count", "--concurrency", "--pace", "--per-sender", "--deadline",
                             "--max-elapsed", "--max-attempts", "--try-timeout", "--policy",
                             "--from", "--id-prefix", "--json", "--quiet"})
        CHECK_THAT(help.text, ContainsSubstring(name));
}
