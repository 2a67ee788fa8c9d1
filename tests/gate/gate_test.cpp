// SPDX-License-Identifier: MIT
#include <bide/gate/gate.hpp>

#include "support/catch.hpp"
#include "support/recording_gate.hpp"

#include <chrono>
#include <string_view>

using bide::gate_answer;
using bide::gate_request;
using bide::never;
using bide::report;
using bide::ticket;
using bide::time_point;
using namespace std::chrono_literals;

namespace {

static_assert(gate_answer::go().says_go());
static_assert(!gate_answer::go().says_refuse());
constexpr auto waits = gate_answer::wait(time_point{5s}, true, "busy");
static_assert(!waits.says_go());
static_assert(!waits.says_refuse());
static_assert(waits.says == gate_answer::kind::wait);
static_assert(waits.until == time_point{5s});
static_assert(waits.may_open_early);
static_assert(std::string_view{waits.reason} == "busy");
constexpr auto refuses = gate_answer::refuse("closed");
static_assert(refuses.says_refuse());
static_assert(!refuses.says_go());
static_assert(refuses.until == never);
static_assert(gate_answer::refuse("closed", time_point{7s}).until == time_point{7s});

static_assert(gate_request{}.attempt == 1);
static_assert(gate_request{}.cost == 1);
static_assert(gate_request{}.priority == 0);
static_assert(gate_request{}.deadline == never);
static_assert(gate_request{}.key.empty());

static_assert(bide::gate<support::recording_gate>);
static_assert(!bide::gate<int>);

struct finishes_by_throwing {
    gate_answer ask(ticket&, const gate_request&, time_point);
    void finish(ticket&, const report&, time_point);
    void give_back(ticket&, time_point) noexcept;
};
static_assert(!bide::gate<finishes_by_throwing>);

struct says_yes_or_no {
    bool ask(ticket&, const gate_request&, time_point);
    void finish(ticket&, const report&, time_point) noexcept;
    void give_back(ticket&, time_point) noexcept;
};
static_assert(!bide::gate<says_yes_or_no>);

}  // namespace

TEST_CASE("gate_answer: the same at run time", "[gate]") {
    CHECK(gate_answer::wait(never, false, nullptr).until == never);
    CHECK(gate_answer{}.says_go());
}
