// SPDX-License-Identifier: MIT
#include <bide/retry/callable.hpp>

#include "support/catch.hpp"

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using bide::certainty;
using bide::idempotent;
using bide::once_only;
using bide::this_try;
using bide::detail::call;
using bide::detail::wants_try;
using bide::detail::word_of;

namespace {

struct line {
    std::string text;
    std::string& append(const std::string& more) { return text += more; }
    [[nodiscard]] std::size_t size() const noexcept { return text.size(); }
};
struct derived_line : line {};

int twice(int n) { return 2 * n; }

constexpr auto plain = [](int) {};
constexpr auto curious = [](const this_try&, int) {};
constexpr auto curious_by_value = [](this_try) {};
constexpr auto both = [](const auto&...) {};
static_assert(!wants_try<decltype(plain), int>);
static_assert(wants_try<decltype(curious), int>);
static_assert(wants_try<decltype(curious_by_value)>);
static_assert(!wants_try<decltype(both)>);  // the plain call, if both are possible
static_assert(!wants_try<int (*)(int), int>);
static_assert(!wants_try<decltype(&line::size), line>);

template <class F, class... Args>
using result = typename decltype(bide::detail::result_of<F, Args...>())::type;
static_assert(
    std::is_same_v<result<decltype(&line::append), line, const std::string>, std::string&>);
static_assert(std::is_same_v<result<decltype(curious), int>, void>);
static_assert(std::is_same_v<result<int (*)(int), int>, int>);

// The word about a callable.
static_assert(!word_of(plain).idempotent);
static_assert(word_of(plain).unclassified == certainty::rejected);
static_assert(!word_of(once_only(plain)).idempotent);
static_assert(word_of(once_only(plain)).unclassified == certainty::ambiguous);
static_assert(word_of(idempotent(plain)).idempotent);
static_assert(word_of(idempotent(plain)).unclassified == certainty::rejected);
static_assert(!word_of(idempotent(plain, false)).idempotent);
static_assert(word_of(idempotent(plain, false)).unclassified == certainty::rejected);

}  // namespace

TEST_CASE("call: a member function with an object, a pointer or what points to one",
          "[retry][callable]") {
    auto append = &line::append;
    const std::string more = "b";

    line object{"a"};
    CHECK(&call(append, object, more) == &object.text);
    line* pointer = &object;
    call(append, pointer, more);
    CHECK(object.text == "abb");

    auto shared = std::make_shared<line>();
    call(append, shared, more);
    CHECK(shared->text == "b");
    const auto unique = std::make_unique<line>();
    call(append, unique, more);
    CHECK(unique->text == "b");

    derived_line derived;
    call(append, derived, more);
    CHECK(derived.text == "b");

    const auto size = &line::size;
    const line fixed{"four"};
    CHECK(call(size, fixed) == 4);
}

TEST_CASE("call: a member function with a std::reference_wrapper", "[retry][callable]") {
    auto append = &line::append;
    const std::string more = "b";
    line object{"a"};
    const auto reference = std::ref(object);
    call(append, reference, more);
    CHECK(object.text == "ab");
}

TEST_CASE("call: a function and a reference to one", "[retry][callable]") {
    const auto n = 21;
    CHECK(call(twice, n) == 42);
    auto* pointer = &twice;
    CHECK(call(pointer, n) == 42);
}

TEST_CASE("declared: forwards like the callable itself", "[retry][callable]") {
    auto count = 0;
    auto add = [&count](int n) { return count += n; };
    auto once = once_only(add);  // an lvalue is referred to
    CHECK(once(2) == 2);
    CHECK(idempotent([&count] { return ++count; })() == 3);

    static_assert(std::is_invocable_v<decltype(once)&, int>);
    static_assert(!std::is_invocable_v<decltype(once)&, std::string>);
    static_assert(!std::is_invocable_v<decltype(once)&>);
    static_assert(wants_try<decltype(once_only(curious)), int>);
    static_assert(!wants_try<decltype(once_only(plain)), int>);
}

TEST_CASE("declared: keeps the state of a callable that was handed over", "[retry][callable]") {
    auto counter = idempotent([n = 0]() mutable { return ++n; });
    CHECK(counter() == 1);
    CHECK(counter() == 2);
}

TEST_CASE("declared: may hold what can only be moved", "[retry][callable]") {
    auto holder = once_only([p = std::make_unique<int>(7)] { return *p; });
    CHECK(holder() == 7);
}

TEST_CASE("declared: a constant one calls a constant callable", "[retry][callable]") {
    const auto holder = once_only([] { return 7; });
    CHECK(holder() == 7);
    const auto changing = [n = 0]() mutable { return ++n; };
    static_assert(!std::is_invocable_v<const decltype(once_only(changing))&>);
}

TEST_CASE("declared: may hold a pointer to a member function", "[retry][callable]") {
    auto append = idempotent(&line::append);
    line object{"a"};
    CHECK(append(object, std::string{"b"}) == "ab");
    CHECK(word_of(append).idempotent);
    const auto size = once_only(&line::size);
    CHECK(size(object) == 2);
}

TEST_CASE("declared: may hold a function", "[retry][callable]") {
    auto f = once_only(twice);
    CHECK(f(4) == 8);
}
