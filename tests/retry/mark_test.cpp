// SPDX-License-Identifier: MIT
#include <bide/retry/mark.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::certainty;
using bide::finding;
using bide::mark;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

/// An exception of a user's: not derived from std::exception, and it can be moved only.
struct bad_number {
    std::string number;
    explicit bad_number(std::string n) : number{std::move(n)} {}
    bad_number(bad_number&&) = default;
    bad_number& operator=(bad_number&&) = default;
    bad_number(const bad_number&) = delete;
    bad_number& operator=(const bad_number&) = delete;
};
static_assert(std::is_base_of_v<mark, decltype(bide::permanent(std::runtime_error{""}))>);
static_assert(!std::is_base_of_v<std::exception, mark>);

template <class E>
finding found_in(E&& e) {
    return static_cast<const mark&>(e).what_happened();
}

}  // namespace

TEST_CASE("mark: permanent", "[retry][mark]") {
    const auto found = found_in(bide::permanent(std::runtime_error{"no"}));
    CHECK(found.verdict == verdict::permanent);
    CHECK(found.certainty == certainty::rejected);
    CHECK_FALSE(found.hint.has_value());
}

TEST_CASE("mark: ambiguous", "[retry][mark]") {
    const auto found = found_in(bide::ambiguous(std::runtime_error{"lost"}));
    CHECK(found.verdict == verdict::transient);
    CHECK(found.certainty == certainty::ambiguous);
}

TEST_CASE("mark: not_sent", "[retry][mark]") {
    const auto found = found_in(bide::not_sent(std::runtime_error{"refused"}));
    CHECK(found.verdict == verdict::transient);
    CHECK(found.certainty == certainty::not_sent);
}

TEST_CASE("mark: throttled with the wait that was asked for", "[retry][mark]") {
    const auto found = found_in(bide::throttled(std::runtime_error{"429"}, 1.5s));
    CHECK(found.verdict == verdict::throttled);
    CHECK(found.certainty == certainty::rejected);
    CHECK(found.hint == bide::maybe<bide::duration>{1500ms});
    CHECK(found_in(bide::throttled(std::runtime_error{"429"}, 0s)).hint == bide::duration{});
    CHECK(found_in(bide::throttled(std::runtime_error{"429"}, std::chrono::hours::max())).hint ==
          bide::duration::max());
}

TEST_CASE("mark: a marked exception keeps its type and what it holds", "[retry][mark]") {
    try {
        throw bide::permanent(bad_number{"+49"});
    } catch (const bad_number& e) {
        CHECK(e.number == "+49");
    }
    try {
        const std::runtime_error original{"original"};
        throw bide::ambiguous(original);  // an lvalue is copied
    } catch (const std::runtime_error& e) {
        CHECK(std::string{e.what()} == "original");
    }
    CHECK_THROWS_AS(throw bide::not_sent(std::out_of_range{""}), mark);
}

TEST_CASE("mark: an exception type may be a mark itself", "[retry][mark]") {
    struct quota_gone : std::runtime_error, mark {
        quota_gone()
            : std::runtime_error{"quota"}, mark{{.verdict = verdict::permanent, .status = 402}} {}
    };
    CHECK(found_in(quota_gone{}).status == 402);
}

TEST_CASE("mark: a negative wait counts as none at all", "[retry][mark]") {
    const auto marked = bide::throttled(std::runtime_error{"busy"}, -5s);
    CHECK(marked.what_happened().hint == bide::duration::zero());
}
