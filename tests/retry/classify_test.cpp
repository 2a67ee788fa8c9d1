// SPDX-License-Identifier: MIT
#include <bide/retry/classify.hpp>

#include "support/catch.hpp"
#include "support/classified.hpp"

#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

using bide::accept_if;
using bide::certainty;
using bide::classify;
using bide::finding;
using bide::maybe;
using bide::on;
using bide::on_result;
using bide::retry_if;
using bide::verdict;
using support::of_thrown;
using support::response;

namespace {

struct busy : std::runtime_error {
    busy() : std::runtime_error{"busy"} {}
};
struct very_busy : busy {};

static_assert(bide::classifier<decltype(classify())>);
static_assert(bide::classifier<decltype(classify(retry_if([](int) { return true; })))>);

constexpr auto is_busy = [](int n) { return n < 0; };
static_assert(decltype(classify(retry_if(is_busy)))::judges<int>);
static_assert(!decltype(classify(on<busy>(verdict::transient)))::judges<int>);
static_assert(decltype(classify(on<busy>(verdict::transient), retry_if(is_busy)))::judges<int>);

}  // namespace

TEST_CASE("on: an exception type with what derives from it", "[retry][classify]") {
    const auto c = classify(on<busy>(verdict::overloaded, certainty::not_sent),
                            on<std::logic_error>(verdict::transient));
    CHECK(of_thrown(c, busy{}).verdict == verdict::overloaded);
    CHECK(of_thrown(c, busy{}).certainty == certainty::not_sent);
    CHECK(of_thrown(c, very_busy{}).verdict == verdict::overloaded);
    CHECK(of_thrown(c, std::logic_error{""}).verdict == verdict::transient);
    CHECK(of_thrown(c, std::logic_error{""}, certainty::ambiguous).certainty ==
          certainty::rejected);  // the rule's word
    CHECK(of_thrown(c, std::out_of_range{""}).verdict == verdict::transient);
    CHECK(of_thrown(c, std::runtime_error{""}).verdict == verdict::transient);  // the default
    CHECK(of_thrown(c, std::runtime_error{""}, certainty::ambiguous).certainty ==
          certainty::ambiguous);
    CHECK(of_thrown(c, 7).verdict == verdict::permanent);
}

TEST_CASE("on: the first rule that fits wins", "[retry][classify]") {
    const auto narrow_first =
        classify(on<very_busy>(verdict::permanent), on<busy>(verdict::throttled));
    CHECK(of_thrown(narrow_first, very_busy{}).verdict == verdict::permanent);
    CHECK(of_thrown(narrow_first, busy{}).verdict == verdict::throttled);
    const auto wide_first =
        classify(on<busy>(verdict::throttled), on<very_busy>(verdict::permanent));
    CHECK(of_thrown(wide_first, very_busy{}).verdict == verdict::throttled);
}

TEST_CASE("on: types that are no std::exception", "[retry][classify]") {
    const auto c = classify(on<int>(verdict::transient));
    CHECK(of_thrown(c, 7).verdict == verdict::transient);
    CHECK(of_thrown(c, 7L).verdict == verdict::permanent);
}

TEST_CASE("on: a function answers with a finding or a verdict", "[retry][classify]") {
    const auto c =
        classify(on<std::system_error>([](const std::system_error& e) {
                     return finding{.verdict = verdict::throttled, .error = e.code().value()};
                 }),
                 on<busy>([](const busy&) { return verdict::permanent; }),
                 on<int>([](int n) { return n == 0 ? verdict::success : verdict::transient; }));
    const auto found = of_thrown(c, std::system_error{std::make_error_code(std::errc::timed_out)});
    CHECK(found.verdict == verdict::throttled);
    CHECK(found.error == static_cast<int>(std::errc::timed_out));
    CHECK(of_thrown(c, busy{}).verdict == verdict::permanent);
    CHECK(of_thrown(c, busy{}).certainty == certainty::rejected);
    CHECK(of_thrown(c, 1).verdict == verdict::transient);
}

TEST_CASE("on: a mark comes before any rule", "[retry][classify]") {
    const auto c = classify(on<std::runtime_error>(verdict::throttled));
    CHECK(of_thrown(c, bide::permanent(std::runtime_error{""})).verdict == verdict::permanent);
    CHECK(of_thrown(c, std::runtime_error{""}).verdict == verdict::throttled);
}

TEST_CASE("retry_if, accept_if: a predicate on results", "[retry][classify]") {
    const auto if_busy = classify(retry_if(is_busy));
    CHECK(if_busy.of_result(-1).verdict == verdict::transient);
    CHECK(if_busy.of_result(-1).certainty == certainty::rejected);
    CHECK(if_busy.of_result(0).verdict == verdict::success);

    const auto if_even = classify(accept_if([](int n) { return n % 2 == 0; }));
    CHECK(if_even.of_result(2).verdict == verdict::success);
    CHECK(if_even.of_result(2).certainty == certainty::answered);
    CHECK(if_even.of_result(3).verdict == verdict::transient);
    CHECK(if_even.of_result(3).certainty == certainty::rejected);

    const auto if_empty = classify(retry_if([](const std::vector<int>& v) { return v.empty(); }));
    CHECK(if_empty.of_result(std::vector<int>{}).verdict == verdict::transient);
    CHECK(if_empty.of_result(std::vector<int>{1}).verdict == verdict::success);
}

TEST_CASE("retry_if: what it has no objection to is for the next rule", "[retry][classify]") {
    const auto c =
        classify(retry_if([](int n) { return n < 0; }),
                 on_result([](int n) { return n > 100 ? verdict::permanent : verdict::success; }));
    CHECK(c.of_result(-1).verdict == verdict::transient);
    CHECK(c.of_result(1).verdict == verdict::success);
    CHECK(c.of_result(101).verdict == verdict::permanent);

    // And for the default: a result that fails by itself still does.
    const auto with_default = classify(retry_if([](const response& r) { return r.status == 404; }));
    CHECK(with_default.of_result(response{404}).verdict == verdict::transient);
    CHECK(with_default.of_result(response{503}).verdict == verdict::overloaded);
    CHECK(with_default.of_result(response{200}).verdict == verdict::success);
}

TEST_CASE("accept_if: decides for good", "[retry][classify]") {
    const auto c = classify(accept_if([](const response& r) { return r.status == 503; }));
    CHECK(c.of_result(response{503}).verdict == verdict::success);
    CHECK(c.of_result(response{200}).verdict == verdict::transient);
}

TEST_CASE("on_result: a finding, a verdict, or an optional of these", "[retry][classify]") {
    const auto c = classify(
        on_result([](int n) {
            return n == 1 ? std::optional{verdict::permanent} : std::optional<verdict>{};
        }),
        on_result([](int n) {
            return n == 2 ? std::optional{finding{.status = 2}} : std::optional<finding>{};
        }),
        on_result(
            [](int n) { return n == 3 ? maybe<finding>{finding{.status = 3}} : maybe<finding>{}; }),
        on_result(
            [](int n) { return n == 4 ? maybe<verdict>{verdict::overloaded} : maybe<verdict>{}; }),
        on_result([](int n) { return finding{.verdict = verdict::throttled, .status = n}; }),
        on_result([](int) { return verdict::success; }));
    CHECK(c.of_result(1).verdict == verdict::permanent);
    CHECK(c.of_result(2).status == 2);
    CHECK(c.of_result(3).status == 3);
    CHECK(c.of_result(4).verdict == verdict::overloaded);
    CHECK(c.of_result(5).verdict == verdict::throttled);
    CHECK(c.of_result(5).status == 5);

    const auto all_good = classify(on_result([](int) { return verdict::success; }));
    CHECK(all_good.of_result(0).certainty == certainty::answered);
    const auto none = classify(on_result([](int) { return std::optional<verdict>{}; }));
    CHECK(none.of_result(0).verdict == verdict::success);
}

TEST_CASE("classify: rules on results and on exceptions side by side", "[retry][classify]") {
    const auto c = classify(retry_if(is_busy), on<busy>(verdict::throttled));
    CHECK(c.of_result(-1).verdict == verdict::transient);
    CHECK(of_thrown(c, busy{}).verdict == verdict::throttled);
    CHECK(of_thrown(c, std::logic_error{""}).verdict == verdict::permanent);
    CHECK(of_thrown(classify(), std::runtime_error{""}).verdict == verdict::transient);
    CHECK(classify().of_result(response{503}).status == 503);
}

TEST_CASE("classify: what a rule throws is thrown", "[retry][classify]") {
    const auto c =
        classify(on<busy>([](const busy&) -> verdict { throw std::domain_error{"rule"}; }),
                 retry_if([](int) -> bool { throw std::domain_error{"predicate"}; }));
    CHECK_THROWS_WITH(of_thrown(c, busy{}), "rule");
    CHECK_THROWS_WITH(c.of_result(1), "predicate");
}

TEST_CASE("classify: the caller's word passes rules that have no opinion", "[retry][classify]") {
    const auto lost = std::make_error_code(std::errc::timed_out);
    const auto word = GENERATE(certainty::rejected, certainty::ambiguous, certainty::not_sent);
    const auto c = classify(retry_if([](const std::error_code& e) { return !e; }));
    CHECK(c.of_result(lost, word).certainty == word);
    CHECK(c.of_result(std::error_code{}, word).certainty == certainty::rejected);
}
