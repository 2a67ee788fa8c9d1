// SPDX-License-Identifier: MIT
#include <bide/http/structured.hpp>

#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using bide::http::field;
using bide::http::structured::event;
using bide::http::structured::form;
using bide::http::structured::item_type;
using bide::http::structured::reader;

// Whole fields are compared in tests/vectors; here is what a caller of the reader relies on.

namespace {

/// The events of a reader, one letter each; what a parameter or member is called behind it.
std::string events(reader r) {
    std::string all;
    for (;;) {
        const auto e = r.next();
        switch (e) {
            case event::item:
                all += r.inside() ? "i" : "I" + std::string{r.key()};
                break;
            case event::open:
                all += "(" + std::string{r.key()};
                break;
            case event::close:
                all += ")";
                break;
            case event::parameter:
                all += ";" + std::string{r.key()};
                break;
            case event::end:
                return all + ".";
            case event::malformed:
                return all + "!";
        }
    }
}

}  // namespace

static_assert(noexcept(reader{form::list, ""}.next()));

TEST_CASE("structured::reader: the events of a list", "[http][structured]") {
    CHECK(events({form::list, ""}) == ".");
    CHECK(events({form::list, "  "}) == ".");
    CHECK(events({form::list, "a"}) == "I.");
    CHECK(events({form::list, "a, b\t,\tc"}) == "III.");
    CHECK(events({form::list, "a,"}) == "I!");
    CHECK(events({form::list, "a b"}) == "I!");
    CHECK(events({form::list, ",a"}) == "!");
    CHECK(events({form::list, "a=1"}) == "I!");
}

TEST_CASE("structured::reader: inner lists and whose parameters they are", "[http][structured]") {
    reader r{form::list, "(a;x=1 b);y, c;z"};
    CHECK(r.next() == event::open);
    CHECK(r.inside());
    CHECK(r.next() == event::item);
    CHECK(r.inside());
    CHECK(r.value().text() == "a");
    CHECK(r.next() == event::parameter);
    CHECK(r.inside());
    CHECK(r.next() == event::item);
    CHECK(r.next() == event::close);
    CHECK_FALSE(r.inside());
    CHECK(r.next() == event::parameter);
    CHECK(r.key() == "y");
    CHECK(r.next() == event::item);
    CHECK(r.next() == event::parameter);
    CHECK(r.next() == event::end);
    CHECK(r.next() == event::end);

    CHECK(events({form::list, "()"}) == "().");
    CHECK(events({form::list, "( a )"}) == "(i).");
    CHECK(events({form::list, "(;a)"}) == "(!");
    CHECK(events({form::list, "(a"}) == "(i!");
    CHECK(events({form::list, "(a\tb)"}) == "(i!");
    CHECK(events({form::list, "(a(b))"}) == "(i!");
    CHECK(events({form::list, "((a))"}) == "(!");
    CHECK(events({form::list, "(\"a\"\"b\")"}) == "(i!");
}

TEST_CASE("structured::reader: a dictionary and an item", "[http][structured]") {
    CHECK(events({form::dictionary, "a=1, b;x, c=(1 2);y"}) == "IaIb;x(cii);y.");
    CHECK(events({form::dictionary, "A=1"}) == "!");
    CHECK(events({form::dictionary, "a=1,"}) == "Ia!");
    CHECK(events({form::dictionary, "a ;x"}) == "Ia!");
    CHECK(events({form::item, " 1;a; b=2 "}) == "I;a;b.");
    CHECK(events({form::item, ""}) == "!");
    CHECK(events({form::item, "1, 2"}) == "I!");
    CHECK(events({form::item, "(1)"}) == "!");
    CHECK(events({form::item, "1;"}) == "I!");
    CHECK(events({form::item, "1 ;a"}) == "I!");
    CHECK(events({form::item, "1;\ta"}) == "I!");
}

TEST_CASE("structured::reader: once malformed, always", "[http][structured]") {
    reader r{form::list, "a, ?, b"};
    CHECK(r.next() == event::item);
    CHECK(r.next() == event::malformed);
    CHECK(r.next() == event::malformed);
}

TEST_CASE("structured::reader: numbers and booleans", "[http][structured]") {
    const auto number = [](std::string_view text, item_type type) {
        reader r{form::item, text};
        if (r.next() != event::item || r.value().type != type) return -1L;
        const auto value = static_cast<long>(r.value().number);
        return r.next() == event::end ? value : -1L;
    };
    CHECK(number("42", item_type::integer) == 42);
    CHECK(number("-42", item_type::integer) == -42);
    CHECK(number("999999999999999", item_type::integer) == 999999999999999);
    CHECK(number("1000000000000000", item_type::integer) == -1);
    CHECK(number("1.5", item_type::decimal) == 1500);
    CHECK(number("-0.125", item_type::decimal) == -125);
    CHECK(number("999999999999.999", item_type::decimal) == 999999999999999);
    CHECK(number("1000000000000.0", item_type::decimal) == -1);
    CHECK(number("1000000000000.", item_type::integer) == -1);
    CHECK(number("1.0000", item_type::decimal) == -1);
    CHECK(number("1.", item_type::decimal) == -1);
    CHECK(number("?1", item_type::boolean) == 1);
    CHECK(number("?0", item_type::boolean) == 0);
    CHECK(number("?2", item_type::boolean) == -1);
    CHECK(number("@1659578233", item_type::date) == 1659578233);
    CHECK(number("@1.5", item_type::date) == -1);
}

TEST_CASE("structured::reader: several fields are one, without a copy", "[http][structured]") {
    static constexpr std::array fields = {field{"A", "x, \"one"}, field{"B", "b"},
                                          field{"a", "two\""}, field{"A", "y"}};
    reader r{form::list, fields, "a"};
    CHECK(r.next() == event::item);
    CHECK(r.value().text() == "x");
    CHECK(r.value().text().data() == fields[0].value.data());
    CHECK(r.next() == event::item);
    CHECK(r.value().type == item_type::string);
    CHECK(r.value().text().empty());  // it is in two of them
    CHECK(r.next() == event::item);
    CHECK(r.value().text() == "y");
    CHECK(r.next() == event::end);
    CHECK(events({form::list, fields, "c"}) == ".");

    static constexpr std::string_view same = "x, \"y";
    static constexpr std::array twice = {field{"a", same}, field{"a", same}};
    reader shared{form::list, twice, "a"};
    CHECK(shared.next() == event::item);
    CHECK(shared.next() == event::item);
    CHECK(shared.value().text().empty());

    static constexpr std::array hole = {field{"a", "1"}, field{"a", ""}, field{"a", "2"}};
    CHECK(events({form::list, hole, "a"}) == "I!");
    static constexpr std::array cut = {field{"a", "1"}, field{"a", "2;"}, field{"a", "y"}};
    CHECK(events({form::list, cut, "a"}) == "II!");
}

TEST_CASE("structured::reader: every text of up to three bytes ends", "[http][structured]") {
    std::size_t sound = 0;
    for (int a = 0; a < 256; ++a)
        for (int b = 0; b < 256; ++b)
            for (const char c : std::string_view{"\0 \t\",;:?%@()=*-.09aA\x80", 20}) {
                const std::array<char, 3> text = {static_cast<char>(a), static_cast<char>(b), c};
                for (const auto f : {form::list, form::dictionary, form::item}) {
                    reader r{f, {text.data(), text.size()}};
                    int steps = 0;
                    auto e = r.next();
                    for (; e != event::end && e != event::malformed; e = r.next())
                        if (++steps > 4) FAIL(a << ' ' << b);
                    if (e == event::end) ++sound;
                }
            }
    CHECK(sound > 10'000);
}
