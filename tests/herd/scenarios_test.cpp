// SPDX-License-Identifier: MIT
#include "herd/aws.hpp"
#include "herd/chart.hpp"
#include "herd/explain.hpp"
#include "herd/outage.hpp"
#include "herd/scale.hpp"
#include "herd/scenario.hpp"
#include "herd/sms.hpp"
#include "herd/table.hpp"
#include "herd/vonage.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

// What bide-herd shows, in small; `BIDE_HERD_TRIALS=1000` compares the whole study.

namespace {

struct expected {
    std::uint64_t clients;
    const char* algorithm;
    double time;  ///< In milliseconds.
    double time_error;
    double calls;
    double calls_error;
};

// 1000 trials each of the simulator that belongs to the article (revision 66cb169, 2015): mean and
// its standard error.
constexpr std::array reference{
    expected{10, "none", 381, 1.1, 51.0, 0.13},
    expected{10, "exponential", 3539, 41.9, 51.0, 0.13},
    expected{10, "equal", 742, 6.5, 42.6, 0.08},
    expected{10, "full", 467, 3.5, 39.1, 0.07},
    expected{10, "decorrelated", 437, 2.7, 37.7, 0.07},
    expected{30, "none", 778, 1.6, 287.5, 0.46},
    expected{30, "exponential", 22232, 93.8, 275.8, 0.53},
    expected{30, "equal", 2606, 18.1, 182.5, 0.16},
    expected{30, "full", 1668, 13.4, 171.6, 0.13},
    expected{30, "decorrelated", 1250, 8.7, 180.1, 0.23},
    expected{50, "none", 1142, 1.4, 689.7, 0.56},
    expected{50, "exponential", 36497, 103.8, 624.2, 0.94},
    expected{50, "equal", 4243, 17.4, 347.5, 0.20},
    expected{50, "full", 2862, 17.3, 332.5, 0.16},
    expected{50, "decorrelated", 2196, 16.0, 374.9, 0.41},
    expected{60, "none", 1322, 1.4, 954.5, 0.63},
    expected{60, "exponential", 42726, 110.4, 832.8, 1.23},
    expected{60, "equal", 4782, 20.6, 435.1, 0.21},
    expected{60, "full", 3382, 15.8, 419.1, 0.17},
    expected{60, "decorrelated", 2718, 18.3, 486.5, 0.49},
    expected{80, "none", 1680, 1.4, 1609.8, 0.82},
    expected{80, "exponential", 53581, 120.3, 1301.9, 1.59},
    expected{80, "equal", 5840, 18.6, 619.0, 0.22},
    expected{80, "full", 4186, 16.3, 602.1, 0.19},
    expected{80, "decorrelated", 3752, 19.6, 730.6, 0.69},
    expected{100, "none", 2028, 1.4, 2422.5, 1.03},
    expected{100, "exponential", 63477, 119.0, 1854.2, 1.82},
    expected{100, "equal", 6638, 20.4, 812.9, 0.24},
    expected{100, "full", 4879, 16.3, 795.6, 0.22},
    expected{100, "decorrelated", 4619, 22.3, 1001.1, 0.89},
};

double number(const herd::table& t, std::size_t row, const std::string& column) {
    const auto found = std::find(t.head.begin(), t.head.end(), column);
    REQUIRE(found != t.head.end());
    return std::stod(t.rows.at(row).at(static_cast<std::size_t>(found - t.head.begin())));
}

std::string word(const herd::table& t, std::size_t row, std::size_t column) {
    return t.rows.at(row).at(column);
}

}  // namespace

TEST_CASE("aws: each cell as in the study", "[herd][aws]") {
    const char* said = std::getenv("BIDE_HERD_TRIALS");
    herd::aws_options how{.clients = {10, 30}, .trials = 60, .seed = 1};
    if (said != nullptr) {
        how.trials = std::strtoull(said, nullptr, 10);
        how.clients = {10, 30, 50, 60, 80, 100};
    }
    const auto figures = herd::run_aws(how).figures;
    REQUIRE(figures.rows.size() == how.clients.size() * 5);
    double sum = 0;
    for (std::size_t i = 0; i < figures.rows.size(); ++i) {
        const auto& e = reference.at(i);
        CAPTURE(e.clients, e.algorithm);
        CHECK(word(figures, i, 0) == std::to_string(e.clients));
        CHECK(word(figures, i, 1) == e.algorithm);
        const auto z = [&](const std::string& what, double mean, double error) {
            return std::fabs(number(figures, i, what + "_mean") - mean) /
                   std::hypot(number(figures, i, what + "_sem"), error);
        };
        const auto time = z("time", e.time, e.time_error);
        const auto calls = z("calls", e.calls, e.calls_error);
        CHECK(time < 3.5);
        CHECK(calls < 3.5);
        sum += time + calls;
    }
    CHECK(sum / static_cast<double>(2 * figures.rows.size()) <= 1.1);
}

TEST_CASE("vonage: without jitter the calls come in bunches", "[herd][vonage]") {
    const auto r = herd::run_vonage({.tasks = 100, .seconds = 300, .seed = 1});
    REQUIRE(r.summary.rows.size() == 3);
    const auto ratio = [&](std::size_t row) { return number(r.summary, row, "peak / mean"); };
    CHECK(word(r.summary, 0, 0) == "constant");
    CHECK(word(r.summary, 1, 0) == "exponential");
    CHECK(word(r.summary, 2, 0) == "full_jitter");
    CHECK(ratio(0) < 1.5);
    CHECK(ratio(1) > 5 * ratio(2));
    REQUIRE(r.figures.rows.size() == 900);
    CHECK(herd::to_csv({r.figures.head, {r.figures.rows[302]}}) ==
          "second,algorithm,calls\n2,exponential,0\n");
    CHECK(word(r.figures, 303, 2) == "100");
}

TEST_CASE("outage: a budget keeps the server from staying down", "[herd][outage]") {
    constexpr std::uint64_t clients = 40;
    const auto r = herd::run_outage({.clients = clients, .seconds = 30, .seed = 1});
    REQUIRE(r.summary.rows.size() == 4);
    const auto load = [&](std::size_t row) { return number(r.summary, row, "load in outage"); };
    const auto back = [&](std::size_t row) { return number(r.summary, row, "well again after s"); };
    constexpr auto reserve = 10.0 / clients;
    CHECK(word(r.summary, 0, 0) == "no_retry");
    CHECK(load(0) <= 1.02);
    CHECK(word(r.summary, 1, 0) == "retry");
    CHECK(load(1) > 3.9);
    CHECK(word(r.summary, 1, 2) == "never");
    CHECK(word(r.summary, 2, 0) == "budget");
    CHECK(load(2) <= 1.2 + reserve);
    CHECK(load(2) > 1.1);
    CHECK(back(2) <= back(0) + 10);
    CHECK(word(r.summary, 3, 0) == "budget+cooldown");
    CHECK(load(3) < 0.2);
    CHECK(back(3) <= back(0) + 10);
    CHECK(number(r.summary, 3, "operations lost") < number(r.summary, 0, "operations lost"));
}

TEST_CASE("scenarios: one's own plan takes part", "[herd]") {
    const std::string once = R"({"max_attempts":1})";
    const auto vonage = herd::run_vonage({.tasks = 5, .seconds = 9, .plan = once});
    CHECK(word(vonage.summary, 3, 0) == "yours");
    CHECK(word(vonage.summary, 3, 1) == "5");
    const auto outage = herd::run_outage({.clients = 2, .seconds = 5, .plan = once});
    CHECK(word(outage.summary, 4, 0) == "yours");
    CHECK(word(outage.summary, 4, 1) == word(outage.summary, 0, 1));
    const auto sms = herd::run_sms({.messages = 90,
                                    .plan = R"({"gates":{"pace":)"
                                            R"({"kind":"token_bucket","rate":20}}})"});
    CHECK(word(sms.summary, 3, 0) == "yours");
    CHECK(number(sms.summary, 3, "rejected") == 0);
}

TEST_CASE("scenarios: the same seed gives the same, with gates that draw, too", "[herd]") {
    const std::string draws = R"({"gates":{"initial_jitter":"1s","cooldown":{},
        "circuit_breaker":{"open_for":{"kind":"constant","base":"1s","jitter":"full"}}}})";
    const auto text = R"({"per_second": 20, "seconds": 9, "plan": )" + draws +
                      R"(, "server": {"kind": "fixed_window", "limit": 10}})";
    const auto rows = [&](std::uint64_t seed) {
        auto all = herd::run_scenario({text, seed}).figures.rows;
        const auto outage =
            herd::run_outage({.clients = 4, .seconds = 5, .seed = seed, .plan = draws});
        all.insert(all.end(), outage.figures.rows.begin(), outage.figures.rows.end());
        return all;
    };
    CHECK(rows(1) == rows(1));
    CHECK(rows(1) != rows(2));
    const auto said = herd::run_scenario({text}).figures.rows;  // which says nothing of a seed
    CHECK(said == herd::run_scenario({text, 1}).figures.rows);
    CHECK(said != herd::run_scenario({text, 2}).figures.rows);
}

TEST_CASE("sms: who paces sends little in vain", "[herd][sms]") {
    const auto r = herd::run_sms({.messages = 600, .workers = 50, .limit = 30, .seed = 1});
    REQUIRE(r.summary.rows.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(word(r.summary, i, 0));
        const auto accepted = number(r.summary, i, "accepted");
        CHECK(number(r.summary, i, "sent") == accepted + number(r.summary, i, "rejected"));
        CHECK(accepted + number(r.summary, i, "not accepted") == 600);
    }
    CHECK(number(r.summary, 0, "rejected") > number(r.summary, 1, "rejected"));
    CHECK(number(r.summary, 1, "rejected") > 10 * number(r.summary, 2, "rejected"));
    CHECK(number(r.summary, 2, "not accepted") == 0);
}

TEST_CASE("explain: the delays of a policy and the worst of all", "[herd][explain]") {
    const auto r = herd::run_explain({});
    CHECK(herd::to_csv(r.figures) ==
          "retry,min_s,q1_s,median_s,q3_s,max_s\n"
          "1,0.000,0.125,0.250,0.375,0.500\n"
          "2,0.000,0.250,0.500,0.750,1.000\n"
          "3,0.000,0.500,1.000,1.500,2.000\n");
    CHECK(r.note ==
          "at most 3.500 s of waiting, 39.000 s in all if every try is cut off at its timeout");

    const auto walked = herd::run_explain(
        {.plan = R"({"jitter":"decorrelated","max_attempts":3})", .samples = 2000});
    CHECK(number(walked.figures, 1, "min_s") == 0.5);
    CHECK(number(walked.figures, 1, "median_s") == Catch::Approx(1.6).margin(0.1));
    CHECK(number(walked.figures, 1, "max_s") == 4.5);
    CHECK_THROWS_WITH(herd::run_explain({.plan = R"({"max_attempts":0})"}),
                      "policy: /max_attempts must be >= 1, got 0");
}

TEST_CASE("table: for machines and for people", "[herd][table]") {
    const herd::table t{{"name", "n"}, {{"a", "12345"}, {"long name", "1"}}};
    CHECK(herd::to_csv(t) == "name,n\na,12345\nlong name,1\n");
    CHECK(herd::to_text(t) ==
          "name           n\n"
          "a          12345\n"
          "long name      1\n");
    CHECK(herd::fixed(2.675, 1) == "2.7");
}

TEST_CASE("scale: round marks that reach the greatest value", "[herd][chart]") {
    struct row {
        double value;
        double least_step;
        double most;
        const char* last;
        std::size_t marks;
    };
    const auto [value, least_step, most, last, marks] = GENERATE(values<row>({
        {105, 0, 125, "125", 6},
        {100, 0, 100, "100", 6},
        {0.31, 0, 0.4, "0.4", 5},
        {12, 0, 12.5, "12.5", 6},
        {3, 1, 3, "3", 4},
        {12, 1, 15, "15", 4},  // not 2.5: there are no half clients
        {0, 0, 1, "1", 2},
    }));
    CAPTURE(value);
    const auto s = herd::scale_to(value, 5, least_step);
    CHECK(s.most == Catch::Approx(most));
    REQUIRE(s.marks().size() == marks);
    CHECK(s.name(s.marks().back()) == last);
}

TEST_CASE("chart: one image with axes, units and legend for light and dark", "[herd][chart]") {
    const herd::picture p{
        .title = "a < b & c?",
        .panels = {{.title = "one",
                    .x_axis = "seconds",
                    .y_axis = "calls",
                    .lines = {{.name = "first", .points = {{0, 0}, {10, 5}}, .marked = true}},
                    .spreads = {},
                    .shaded = herd::span{2, 4, "down"}},
                   {.title = "two",
                    .x_axis = "retry",
                    .y_axis = "seconds",
                    .lines = {{.name = "first", .points = {{0, 1}}}},
                    .spreads = {{1, 0, 1, 2, 3, 4}}}}};
    const auto svg = herd::to_svg(p);
    const auto count = [&](const std::string& text) {
        std::size_t n = 0;
        for (auto at = svg.find(text); at != std::string::npos; at = svg.find(text, at + 1)) ++n;
        return n;
    };
    CHECK(count("<svg ") == 1);
    CHECK(svg.substr(svg.size() - 7) == "</svg>\n");
    CHECK(count("a &lt; b &amp; c?") == 2);  // for screen readers, too
    CHECK(count("prefers-color-scheme:dark") == 1);
    CHECK(count("http") == 1);  // the name space; nothing is fetched
    CHECK(count(">first</text>") == 1);
    CHECK(count(">middle half</text>") == 1);
    CHECK(count(">down</text>") == 1);
    CHECK(count(">calls</text>") == 1);
    CHECK(count("<polyline") == 2);
    CHECK(count("<circle") == 2);
    // From the corner of the axes, 10 of 10 to the right and 5 of 5 up.
    CHECK(count("points=\"76.0,356.0 776.0,146.0 \"") == 1);
}

TEST_CASE("scenario: what a text says happens", "[herd][scenario]") {
    const auto r = herd::run_scenario({R"({
        "per_second": 20, "seconds": 20, "plan": {"max_attempts": 1},
        "network": {"least": "1ms", "most": "1ms"},
        "server": {"kind": "fixed_window", "limit": 15, "window": "1s"},
        "outages": [{"begins": "5s", "ends": "10s"}]})"});
    REQUIRE(r.figures.rows.size() == 20);
    const std::vector<std::string> well{"1", "20", "5", "15"};
    const std::vector<std::string> down{"7", "20", "20", "0"};
    CHECK(r.figures.rows[1] == well);
    CHECK(r.figures.rows[7] == down);
    CHECK(number(r.summary, 0, "operations") == 400);
    CHECK(number(r.summary, 0, "succeeded") + number(r.summary, 0, "in vain") == 400);
    CHECK(r.picture.panels.at(0).shaded->to == 10);

    // A breaker that is open ends operations in no time, and each client begins the next.
    const auto refused = herd::run_scenario({R"({
        "clients": 2, "seconds": 2,
        "plan": {"gates": {"circuit_breaker": {"opens": {"kind": "failure_count", "failures": 1}}}},
        "server": {"kind": "metastable_server", "rate": 1, "queue": 1}})"});
    CHECK(number(refused.summary, 0, "operations") > 1000);
}

TEST_CASE("scenario: refuses what says none", "[herd][scenario][errors]") {
    const auto [text, message] = GENERATE(values<std::pair<const char*, const char*>>({
        {"[", "the text must be JSON, got a mistake at line 1, column 2"},
        {R"({"per_second": 1})",
         R"(/server must be an object such as {"kind": "fixed_window"}, got nothing)"},
        {R"({"server": {"kind": "occ"}})",
         "/server/kind must be one of \"fixed_window\", \"sliding_window\", \"token_bucket\", "
         "\"concurrency\", \"metastable_server\", got \"occ\""},
        {R"({"server": {"kind": "concurrency"}})",
         "/per_second must be a whole number, or else /clients, got nothing"},
        {R"({"per_second": 1, "clients": 1, "server": {"kind": "concurrency"}})",
         "/clients must be absent, as /per_second is there, got 1"},
        {R"({"clients": 0, "server": {"kind": "concurrency"}})",
         "/clients must be 1 to 100000, got 0"},
        {R"({"clients": 1, "seed": -1, "server": {"kind": "concurrency"}})",
         "/seed must be a whole number >= 0, got -1"},
        {R"({"clients": 1, "server": {"kind": "token_bucket", "burst": 0}})",
         "/server/burst must be 1 to 1000000000, got 0"},
        {R"({"clients": 1, "server": {"kind": "sliding_window", "tells": 1}})",
         R"(/server/tells must be one of "nothing", "wait", "quota", got 1)"},
        {R"({"clients": 1, "server": {"kind": "concurrency"}, "plan": {"max_attempts": 0}})",
         "/plan/max_attempts must be >= 1, got 0"},
        {R"({"clients": 1, "server": {"kind": "concurrency"}, "network": {"least": "1s"}})",
         "/network/most must be >= least, got 50ms (the default)"},
        {R"({"clients": 1, "server": {"kind": "concurrency"}, "outages": [{"ends": "0s"}]})",
         "/outages/0/ends must be after begins, got \"0s\""},
    }));
    CAPTURE(text);
    CHECK_THROWS_WITH(herd::run_scenario({text}), std::string{"scenario: "} + message);
}
