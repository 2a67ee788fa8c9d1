// SPDX-License-Identifier: MIT
#include <bide/json/lines.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstddef>
#include <ios>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

using bide::certainty;
using bide::duration;
using bide::end;
using bide::event;
using bide::event_kind;
using bide::json_lines;
using bide::verdict;
using bide::wall_time;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto rules = bide::policy(bide::constant(1500us), bide::max_attempts(2));

/// 2026-05-04T03:02:01.007999999Z
constexpr wall_time start{1'777'863'721'007'999'999ns};

wall_time fixed_clock() { return start; }

std::string line_of(const event& e, const nlohmann::ordered_json& fields = {}) {
    std::ostringstream out;
    json_lines log(out, fields, fixed_clock);
    log(e);
    return out.str();
}

std::string time_of(wall_time t) {
    std::ostringstream out;
    json_lines log(out, {}, [t] { return t; });
    log({});
    return json::parse(out.str()).at("time");
}

/// Takes `left` bytes, then fails.
class full_disk : public std::streambuf {
public:
    explicit full_disk(int left) : left_{left} {}

private:
    int_type overflow(int_type c) override { return left_-- > 0 ? c : traits_type::eof(); }
    int left_;
};

}  // namespace

TEST_CASE("json_lines: an operation", "[json][lines]") {
    bide::virtual_clock clock{1, start};
    std::ostringstream out;
    json_lines log(out, {{"operation", "send-sms"}, {"worker", 3}}, [&] { return clock.wall(); });
    const auto sent = bide::retry(bide::with(clock, log, rules), [&, n = 0]() mutable {
        clock.advance(1ms);
        if (++n == 1) throw bide::throttled(std::runtime_error{"to 15550100"}, 1us);
    });
    CHECK(sent.ended() == end::done);
    CHECK(
        out.str() ==
        R"({"time":"2026-05-04T03:02:01.008Z","operation":"send-sms","worker":3,"event":"attempt","attempt":1,"verdict":"throttled","certainty":"rejected","hint_ms":1}
{"time":"2026-05-04T03:02:01.008Z","operation":"send-sms","worker":3,"event":"backoff","attempt":1,"verdict":"throttled","certainty":"rejected","hint_ms":1,"wait_ms":2}
{"time":"2026-05-04T03:02:01.011Z","operation":"send-sms","worker":3,"event":"attempt","attempt":2,"verdict":"success","certainty":"answered"}
{"time":"2026-05-04T03:02:01.011Z","operation":"send-sms","worker":3,"event":"end","attempts":2,"ended":"done","stopped_by":"done","certainty":"answered"}
)");
}

TEST_CASE("json_lines: each kind of event has its own members", "[json][lines]") {
    const std::string time = R"({"time":"2026-05-04T03:02:01.007Z","event":)";
    CHECK(line_of({.attempt = 1,
                   .found = {.verdict = verdict::overloaded,
                             .certainty = certainty::ambiguous,
                             .status = 503,
                             .error = 28}}) ==
          time +
              R"("attempt","attempt":1,"verdict":"overloaded","certainty":"ambiguous",)"
              R"("status":503,"error":28})" +
              "\n");
    CHECK(line_of({.kind = event_kind::gate, .attempt = 2, .wait = 1s, .reason = "slowly"}) ==
          time + R"("gate","attempt":2,"reason":"slowly","wait_ms":1000})" + "\n");
    CHECK(line_of({.kind = event_kind::gate, .attempt = 2, .wait = duration::max()}) ==
          time + R"("gate","attempt":2})" + "\n");
    CHECK(line_of({.kind = event_kind::end,
                   .ended = end::unknown,
                   .stopped_by = end::refused,
                   .certainty = certainty::ambiguous,
                   .reason = "full"}) ==
          time +
              R"("end","attempts":0,"ended":"unknown","stopped_by":"refused",)"
              R"("certainty":"ambiguous","refused_by":"full"})" +
              "\n");
    CHECK(line_of({.kind = event_kind::nested, .attempt = 3, .inner_retries = 9}) ==
          time + R"("nested","attempt":3,"inner_retries":9})" + "\n");
}

TEST_CASE("json_lines: the time is RFC 3339 in UTC, never ahead", "[json][lines]") {
    CHECK(time_of(wall_time{}) == "1970-01-01T00:00:00.000Z");
    CHECK(time_of(wall_time{1'999'999ns}) == "1970-01-01T00:00:00.001Z");
    CHECK(time_of(wall_time{-1ns}) == "1969-12-31T23:59:59.999Z");
    CHECK(time_of(wall_time{951'827'696s}) == "2000-02-29T12:34:56.000Z");
    CHECK(time_of(wall_time::max()) == "2262-04-11T23:47:16.854Z");
    CHECK(time_of(wall_time::min()) == "1677-09-21T00:12:43.145Z");
}

TEST_CASE("json_lines: without a clock it is the system's", "[json][lines]") {
    const auto before = time_of(std::chrono::system_clock::now());
    std::ostringstream out;
    json_lines log(out);
    log({});
    const auto line = json::parse(out.str());
    CHECK(line.size() == 5);
    CHECK(line.at("time") >= before);
    CHECK(line.at("time") <= time_of(std::chrono::system_clock::now()));
}

TEST_CASE("json_lines: whatever the fields hold, it is one line of JSON", "[json][lines]") {
    const auto text = line_of({}, {{"a", "line\nbreak \"\xff\""}, {"b", {1, nullptr}}});
    CHECK(text.find('\n') == text.size() - 1);
    const auto line = json::parse(text);
    CHECK(line.at("a") == "line\nbreak \"\xef\xbf\xbd\"");
    CHECK(line.at("b") == json::parse("[1, null]"));
}

TEST_CASE("json_lines: fields that cannot be", "[json][lines][errors]") {
    CHECK_THROWS_WITH(line_of({}, json::array()),
                      "bide::json_lines: fields must be an object, got array");
    CHECK_THROWS_WITH(line_of({}, "x"), "bide::json_lines: fields must be an object, got string");
    const auto* name = GENERATE("time", "event", "attempt", "attempts", "verdict", "certainty",
                                "status", "error", "hint_ms", "wait_ms", "reason", "ended",
                                "stopped_by", "refused_by", "inner_retries");
    CHECK_THROWS_WITH(line_of({}, {{"a", 1}, {name, 1}}),
                      "bide::json_lines: fields must not have a name of the library's own, got \"" +
                          std::string{name} + "\"");
}

TEST_CASE("json_lines: lines of several threads stay whole", "[json][lines][threads]") {
    std::ostringstream out;
    json_lines log(out, {{"operation", "x"}});
    std::vector<std::thread> threads;
    for (auto t = 0; t < 4; ++t)
        threads.emplace_back([&log] {
            bide::virtual_clock clock;
            for (auto i = 0; i < 100; ++i)
                (void)bide::retry(bide::with(clock, log, rules),
                                  [] { throw std::runtime_error{"lost"}; });
        });
    for (auto& t : threads) t.join();
    std::istringstream in{out.str()};
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
        const auto read = json::parse(line, nullptr, false);
        REQUIRE(read.is_object());
        CHECK(read.at("operation") == "x");
    }
    CHECK(lines == std::size_t{4} * 100 * 4);
}

TEST_CASE("json_lines: a stream that fails changes nothing", "[json][lines]") {
    bide::virtual_clock clock;
    full_disk disk{GENERATE(0, 10, 100)};
    std::ostream out{&disk};
    const auto throws = GENERATE(false, true);
    if (throws) out.exceptions(std::ios::badbit | std::ios::failbit);
    json_lines log(out);
    const auto got = bide::retry(bide::with(clock, log, rules), [n = 0]() mutable {
        if (++n == 1) throw std::runtime_error{"lost"};
        return n;
    });
    CHECK(got.value() == 2);
    CHECK(got.attempts() == 2);
    CHECK_FALSE(out.good());
}
