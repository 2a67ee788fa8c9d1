// SPDX-License-Identifier: MIT
#include <bide/curl/detail/trace.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::curl::detail::trace;

namespace {

bide::past_try numbered(std::uint64_t n) {
    const auto odd = n % 2 != 0;
    bide::finding found{.verdict = odd ? verdict::throttled : verdict::transient,
                        .certainty = odd ? certainty::rejected : certainty::ambiguous,
                        .settles = odd,
                        .status = static_cast<int>(500 + n),
                        .error = static_cast<int>(n)};
    if (odd) found.hint = std::chrono::seconds{n - 1};
    return {n, found, std::chrono::milliseconds{n}, std::chrono::hours{n}};
}

}  // namespace

TEST_CASE("trace: has what a history has", "[curl][trace]") {
    trace t;
    bide::history expected;
    CHECK(t.all(0).empty());
    CHECK(t.error() == nullptr);
    for (std::uint64_t n = 1; n != 20; ++n) {
        t.add(numbered(n));
        expected.add(numbered(n));
        const auto got = t.all(n);
        REQUIRE(got.size() == expected.size());
        for (std::uint32_t i = 0; i != got.size(); ++i) {
            CHECK(got[i].number == expected[i].number);
            CHECK(got[i].ended == expected[i].ended);
            CHECK(got[i].wait == expected[i].wait);
            CHECK(got[i].found.verdict == expected[i].found.verdict);
            CHECK(got[i].found.certainty == expected[i].found.certainty);
            CHECK(got[i].found.settles == expected[i].found.settles);
            CHECK(got[i].found.status == expected[i].found.status);
            CHECK(got[i].found.error == expected[i].found.error);
            CHECK(got[i].found.hint.has_value() == expected[i].found.hint.has_value());
            CHECK(got[i].found.hint.value_or(1ns) == expected[i].found.hint.value_or(1ns));
        }
    }
}

TEST_CASE("trace: keeps an exception while it grows", "[curl][trace]") {
    const auto error = std::make_exception_ptr(std::runtime_error{"no"});
    trace t;
    for (std::uint64_t n = 1; n != 10; ++n) {
        t.add(numbered(n));
        CHECK(t.error() == (n == 1 ? nullptr : error));
        t.failed_with(error);
    }
    t.failed_with(nullptr);
    CHECK(t.error() == nullptr);
}
