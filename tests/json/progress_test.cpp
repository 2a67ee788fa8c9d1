// SPDX-License-Identifier: MIT
#include <bide/json/progress.hpp>  // first, to prove that the header stands alone

#include "mutate.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using bide::certainty;
using bide::duration;
using bide::progress;
using bide::wall_time;
using bide::json::progress_from;
using nlohmann::json;

namespace {

constexpr wall_time t0{std::chrono::sys_days{std::chrono::year{2026} / 5 / 4}};

constexpr std::string_view good =
    R"({"attempts":2,"certainty":"rejected","previous":"1.5s",)"
    R"("began":"2026-05-04T00:00:01.007Z","not_before":"2026-05-04T00:00:10.250Z"})";

void check_equal(const progress& a, const progress& b) {
    CHECK(a.attempts == b.attempts);
    CHECK(a.certainty == b.certainty);
    CHECK(a.previous == b.previous);
    CHECK(a.began == b.began);
    CHECK(a.not_before == b.not_before);
}

progress read_back(const progress& p) { return progress_from(json(p).dump()); }

}  // namespace

TEST_CASE("progress: is written and read", "[json][progress]") {
    const progress p{.attempts = 2,
                     .certainty = certainty::rejected,
                     .previous = 1500ms,
                     .began = t0 + 1007ms,
                     .not_before = t0 + 10250ms};
    CHECK(json(p) == json::parse(good));
    check_equal(progress_from(good), p);
    check_equal(progress_from(json::parse(good)), p);
    check_equal(json::parse(good).get<progress>(), p);
    check_equal(read_back({}), {});
    for (const auto c : {certainty::not_sent, certainty::ambiguous, certainty::answered})
        CHECK(read_back({.attempts = 1, .certainty = c}).certainty == c);
    CHECK(read_back({.attempts = UINT64_MAX}).attempts == UINT64_MAX);
    json signed_number = p;
    signed_number["attempts"] = 3;
    CHECK(progress_from(signed_number).attempts == 3);
}

TEST_CASE("progress: rounds so that nothing comes too early", "[json][progress]") {
    const auto back = read_back({.previous = 1ns, .began = t0 + 1ns, .not_before = t0 + 1ns});
    CHECK(back.previous == 1ns);
    CHECK(back.began == t0);
    CHECK(back.not_before == t0 + 1ms);
    CHECK(read_back({.began = t0 + 999'999ns}).began == t0);
    CHECK(read_back({.not_before = t0 - 1ns}).not_before == t0);

    for (const auto d : {0ns, 10ns, 999'999'999ns, duration{1s}, duration{1h}, duration::max()})
        CHECK(read_back({.previous = d}).previous == d);
    CHECK(read_back({.previous = -1s}).previous == 0s);

    // The ends of the clock.
    const auto all = read_back({.began = wall_time::min(), .not_before = wall_time::max()});
    CHECK(all.began - wall_time::min() < 1ms);
    CHECK(wall_time::max() - all.not_before < 1ms);
    CHECK(progress_from(R"({"attempts":0,"certainty":"not_sent","previous":"0s",)"
                        R"("began":"0001-01-01T00:00:00Z","not_before":"9999-12-31T23:59:59Z"})")
              .not_before == wall_time::max());
}

TEST_CASE("progress: messages say where, what is allowed, what was found",
          "[json][progress][errors]") {
    struct row {
        std::string_view key;
        std::string_view value;  ///< Empty: without the key.
        std::string_view problem;
    };
    constexpr std::string_view count = "/attempts must be a whole number of 0 or more, got ";
    const auto [key, value, problem] = GENERATE(values<row>({
        {"attempts", "", "nothing"},
        {"attempts", "-1", "-1"},
        {"attempts", "1.0", "1.0"},
        {"attempts", "\"2\"", "\"2\""},
        {"attempts", "null", "null"},
        {"attempts", "0", R"(/certainty must be "not_sent" without an attempt, got "rejected")"},
        {"certainty", "",
         R"(/certainty must be one of "not_sent", "rejected", "ambiguous", "answered", got nothing)"},
        {"certainty", "\"sure\"",
         R"(/certainty must be one of "not_sent", "rejected", "ambiguous", "answered", got "sure")"},
        {"previous", "",
         R"(/previous must be a duration such as "1.5s" (units: ns, us, ms, s, m, h), got nothing)"},
        {"previous", "1",
         R"(/previous must be a duration such as "1.5s" (units: ns, us, ms, s, m, h), got 1)"},
        {"began", "",
         R"(/began must be an instant such as "2026-05-04T03:02:01.007Z", got nothing)"},
        {"began", "\"2026-05-04T00:00:01\"",
         R"(/began must be an instant such as "2026-05-04T03:02:01.007Z", got "2026-05-04T00:00:01")"},
        {"not_before", "1777852810",
         R"(/not_before must be an instant such as "2026-05-04T03:02:01.007Z", got 1777852810)"},
        {"key", "1",
         "/key must be one of the keys attempts, certainty, previous, began, not_before, got "
         "\"key\""},
    }));
    auto text = json::parse(good);
    text.erase(std::string{key});
    if (!value.empty()) text[std::string{key}] = json::parse(value);
    CAPTURE(text.dump());
    const auto expected =
        (problem.starts_with('/') ? std::string{} : std::string{count}) + std::string{problem};
    try {
        (void)progress_from(text.dump());
        FAIL("accepted");
    } catch (const bide::json::progress_error& e) {
        CHECK(e.pointer() == expected.substr(0, expected.find(' ')));
        CHECK(e.what() == "progress: " + expected);
    }
    CHECK_THROWS_AS(text.get<progress>(), bide::json::progress_error);
}

TEST_CASE("progress: a text that is none is refused, whatever it is", "[json][progress][errors]") {
    CHECK_THROWS_WITH(progress_from("{"),
                      "progress: the text must be JSON, got a mistake at line 1, column 2");
    CHECK_THROWS_WITH(progress_from("[]"), "progress: the text must be an object, got an array");
    CHECK_THROWS_WITH(progress_from(R"({"began":1,"began":2})"),
                      "progress: /began must be given once, got it twice");
    mutator mutate{20261122};
    int accepted = 0;
    for (int i = 0; i < 500; ++i) {
        const auto text = mutate(std::string{good});
        CAPTURE(text);
        try {
            const auto p = progress_from(text);
            check_equal(read_back(p), p);
            ++accepted;
        } catch (const bide::json::progress_error& e) {
            CHECK(std::string{e.what()}.starts_with("progress: "));
        }
    }
    CHECK(accepted > 5);
    CHECK(accepted < 495);
}
