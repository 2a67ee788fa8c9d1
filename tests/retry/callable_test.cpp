// SPDX-License-Identifier: MIT
#include <bide/retry/callable.hpp>

#include "support/catch.hpp"

#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using bide::certainty;
using bide::constant;
using bide::end;
using bide::finding;
using bide::idempotent;
using bide::max_attempts;
using bide::maybe;
using bide::on_result;
using bide::once_only;
using bide::policy;
using bide::retry;
using bide::retry_if;
using bide::this_try;
using bide::virtual_clock;
using bide::with;
using bide::detail::call;
using bide::detail::wants_try;
using bide::detail::word_of;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));

constexpr auto with_rules(auto... r) {
    return policy(constant(1s), max_attempts(3), bide::classify(r...));
}

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

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

namespace {

/// A client as a user has one.
struct client {
    int calls = 0;
    int succeeds_at = 2;
    int send(const std::string& text) {
        if (++calls < succeeds_at) throw connection_lost{};
        return static_cast<int>(text.size());
    }
    [[nodiscard]] int count() const noexcept { return calls; }
};

int free_function(int n) { return n + 1; }

/// An expected of a user's own.
struct maybe_number {
    int number = 0;
    std::string problem;
    [[nodiscard]] bool has_value() const noexcept { return problem.empty(); }
    [[nodiscard]] const std::string& error() const noexcept { return problem; }
};

}  // namespace

// --- the callable and its arguments -------------------------------------------------------------

// P4 of other libraries: the second try sends an empty text.
TEST_CASE("retry: arguments survive every try", "[retry][arguments]") {
    virtual_clock clock;
    std::vector<std::string> seen;
    const auto send = [&seen](auto&& text) {
        static_assert(std::is_lvalue_reference_v<decltype(text)>);
        const std::string taken = std::forward<decltype(text)>(text);
        seen.push_back(taken);
        if (seen.size() < 3) throw connection_lost{};
    };
    retry(with(clock, rules), send, std::string(50, 'x')).value();
    CHECK(seen == std::vector<std::string>(3, std::string(50, 'x')));

    seen.clear();
    std::string mine(50, 'y');
    retry(with(clock, rules), send, std::move(mine)).value();
    CHECK(seen == std::vector<std::string>(3, std::string(50, 'y')));
    // NOLINTNEXTLINE(bugprone-use-after-move): nobody moved from it, which is the point
    CHECK(mine == std::string(50, 'y'));
}

TEST_CASE("retry: an argument given as an lvalue is that object", "[retry][arguments]") {
    virtual_clock clock;
    auto count = 0;
    retry(
        with(clock, rules),
        [](int& n) {
            if (++n < 3) throw connection_lost{};
        },
        count)
        .value();
    CHECK(count == 3);
}

TEST_CASE("retry: move-only arguments and callables", "[retry][arguments]") {
    virtual_clock clock;
    auto tries = 0;
    const auto got = retry(
        with(clock, rules),
        [own = std::make_unique<int>(4), &tries](const std::unique_ptr<int>& n) {
            if (++tries < 2) throw connection_lost{};
            return *own + *n;
        },
        std::make_unique<int>(3));
    CHECK(got.value() == 7);
}

TEST_CASE("retry: a mutable lambda keeps its state from try to try", "[retry][callable]") {
    virtual_clock clock;
    auto f = [n = 0]() mutable {
        if (++n < 3) throw connection_lost{};
        return n;
    };
    CHECK(retry(with(clock, rules), f).value() == 3);
    CHECK(f() == 4);  // it was not copied
    CHECK(retry(with(clock, rules), [n = 0]() mutable {
              if (++n < 3) throw connection_lost{};
              return n;
          }).value() == 3);
}

TEST_CASE("retry: functions, pointers to them, std::function", "[retry][callable]") {
    CHECK(retry(rules, free_function, 6).value() == 7);
    CHECK(retry(rules, &free_function, 6).value() == 7);
    CHECK(retry(rules, std::function<int(int)>{free_function}, 6).value() == 7);
    CHECK(retry(rules, []() noexcept { return 7; }).value() == 7);
}

TEST_CASE("retry: member functions", "[retry][callable]") {
    virtual_clock clock;
    const std::string text = "text";
    client object;
    CHECK(retry(with(clock, rules), &client::send, object, text).value() == 4);
    CHECK(object.calls == 2);

    client other;
    CHECK(retry(with(clock, rules), &client::send, &other, text).value() == 4);
    CHECK(other.calls == 2);
    CHECK(retry(with(clock, rules), &client::send, std::ref(other), text).value() == 4);
    CHECK(other.calls == 3);

    const auto shared = std::make_shared<client>();
    CHECK(retry(with(clock, rules), &client::send, shared, text).value() == 4);
    CHECK(retry(with(clock, rules), &client::count, shared).value() == 2);
    CHECK(retry(with(clock, rules), &client::send, std::make_unique<client>(), text).value() == 4);

    client ambiguous;
    CHECK(retry(with(clock, rules), once_only(&client::send), ambiguous, text).ended() ==
          end::unknown);
    CHECK(ambiguous.calls == 1);
}

namespace {

/// A base whose users know no more than it.
struct sender {
    sender() = default;
    sender(const sender&) = delete;
    sender& operator=(const sender&) = delete;
    virtual ~sender() = default;
    virtual std::string send() = 0;
    int calls = 0;
};
struct flaky_sender final : sender {
    std::string send() override {
        if (++calls < 2) throw connection_lost{};
        return "sent";
    }
};

/// Tells which of its operators was called.
struct overloaded {
    int calls = 0;
    std::string operator()() {
        if (++calls < 2) throw connection_lost{};
        return "nothing";
    }
    std::string operator()() const { return "nothing, constant"; }
    std::string operator()(int) const { return "int"; }
    std::string operator()(const std::string&) const { return "string"; }
    std::string operator()(const this_try&, int) const { return "this_try and int"; }
    std::string operator()(const this_try&, char, char) const { return "this_try and chars"; }
};

}  // namespace

TEST_CASE("retry: a virtual member function through its base", "[retry][callable]") {
    virtual_clock clock;
    flaky_sender by_reference;
    CHECK(retry(with(clock, rules), &sender::send, by_reference).value() == "sent");
    flaky_sender behind;
    sender* const pointer = &behind;
    CHECK(retry(with(clock, rules), &sender::send, pointer).value() == "sent");
    CHECK(behind.calls == 2);
    const std::unique_ptr<sender> owned = std::make_unique<flaky_sender>();
    CHECK(retry(with(clock, rules), &sender::send, owned).value() == "sent");
}

TEST_CASE("retry: a constant member function of a constant object", "[retry][callable]") {
    const client object{.calls = 3};
    CHECK(retry(rules, &client::count, object).value() == 3);
    CHECK(retry(rules, &client::count, &object).value() == 3);
    CHECK(retry(rules, &client::count, client{.calls = 4}).value() == 4);
    CHECK(retry(rules, std::mem_fn(&client::count), object).value() == 3);
}

TEST_CASE("retry: the call operator that fits best", "[retry][callable]") {
    virtual_clock clock;
    overloaded object;
    CHECK(retry(with(clock, rules), object).value() == "nothing");
    CHECK(object.calls == 2);
    const overloaded constant_object;
    CHECK(retry(rules, constant_object).value() == "nothing, constant");
    CHECK(retry(rules, object, 7).value() == "int");  // not the one with this_try
    CHECK(retry(rules, object, "text").value() == "string");
    CHECK(retry(rules, object, 'a', 'b').value() == "this_try and chars");
    CHECK(retry(with(clock, rules), std::ref(object)).value() == "nothing");
}

TEST_CASE("retry: a callable that can only be moved", "[retry][callable]") {
    virtual_clock clock;
    auto f = [own = std::make_unique<int>(0)] {
        if (++*own < 3) throw connection_lost{};
        return *own;
    };
    CHECK(retry(with(clock, rules), f).value() == 3);
    CHECK(f() == 4);  // neither moved nor copied
    const auto constant_callable = [own = std::make_unique<int>(7)] { return *own; };
    CHECK(retry(rules, constant_callable).value() == 7);
    CHECK(retry(rules, std::bind(free_function, 6)).value() == 7);
}

// --- results of many kinds ----------------------------------------------------------------------

TEST_CASE("retry: a result that can only be moved", "[retry][results]") {
    virtual_clock clock;
    auto own = retry(with(clock, rules), [n = 0]() mutable {
                   if (++n < 2) throw connection_lost{};
                   return std::make_unique<int>(n);
               }).value();
    CHECK(*own == 2);
}

TEST_CASE("retry: void", "[retry][results]") {
    virtual_clock clock;
    auto n = 0;
    const auto f = [&n] {
        if (++n < 3) throw connection_lost{};
    };
    static_assert(std::is_void_v<decltype(retry(rules, f).value())>);
    CHECK_NOTHROW(retry(with(clock, rules), f).value());
    CHECK(n == 3);
}

TEST_CASE("retry: a reference is that object", "[retry][results]") {
    virtual_clock clock;
    flaky_sender object;
    auto n = 0;
    const auto got = retry(with(clock, rules), [&]() -> sender& {
        if (++n < 2) throw connection_lost{};
        return object;
    });
    static_assert(std::is_same_v<decltype(got.value()), sender&>);
    CHECK(&got.value() == &object);

    std::vector<std::string> list{"a", "b"};
    retry(rules, [&list](std::size_t i) -> std::string& { return list[i]; }, 1U).value() += "c";
    CHECK(list[1] == "bc");
    const int numbers[] = {1, 2, 3};  // NOLINT(*-avoid-c-arrays)
    CHECK(std::size(retry(rules, [&]() -> auto& { return numbers; }).value()) == 3);
}

namespace {

/// The shape of std::expected, which C++20 does not have yet.
template <class T, class E>
class expected {
public:
    expected(T value) : either_{std::in_place_index<0>, std::move(value)} {}
    expected(std::in_place_index_t<1>, E error) : either_{std::in_place_index<1>, error} {}
    [[nodiscard]] bool has_value() const noexcept { return either_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T& operator*() & { return std::get<0>(either_); }
    [[nodiscard]] const E& error() const { return std::get<1>(either_); }

private:
    std::variant<T, E> either_;
};

/// As of an API that answers "busy" for a while.
template <class E>
auto after(int busy, E error) {
    using answer = expected<std::unique_ptr<int>, E>;
    return [busy, error, n = 0]() mutable {
        return ++n > busy ? answer{std::make_unique<int>(n)}
                          : answer{std::in_place_index<1>, error};
    };
}

/// An error that knows what happened.
struct refusal {
    bide::verdict verdict;
    [[nodiscard]] finding what_happened() const noexcept { return {.verdict = verdict}; }
};

}  // namespace

TEST_CASE("retry: an expected fails by itself", "[retry][results]") {
    virtual_clock clock;
    const auto plan = with(clock, rules);
    auto got = retry(plan, after(2, std::make_error_code(std::errc::timed_out)));
    CHECK(got.attempts() == 3);
    auto number = std::move(got).value();
    CHECK(**number == 3);

    const auto invalid = retry(plan, after(2, std::make_error_code(std::errc::invalid_argument)));
    CHECK(invalid.attempts() == 1);
    CHECK(invalid.last()->error() == std::errc::invalid_argument);

    CHECK(retry(plan, after(2, refusal{bide::verdict::throttled})).ended() == end::done);
    CHECK(retry(plan, after(2, refusal{bide::verdict::permanent})).ended() == end::permanent);
    const auto text = retry(plan, after(9, std::string{"busy"}));
    CHECK(text.ended() == end::exhausted);
    CHECK(text.last()->error() == "busy");
    CHECK_THROWS_AS(text.value(), bide::gave_up);

    const auto own_rule = with_rules(retry_if([](const auto& e) { return !e.has_value(); }));
    CHECK(retry(with(clock, own_rule), after(1, refusal{bide::verdict::permanent})).ended() ==
          end::done);
}

// --- the word about it ---

TEST_CASE("once_only: only what is known to be safe is repeated", "[retry][once_only]") {
    struct row {
        int kind;
        std::uint64_t tries;
        end ended;
        certainty sure;
    };
    const auto [kind, tries, ended, sure] = GENERATE(values<row>({
        {0, 1, end::unknown, certainty::ambiguous},
        {1, 1, end::unknown, certainty::ambiguous},  // permanent, but it may have acted
        {2, 3, end::exhausted, certainty::not_sent},
        {3, 3, end::exhausted, certainty::rejected},
        {4, 1, end::permanent, certainty::rejected},
        {5, 1, end::unknown, certainty::ambiguous},
    }));
    CAPTURE(kind);
    virtual_clock clock;
    const auto got = retry(with(clock, rules), once_only([what = kind] {
                               switch (what) {
                                   case 0:
                                       throw connection_lost{};
                                   case 1:
                                       throw std::logic_error{""};
                                   case 2:
                                       throw bide::not_sent(connection_lost{});
                                   case 3:
                                       throw bide::throttled(connection_lost{}, 1s);
                                   case 4:
                                       throw bide::permanent(connection_lost{});
                                   default:
                                       throw bide::ambiguous(connection_lost{});
                               }
                           }));
    CHECK(got.attempts() == tries);
    CHECK(got.ended() == ended);
    CHECK(got.certainty() == sure);
}

TEST_CASE("once_only: a safe failure first, then one that may have acted", "[retry][once_only]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), once_only([n = 0]() mutable {
                               if (++n == 1) throw bide::not_sent(connection_lost{});
                               throw connection_lost{};
                           }));
    CHECK(got.attempts() == 2);
    CHECK(got.ended() == end::unknown);
}

// A send that returns its error is no safer than one that throws it.
TEST_CASE("once_only: a result that fails by itself may have acted", "[retry][once_only]") {
    virtual_clock clock;
    auto calls = 0;
    const auto code = retry(with(clock, rules), once_only([&calls] {
                                ++calls;
                                return std::make_error_code(std::errc::timed_out);
                            }));
    CHECK(calls == 1);
    CHECK(code.ended() == end::unknown);
    CHECK(*code.last() == std::errc::timed_out);

    calls = 0;
    const auto number = retry(with(clock, rules), once_only([&calls] {
                                  ++calls;
                                  return maybe_number{0, "lost"};
                              }));
    CHECK(calls == 1);
    CHECK(number.ended() == end::unknown);

    // A later try is no other, and neither is one behind rules that have no opinion.
    calls = 0;
    const auto p = with_rules(on_result([](const std::error_code& e) {
        return e == std::errc::connection_refused
                   ? maybe<finding>{finding{.certainty = certainty::not_sent}}
                   : maybe<finding>{};
    }));
    const auto later =
        retry(with(clock, p), once_only([&calls] {
                  return std::make_error_code(++calls == 1 ? std::errc::connection_refused
                                                           : std::errc::connection_reset);
              }));
    CHECK(calls == 2);
    CHECK(later.ended() == end::unknown);

    // What a rule says is the user's word, and a plain callable's failures may be repeated.
    CHECK(retry(with(clock, with_rules(retry_if([](const auto& e) { return bool(e); }))),
                once_only([] { return std::make_error_code(std::errc::timed_out); }))
              .attempts() == 3);
    CHECK(retry(with(clock, rules), [] {
              return std::make_error_code(std::errc::timed_out);
          }).attempts() == 3);
}

TEST_CASE("idempotent: what may have acted is repeated", "[retry][idempotent]") {
    virtual_clock clock;
    // Handed over, because an operation that is repeated must not find the state of the one before.
    const auto lost = [] {
        return [n = 0]() mutable {
            if (++n < 3) throw bide::ambiguous(connection_lost{});
            return n;
        };
    };
    CHECK(retry(with(clock, rules), idempotent(lost())).value() == 3);
    CHECK(retry(with(clock, rules), idempotent(lost())).certainty() == certainty::answered);
    CHECK(retry(with(clock, rules), idempotent(lost(), false)).ended() == end::unknown);
    CHECK(retry(with(clock, rules), lost()).ended() == end::unknown);
}
