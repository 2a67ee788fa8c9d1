// SPDX-License-Identifier: MIT
#include <bide/observe/prometheus.hpp>

#include "support/catch.hpp"

#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using bide::certainty;
using bide::counts;
using bide::end;
using bide::prometheus_label;
using bide::prometheus_text;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

counts some() {
    counts c;
    c.tries[verdict::success][certainty::answered] = 40;
    c.tries[verdict::throttled][certainty::rejected] = 7;
    c.retries = 6;
    c.ended[end::done] = 40;
    c.ended[end::unknown] = 1;
    c.unknown[end::exhausted] = 1;
    c.waited = 12'345'678'900ns;
    c.gate_waits = 3;
    c.gate_refusals = 2;
    c.nested = 1;
    c.nested_retries = 5;
    return c;
}

/// The lines that begin with `name` and a brace or a space.
std::vector<std::string> samples(const std::string& page, std::string_view name) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < page.size();) {
        const auto end = page.find('\n', at);
        auto line = page.substr(at, end - at);
        if (line.starts_with(name) && (line[name.size()] == '{' || line[name.size()] == ' '))
            found.push_back(std::move(line));
        at = end + 1;
    }
    return found;
}

std::string waited(bide::duration d) {
    counts c;
    c.waited = d;
    return samples(prometheus_text(c), "bide_backoff_seconds_total").at(0);
}

/// The first line that bears the caller's labels alone.
std::string retries(const std::vector<prometheus_label>& labels) {
    return samples(prometheus_text(counts{}, labels), "bide_retries_total").at(0);
}

}  // namespace

TEST_CASE("prometheus: the whole page", "[observe][prometheus]") {
    CHECK(prometheus_text(some()) == R"(# HELP bide_tries_total Tries by what they came to.
# TYPE bide_tries_total counter
bide_tries_total{verdict="success",certainty="not_sent"} 0
bide_tries_total{verdict="success",certainty="rejected"} 0
bide_tries_total{verdict="success",certainty="ambiguous"} 0
bide_tries_total{verdict="success",certainty="answered"} 40
bide_tries_total{verdict="throttled",certainty="not_sent"} 0
bide_tries_total{verdict="throttled",certainty="rejected"} 7
bide_tries_total{verdict="throttled",certainty="ambiguous"} 0
bide_tries_total{verdict="throttled",certainty="answered"} 0
bide_tries_total{verdict="overloaded",certainty="not_sent"} 0
bide_tries_total{verdict="overloaded",certainty="rejected"} 0
bide_tries_total{verdict="overloaded",certainty="ambiguous"} 0
bide_tries_total{verdict="overloaded",certainty="answered"} 0
bide_tries_total{verdict="transient",certainty="not_sent"} 0
bide_tries_total{verdict="transient",certainty="rejected"} 0
bide_tries_total{verdict="transient",certainty="ambiguous"} 0
bide_tries_total{verdict="transient",certainty="answered"} 0
bide_tries_total{verdict="permanent",certainty="not_sent"} 0
bide_tries_total{verdict="permanent",certainty="rejected"} 0
bide_tries_total{verdict="permanent",certainty="ambiguous"} 0
bide_tries_total{verdict="permanent",certainty="answered"} 0
# HELP bide_retries_total Tries after the first of their operation.
# TYPE bide_retries_total counter
bide_retries_total 6
# HELP bide_operations_total Operations by how they ended and what stopped them.
# TYPE bide_operations_total counter
bide_operations_total{ended="done",stopped_by="done"} 40
bide_operations_total{ended="permanent",stopped_by="permanent"} 0
bide_operations_total{ended="exhausted",stopped_by="exhausted"} 0
bide_operations_total{ended="out_of_time",stopped_by="out_of_time"} 0
bide_operations_total{ended="deferred",stopped_by="deferred"} 0
bide_operations_total{ended="refused",stopped_by="refused"} 0
bide_operations_total{ended="cancelled",stopped_by="cancelled"} 0
bide_operations_total{ended="unknown",stopped_by="permanent"} 0
bide_operations_total{ended="unknown",stopped_by="exhausted"} 1
bide_operations_total{ended="unknown",stopped_by="out_of_time"} 0
bide_operations_total{ended="unknown",stopped_by="deferred"} 0
bide_operations_total{ended="unknown",stopped_by="refused"} 0
bide_operations_total{ended="unknown",stopped_by="cancelled"} 0
bide_operations_total{ended="unknown",stopped_by="unknown"} 0
# HELP bide_backoff_seconds_total Sum of the waits between tries.
# TYPE bide_backoff_seconds_total counter
bide_backoff_seconds_total 12.3456789
# HELP bide_gate_waits_total How often a gate let a try wait.
# TYPE bide_gate_waits_total counter
bide_gate_waits_total 3
# HELP bide_gate_refusals_total Operations that a gate refused.
# TYPE bide_gate_refusals_total counter
bide_gate_refusals_total 2
# HELP bide_nested_operations_total Operations in which others retried.
# TYPE bide_nested_operations_total counter
bide_nested_operations_total 1
# HELP bide_nested_retries_total Retries by operations inside others.
# TYPE bide_nested_retries_total counter
bide_nested_retries_total 5
)");
    CHECK(bide::prometheus_content_type == "text/plain; version=0.0.4; charset=utf-8");
}

TEST_CASE("prometheus: seconds are exact", "[observe][prometheus]") {
    CHECK(waited(0s) == "bide_backoff_seconds_total 0");
    CHECK(waited(1ns) == "bide_backoff_seconds_total 0.000000001");
    CHECK(waited(1s) == "bide_backoff_seconds_total 1");
    CHECK(waited(70min) == "bide_backoff_seconds_total 4200");
    CHECK(waited(1'000'000'010ns) == "bide_backoff_seconds_total 1.00000001");
    CHECK(waited(bide::duration::max()) == "bide_backoff_seconds_total 9223372036.854775807");
}

TEST_CASE("prometheus: numbers of 64 bits", "[observe][prometheus]") {
    counts c;
    c.retries = std::numeric_limits<std::uint64_t>::max();
    CHECK(samples(prometheus_text(c), "bide_retries_total").at(0) ==
          "bide_retries_total 18446744073709551615");
}

TEST_CASE("prometheus: labels of the caller stand first", "[observe][prometheus]") {
    const auto page = prometheus_text(some(), {{"provider", "acme"}});
    CHECK(samples(page, "bide_retries_total").at(0) == R"(bide_retries_total{provider="acme"} 6)");
    CHECK(samples(page, "bide_tries_total").at(3) ==
          R"(bide_tries_total{provider="acme",verdict="success",certainty="answered"} 40)");
}

TEST_CASE("prometheus: label values are escaped, empty ones left out", "[observe][prometheus]") {
    CHECK(retries({{"path", "C:\\new \"x\"\n{,}\t\xc3\xa9"}}) ==
          "bide_retries_total{path=\"C:\\\\new \\\"x\\\"\\n{,}\t\xc3\xa9\"} 0");
    CHECK(retries({{"b", "2"}, {"_A1", "1"}}) == R"(bide_retries_total{_A1="1",b="2"} 0)");
    CHECK(retries({{"b", ""}}) == "bide_retries_total 0");
    CHECK(retries({{"azAZ09_",
                    "first and last of each length: \x7f\xc2\x80\xdf\xbf\xe0\xa0\x80"
                    "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80"
                    "\xf4\x8f\xbf\xbf"}}) ==
          "bide_retries_total{azAZ09_=\"first and last of each length: \x7f\xc2\x80\xdf\xbf\xe0"
          "\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"} 0");
}

TEST_CASE("prometheus: the lines of a metric stay together", "[observe][prometheus]") {
    counts other;
    other.retries = 9;
    const auto page =
        prometheus_text({{some(), {{"provider", "acme"}}}, {other, {{"provider", "zenith"}}}});
    CHECK(page.find("# HELP bide_retries_total Tries after the first of their operation.\n"
                    "# TYPE bide_retries_total counter\n"
                    "bide_retries_total{provider=\"acme\"} 6\n"
                    "bide_retries_total{provider=\"zenith\"} 9\n"
                    "# HELP bide_operations_total") != std::string::npos);
    CHECK(samples(page, "bide_tries_total").size() == 40);
    CHECK(samples(page, "bide_operations_total").size() == 28);
    CHECK(prometheus_text(std::vector<bide::prometheus_series>{})
              .starts_with("# HELP bide_tries_total Tries by what they came to.\n"
                           "# TYPE bide_tries_total counter\n"
                           "# HELP bide_retries_total"));
}

TEST_CASE("prometheus: a name that is no label's", "[observe][prometheus][errors]") {
    const auto* name = GENERATE("", "1a", "__a", "a-b", "a:b", "a b", "\xc3\xa9", "a\n");
    CHECK_THROWS_WITH(
        prometheus_text(counts{}, {{name, "x"}}),
        "bide::prometheus_text: the name of a label must be of letters, digits and _, and begin "
        "with neither a digit nor __, got \"" +
            std::string{name} + "\"");
}

TEST_CASE("prometheus: a name of ours", "[observe][prometheus][errors]") {
    const auto* name = GENERATE("verdict", "certainty", "ended", "stopped_by");
    CHECK_THROWS_WITH(prometheus_text(counts{}, {{name, ""}}),
                      "bide::prometheus_text: the name of a label must not be one of verdict, "
                      "certainty, ended, stopped_by, got \"" +
                          std::string{name} + "\"");
}

TEST_CASE("prometheus: a value that is not UTF-8", "[observe][prometheus][errors]") {
    // A lone byte, overlong forms, a surrogate, above U+10FFFF, cut off.
    const auto* value =
        GENERATE("\xe9", "a\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                 "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82",
                 "\xc3", "\xf0\x9f\x98", "\xe2\x82z", "\xf0\x9f\x98z", "\xc3z");
    CHECK_THROWS_WITH(prometheus_text(counts{}, {{"a", value}}),
                      "bide::prometheus_text: the value of label a must be UTF-8");
}

TEST_CASE("prometheus: series that Prometheus could not tell apart",
          "[observe][prometheus][errors]") {
    CHECK_THROWS_WITH(prometheus_text(counts{}, {{"a", "1"}, {"a", ""}}),
                      "bide::prometheus_text: label a must not be given twice");
    CHECK_THROWS_WITH(
        prometheus_text(
            {{counts{}, {{"a", "1"}, {"b", "2"}}}, {counts{}, {{"b", "2"}, {"a", "1"}}}}),
        R"(bide::prometheus_text: the labels of two series must differ, got {a="1",b="2"} twice)");
    CHECK_THROWS_WITH(prometheus_text({{counts{}, {}}, {counts{}, {{"a", ""}}}}),
                      "bide::prometheus_text: the labels of two series must differ, got {} twice");
}
