// SPDX-License-Identifier: MIT
#include <bide/retry/classifier.hpp>

#include "support/catch.hpp"

#include <memory>
#include <string>
#include <type_traits>

using bide::certainty;
using bide::finding;
using bide::verdict;
using bide::detail::judge_result;
using bide::detail::judges_result;

namespace {

struct exceptions_only {
    [[nodiscard]] finding of_exception(certainty unclassified) const {
        return {.certainty = unclassified};
    }
};
struct numbers_too : exceptions_only {
    [[nodiscard]] finding of_result(int n) const { return {.status = n}; }
};
struct with_the_word : exceptions_only {
    [[nodiscard]] finding of_result(int n, certainty unclassified) const {
        return {.certainty = unclassified, .status = n};
    }
};
/// Could be asked about anything, but has an opinion on numbers only.
struct selective : exceptions_only {
    template <class T>
    static constexpr bool judges = std::is_same_v<T, int>;
    template <class T>
    [[nodiscard]] finding of_result(const T&) const {
        return {.verdict = verdict::overloaded};
    }
};

static_assert(bide::classifier<exceptions_only>);
static_assert(bide::classifier<numbers_too>);
static_assert(bide::classifier<with_the_word>);
static_assert(bide::classifier<selective>);

struct says_nothing {};
struct says_something_else {
    [[nodiscard]] static int of_exception(certainty) { return 0; }
};
struct not_copyable : exceptions_only {
    std::unique_ptr<int> own;
};
static_assert(!bide::classifier<int>);
static_assert(!bide::classifier<says_nothing>);
static_assert(!bide::classifier<says_something_else>);
static_assert(!bide::classifier<not_copyable>);

static_assert(!judges_result<exceptions_only, int>());
static_assert(judges_result<numbers_too, int>());
static_assert(!judges_result<numbers_too, std::string>());
static_assert(judges_result<with_the_word, int>());
static_assert(judges_result<selective, int>());
static_assert(!judges_result<selective, std::string>());

}  // namespace

TEST_CASE("classifier: is asked with the caller's word if it takes it", "[retry][classifier]") {
    CHECK(judge_result(numbers_too{}, 7, certainty::ambiguous).status == 7);
    CHECK(judge_result(numbers_too{}, 7, certainty::ambiguous).certainty == certainty::rejected);
    CHECK(judge_result(with_the_word{}, 7, certainty::ambiguous).status == 7);
    CHECK(judge_result(with_the_word{}, 7, certainty::ambiguous).certainty == certainty::ambiguous);
}
