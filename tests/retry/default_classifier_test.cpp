// SPDX-License-Identifier: MIT
#include <bide/retry/default_classifier.hpp>

#include "support/catch.hpp"
#include "support/classified.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

using bide::certainty;
using bide::default_classifier;
using bide::verdict;
using support::of_thrown;
using support::response;

namespace {

/// An expected of a user's own.
template <class T, class E>
struct result {
    bool good;
    E problem;
    [[nodiscard]] bool has_value() const noexcept { return good; }
    [[nodiscard]] const E& error() const noexcept { return problem; }
};

struct busy : std::runtime_error {
    busy() : std::runtime_error{"busy"} {}
};

constexpr default_classifier by_default;

static_assert(bide::classifier<default_classifier>);

// What can fail by itself, and what cannot: there the success path asks nothing.
static_assert(default_classifier::judges<std::error_code>);
static_assert(default_classifier::judges<response>);
static_assert(default_classifier::judges<result<int, int>>);
static_assert(!default_classifier::judges<bool>);
static_assert(!default_classifier::judges<int>);
static_assert(!default_classifier::judges<int*>);
static_assert(!default_classifier::judges<std::optional<int>>);
static_assert(!default_classifier::judges<std::shared_ptr<int>>);
static_assert(!default_classifier::judges<std::string>);

}  // namespace

TEST_CASE("default_classifier: exceptions", "[retry][default_classifier]") {
    CHECK(of_thrown(by_default, std::runtime_error{""}).verdict == verdict::transient);
    CHECK(of_thrown(by_default, std::system_error{std::error_code{}}).verdict ==
          verdict::transient);
    CHECK(of_thrown(by_default, busy{}).verdict == verdict::transient);
    CHECK(of_thrown(by_default, std::logic_error{""}).verdict == verdict::permanent);
    CHECK(of_thrown(by_default, std::invalid_argument{""}).verdict == verdict::permanent);
    CHECK(of_thrown(by_default, std::bad_alloc{}).verdict == verdict::permanent);
    CHECK(of_thrown(by_default, std::exception{}).verdict == verdict::permanent);
    CHECK(of_thrown(by_default, 7).verdict == verdict::permanent);
    CHECK(of_thrown(by_default, std::string{"text"}).verdict == verdict::permanent);
}

TEST_CASE("default_classifier: the certainty of what nobody marked is the caller's word",
          "[retry][default_classifier]") {
    const auto word = GENERATE(certainty::rejected, certainty::ambiguous, certainty::not_sent);
    CHECK(of_thrown(by_default, std::runtime_error{""}, word).certainty == word);
    CHECK(of_thrown(by_default, std::logic_error{""}, word).certainty == word);
    CHECK(of_thrown(by_default, 7, word).certainty == word);
    CHECK(of_thrown(by_default, bide::not_sent(std::runtime_error{""}), word).certainty ==
          certainty::not_sent);
    CHECK(of_thrown(by_default, bide::ambiguous(std::runtime_error{""}), word).certainty ==
          certainty::ambiguous);
    CHECK(of_thrown(by_default, bide::permanent(std::runtime_error{""}), word).certainty ==
          certainty::rejected);
}

TEST_CASE("default_classifier: a mark is believed whatever type it is on",
          "[retry][default_classifier]") {
    CHECK(of_thrown(by_default, bide::permanent(std::runtime_error{""})).verdict ==
          verdict::permanent);
    CHECK(of_thrown(by_default, bide::not_sent(std::logic_error{""})).verdict ==
          verdict::transient);
    CHECK(
        of_thrown(by_default, bide::throttled(std::string{"429"}, std::chrono::seconds{5})).hint ==
        std::chrono::seconds{5});
}

TEST_CASE("default_classifier: an error code fails by itself", "[retry][default_classifier]") {
    struct row {
        std::errc code;
        verdict expected;
    };
    const auto [code, expected] = GENERATE(values<row>({
        {std::errc{}, verdict::success},
        {std::errc::timed_out, verdict::transient},
        {std::errc::connection_reset, verdict::transient},
        {std::errc::invalid_argument, verdict::permanent},
        {std::errc::not_enough_memory, verdict::permanent},
        {std::errc::operation_canceled, verdict::permanent},
    }));
    const auto error = std::make_error_code(code);
    const auto found = by_default.of_result(error);
    CHECK(found.verdict == expected);
    CHECK(found.error == error.value());

    const auto in_result = by_default.of_result(result<int, std::error_code>{!error, error});
    CHECK(in_result.verdict == expected);
    CHECK(in_result.error == error.value());
}

TEST_CASE("default_classifier: an expected-like result", "[retry][default_classifier]") {
    CHECK(by_default.of_result(result<int, int>{true, 7}).verdict == verdict::success);
    CHECK(by_default.of_result(result<int, int>{false, 7}).verdict == verdict::transient);
    CHECK(by_default.of_result(result<int, response>{false, {503}}).status == 503);
    CHECK(by_default.of_result(result<int, std::string>{false, "no"}).certainty ==
          certainty::rejected);
}

TEST_CASE("default_classifier: the certainty of a result that fails by itself is the caller's word",
          "[retry][default_classifier]") {
    const auto lost = std::make_error_code(std::errc::timed_out);
    const auto word = GENERATE(certainty::rejected, certainty::ambiguous, certainty::not_sent);
    CHECK(by_default.of_result(lost, word).certainty == word);
    CHECK(by_default.of_result(std::error_code{}, word).certainty == certainty::answered);
    CHECK(by_default.of_result(result<int, std::error_code>{false, lost}, word).certainty == word);
    CHECK(by_default.of_result(result<int, int>{false, 7}, word).certainty == word);
    CHECK(by_default.of_result(response{503}, word).certainty == certainty::rejected);
}

TEST_CASE("default_classifier: a self-describing result", "[retry][default_classifier]") {
    CHECK(by_default.of_result(response{200}).verdict == verdict::success);
    CHECK(by_default.of_result(response{503}).verdict == verdict::overloaded);
    CHECK(by_default.of_result(response{503}).status == 503);
}

TEST_CASE("default_classifier: false, empty and null are answers", "[retry][default_classifier]") {
    CHECK(by_default.of_result(false).verdict == verdict::success);
    CHECK(by_default.of_result(std::optional<int>{}).verdict == verdict::success);
    CHECK(by_default.of_result(static_cast<int*>(nullptr)).verdict == verdict::success);
    CHECK(by_default.of_result(std::string{}).verdict == verdict::success);
}
