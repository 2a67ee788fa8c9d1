// SPDX-License-Identifier: MIT
#include <bide/gate/initial_jitter.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"
#include "support/recording_gate.hpp"

#include <bide/gate.hpp>
#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::constant;
using bide::duration;
using bide::end;
using bide::gate_answer;
using bide::initial_jitter;
using bide::max_attempts;
using bide::policy;
using bide::retry;
using bide::ticket;
using bide::time_point;
using bide::virtual_clock;
using bide::with;
using support::gate_log;
using support::recording_gate;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{5s};
constexpr auto rules = policy(constant(1s), max_attempts(3));

struct caller {
    ticket place{[](void*) noexcept {}, nullptr};
};

/// How long the gate lets a new operation wait; the answers around it are checked on the way.
duration delay_at(initial_jitter& gate) {
    caller c;
    const auto answer = gate.ask(c.place, {}, now);
    if (answer.says_go()) return 0s;
    CHECK_FALSE(answer.says_refuse());
    CHECK_FALSE(answer.may_open_early);
    CHECK(std::string{answer.reason} == "first tries are spread");
    CHECK_FALSE(gate.ask(c.place, {}, answer.until - 1ns).says_go());
    CHECK(gate.ask(c.place, {}, answer.until).says_go());
    return answer.until - now;
}

static_assert(bide::gate<initial_jitter>);
static_assert(!std::is_copy_constructible_v<initial_jitter>);
static_assert(!std::is_convertible_v<duration, initial_jitter>);

}  // namespace

TEST_CASE("initial_jitter: rejects what has no meaning", "[gate][initial_jitter][errors]") {
    CHECK_THROWS_WITH(initial_jitter{-1ms}, "bide::initial_jitter: most must be >= 0, got -1ms");
    CHECK_THROWS_AS((initial_jitter{-1ns, 7}), std::invalid_argument);
    CHECK_NOTHROW(initial_jitter{0s});
}

TEST_CASE("initial_jitter: delays lie within the bounds and fill them", "[gate][initial_jitter]") {
    initial_jitter gate{10s, 7};
    std::array<int, 10> by_second{};
    auto sum = duration::zero();
    for (auto i = 0; i < 1000; ++i) {
        const auto delay = delay_at(gate);
        REQUIRE(delay >= 0s);
        REQUIRE(delay <= 10s);
        ++by_second.at(static_cast<std::size_t>(std::min<std::int64_t>(delay / 1s, 9)));
        sum += delay;
    }
    // 100 each are expected, with a standard deviation below 10.
    for (const auto count : by_second) CHECK((count > 60 && count < 140));
    CHECK(sum / 1000 > 4700ms);
    CHECK(sum / 1000 < 5300ms);
}

TEST_CASE("initial_jitter: both ends are possible", "[gate][initial_jitter]") {
    initial_jitter gate{2ns, 1};
    std::set<duration> seen;
    for (auto i = 0; i < 100; ++i) seen.insert(delay_at(gate));
    CHECK(seen == std::set<duration>{0ns, 1ns, 2ns});
}

TEST_CASE("initial_jitter: a seed repeats its delays, another has others",
          "[gate][initial_jitter]") {
    const auto delays = [](initial_jitter& gate) {
        return std::vector{delay_at(gate), delay_at(gate), delay_at(gate)};
    };
    initial_jitter a{10s, 7};
    initial_jitter same{10s, 7};
    initial_jitter other{10s, 70};
    const auto first = delays(a);
    CHECK(first == delays(same));
    CHECK(first != delays(other));
    CHECK(std::set(first.begin(), first.end()).size() == 3);

    initial_jitter unseeded{24h};
    initial_jitter unseeded_too{24h};
    CHECK(delays(unseeded) != delays(unseeded_too));
}

TEST_CASE("initial_jitter: of zero spreads nothing", "[gate][initial_jitter]") {
    initial_jitter gate{0s};
    for (auto i = 0; i < 10; ++i) CHECK(delay_at(gate) == 0s);
}

TEST_CASE("initial_jitter: a spread beyond the end of time does not overflow",
          "[gate][initial_jitter][limits]") {
    initial_jitter gate{std::chrono::hours::max(), 3};
    caller c;
    const auto answer = gate.ask(c.place, {}, bide::never - 1ns);
    CHECK(answer.until == bide::never);
}

TEST_CASE("initial_jitter: the ticket keeps its instant", "[gate][initial_jitter]") {
    initial_jitter gate{10s, 7};
    caller c;
    const auto drawn = gate.ask(c.place, {}, now).until;
    CHECK(gate.ask(c.place, {}, now + 1ms).until == drawn);
    gate.give_back(c.place, now + 2ms);
    CHECK(gate.ask(c.place, {}, now + 3ms).until == drawn);
    CHECK(gate.ask(c.place, {}, drawn + 1h).says_go());
    gate.give_back(c.place, drawn + 1h);
    CHECK(gate.ask(c.place, {}, drawn + 1h).says_go());
}

TEST_CASE("initial_jitter: later tries are let through", "[gate][initial_jitter]") {
    initial_jitter gate{10s, 7};
    caller c;
    for (const std::uint64_t attempt : {2U, 3U, 100U})
        CHECK(gate.ask(c.place, {.attempt = attempt}, now).says_go());
    CHECK_FALSE(gate.ask(c.place, {}, now).says_go());
}

TEST_CASE("initial_jitter: an operation waits once, before its first try",
          "[gate][initial_jitter]") {
    virtual_clock clock;
    initial_jitter gate{10s, 7};
    initial_jitter same{10s, 7};
    const auto drawn = delay_at(same);
    support::event_log seen;
    const auto plan = with(clock, seen, gate, rules);
    std::vector<duration> began;
    (void)retry(plan, [&] {
        began.push_back(clock.elapsed());
        throw std::runtime_error{"busy"};
    });
    CHECK(began == std::vector{drawn, drawn + 1s, drawn + 2s});
    CHECK(clock.waits() == std::vector<duration>{drawn, 1s, 1s});
    CHECK(seen.kinds() == "gate attempt backoff attempt backoff attempt end");
    CHECK(seen.events[0].attempt == 1);
    CHECK(seen.events[0].wait == drawn);
    CHECK(std::string{seen.events[0].reason} == "first tries are spread");

    // The next operation of the same plan draws anew.
    const auto before = clock.elapsed();
    (void)retry(plan, [] {});
    CHECK(clock.elapsed() - before == delay_at(same));
}

// Two gates: the one behind lets wait, so the permit of this one goes back and is asked for again.
TEST_CASE("initial_jitter: a later gate's wait does not draw again", "[gate][initial_jitter]") {
    virtual_clock clock;
    initial_jitter gate{10s, 7};
    initial_jitter same{10s, 7};
    const auto drawn = delay_at(same);
    gate_log log;
    recording_gate behind{"b", log, {gate_answer::wait(time_point{drawn} + 3s, false, "not yet")}};
    CHECK(retry(with(clock, gate, behind, rules), [] { return 7; }).value() == 7);
    CHECK(clock.waits() == std::vector<duration>{drawn, 3s});
    CHECK(log == gate_log{"b:wait", "b:go", "b:finish"});
}

TEST_CASE("initial_jitter: a stop request ends the delay", "[gate][initial_jitter]") {
    virtual_clock clock;
    initial_jitter gate{10s, 7};
    std::stop_source source;
    clock.at(1ms, [&source] { source.request_stop(); });
    auto calls = 0;
    const auto got = retry(with(clock, source.get_token(), gate, rules), [&calls] { ++calls; });
    CHECK(calls == 0);
    CHECK(got.ended() == end::cancelled);
    CHECK(got.attempts() == 0);
    CHECK(clock.elapsed() == 1ms);
}

TEST_CASE("initial_jitter: a delay that does not fit is not begun", "[gate][initial_jitter]") {
    virtual_clock clock;
    initial_jitter gate{10s, 7};
    initial_jitter same{10s, 7};
    const auto drawn = delay_at(same);
    const auto within = [&clock](duration total) {
        return policy(constant(1s), bide::deadline(clock.now() + total, 1ns));
    };
    const auto late = retry(with(clock, gate, within(drawn)), [] {});
    CHECK(late.ended() == end::deferred);
    CHECK(late.attempts() == 0);
    CHECK(late.retry_in() == drawn);
    CHECK(clock.elapsed() == 0s);

    const auto next = delay_at(same);
    const auto fits = retry(with(clock, gate, within(next + 1ns)), [] { return 7; });
    CHECK(fits.value() == 7);
    CHECK(clock.elapsed() == next);
}

TEST_CASE("initial_jitter: operations of many threads get different delays",
          "[gate][initial_jitter][threads]") {
    constexpr auto per_thread = 200;
    initial_jitter gate{24h, 7};
    std::array<std::vector<duration>, 4> drawn;
    std::vector<std::thread> crowd;
    for (auto& its : drawn)
        crowd.emplace_back([&gate, &its] {
            for (auto i = 0; i < per_thread; ++i) {
                caller c;
                its.push_back(gate.ask(c.place, {}, now).until - now);
            }
        });
    for (auto& t : crowd) t.join();
    std::set<duration> all;
    for (const auto& its : drawn) all.insert(its.begin(), its.end());
    CHECK(all.size() == 4 * per_thread);
}
