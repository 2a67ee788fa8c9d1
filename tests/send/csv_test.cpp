// SPDX-License-Identifier: MIT
#include "send/csv.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using sender::parse_csv;

namespace {

/// Rows in one line: fields joined by '|', rows by '/'.
std::string flat(std::string_view csv) {
    std::string text;
    for (const auto& row : parse_csv(csv)) {
        for (const auto& field : row) text += field.text + "|";
        text += "/";
    }
    return text;
}

struct broken {
    const char* csv;
    std::size_t line;
    std::size_t field;
    const char* what;
};

}  // namespace

TEST_CASE("csv: reads what RFC 4180 describes", "[send][csv]") {
    struct row {
        const char* csv;
        const char* expected;
    };
    const auto [csv, expected] = GENERATE(values<row>({
        {"", ""},
        {"a,b", "a|b|/"},
        {"a,b\n", "a|b|/"},
        {"a,b\r\nc,d\r\n", "a|b|/c|d|/"},
        {"a,\n", "a||/"},
        {",\n", "||/"},
        {"a,b\n\n", "a|b|/|/"},
        {" a , b ", " a | b |/"},
        {"\"a,b\",\"c\"\"d\"\n", "a,b|c\"d|/"},
        {"\"\",\"\"\"\"\n", "|\"|/"},
        {"\"a\nb\r\nc\",d\n", "a\nb\r\nc|d|/"},
        {"+49,Gr\xc3\xbc\xc3\x9f\x65", "+49|Gr\xc3\xbc\xc3\x9f\x65|/"},
    }));
    CAPTURE(csv);
    CHECK(flat(csv) == expected);
}

TEST_CASE("csv: knows the line of each field", "[send][csv]") {
    const auto rows = parse_csv("a,b\n\"1\n2\n3\",x\ny,\"\n\"\nz");
    REQUIRE(rows.size() == 4);
    CHECK(rows[1][0].line == 2);
    CHECK(rows[1][1].line == 4);
    CHECK(rows[2][0].line == 5);
    CHECK(rows[2][1].line == 5);
    CHECK(rows[3][0].line == 7);
}

TEST_CASE("csv: names line and field of what it cannot read", "[send][csv][errors]") {
    const auto [csv, line, field, what] = GENERATE(values<broken>({
        {"a,\"b", 1, 2, "must end with a quote, it begins with one"},
        {"a\n\"b\n\nc", 2, 1, "must end with a quote, it begins with one"},
        {"a\n\"b\nc\"d,e", 3, 1,
         "must end after its closing quote; a quote inside is written \"\""},
        {"a,b\"c\"", 1, 2, "must begin with a quote to contain one"},
        {"a,b\rc", 1, 2, "must not contain a CR without LF"},
        {"a\n\"b\"\r", 2, 1, "must end after its closing quote; a quote inside is written \"\""},
    }));
    CAPTURE(csv);
    try {
        (void)parse_csv(csv);
        FAIL("it was read");
    } catch (const sender::csv_error& e) {
        CHECK(e.line() == line);
        CHECK(e.field() == field);
        CHECK(std::string{e.what()} == what);
    }
}

TEST_CASE("csv: a long file is read in linear time", "[send][csv]") {
    std::string csv;
    for (int i = 0; i < 100'000; ++i) csv += "\"a\"\"b\",c\n";
    CHECK(parse_csv(csv).size() == 100'000);
}
