// SPDX-License-Identifier: MIT
#include <bide/retry/record.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::gave_up;
using bide::history;
using bide::past_try;
using bide::record;
using namespace std::chrono_literals;

namespace {

static_assert(history::capacity == 8);
static_assert(std::is_base_of_v<std::runtime_error, gave_up>);
static_assert(std::is_base_of_v<bide::mark, gave_up>);
static_assert(std::is_nothrow_copy_constructible_v<gave_up>);  // it is thrown
static_assert(std::is_trivially_copyable_v<record>);

history of_size(std::uint64_t n) {
    history h;
    for (std::uint64_t i = 1; i <= n; ++i) h.add({.number = i});
    return h;
}

}  // namespace

TEST_CASE("history: oldest first, and at most eight", "[retry][record][history]") {
    CHECK(history{}.empty());
    CHECK(history{}.size() == 0);
    const history nothing;
    CHECK(nothing.begin() == nothing.end());

    const auto added = GENERATE(as<std::uint64_t>{}, 1, 2, 7, 8, 9, 10, 20, 1000);
    CAPTURE(added);
    const auto h = of_size(added);
    const auto kept = added < 8 ? added : 8;
    CHECK_FALSE(h.empty());
    CHECK(h.size() == kept);
    CHECK(h.end() - h.begin() == static_cast<std::ptrdiff_t>(kept));
    auto expected = added - kept;
    for (const past_try& t : h) CHECK(t.number == ++expected);
    CHECK(expected == added);
    CHECK(h[0].number == added - kept + 1);
    CHECK(h[h.size() - 1].number == added);
}

TEST_CASE("history: a wait that was cut short", "[retry][record][history]") {
    history nothing;
    nothing.waited_only(1s);
    CHECK(nothing.empty());

    const auto added = GENERATE(as<std::uint64_t>{}, 1, 2, 8, 9);
    CAPTURE(added);
    auto h = of_size(added - 1);
    h.add({.number = added, .wait = 5s});
    h.waited_only(6s);  // it took longer, but that is not what was asked for
    CHECK(h[h.size() - 1].wait == 5s);
    h.waited_only(2s);
    CHECK(h[h.size() - 1].wait == 2s);
    CHECK(h.size() == (added < 8 ? added : 8));
    if (h.size() > 1) CHECK(h[h.size() - 2].wait == 0s);
}

TEST_CASE("gave_up: carries the facts and the cause, and stops an outer retry", "[retry][record]") {
    record facts{.ended = bide::end::unknown,
                 .stopped_by = bide::end::exhausted,
                 .certainty = bide::certainty::ambiguous,
                 .attempts = 3,
                 .retry_in = 2s};
    const auto cause = std::make_exception_ptr(std::out_of_range{"inner"});
    const gave_up e{"text", facts, cause};
    CHECK(std::string{e.what()} == "text");
    CHECK(e.facts().ended == bide::end::unknown);
    CHECK(e.facts().attempts == 3);
    CHECK(e.cause() == cause);
    CHECK(e.what_happened().verdict == bide::verdict::permanent);
    CHECK(e.what_happened().certainty == bide::certainty::ambiguous);
    CHECK(e.what_happened().hint == bide::maybe<bide::duration>{2s});
    CHECK_FALSE(gave_up("", {}, nullptr).cause());
}
