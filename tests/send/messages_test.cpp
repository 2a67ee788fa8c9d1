// SPDX-License-Identifier: MIT
#include "send/messages.hpp"

#include "support/catch.hpp"

#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

using sender::read_messages;

namespace {

std::string error_of(const std::string& csv) {
    try {
        (void)read_messages(csv, "list.csv", "m-");
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("messages: a file becomes numbered messages", "[send][messages]") {
    const auto all = read_messages(
        "\xef\xbb\xbfto,text\r\n+4912345,\"Hi, \"\"you\"\"\nbye\"\r\n\r\n7,x", "list.csv", "m-");
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == "m-1");
    CHECK(all[0].to == "+4912345");
    CHECK(all[0].text == "Hi, \"you\"\nbye");
    CHECK(all[1].id == "m-2");
    CHECK(all[1].to == "7");
    CHECK(all[1].text == "x");
}

TEST_CASE("messages: a third column names senders", "[send][messages]") {
    const auto all = read_messages("to,text,from\n1,x,+15550100\n2,y,\n", "list.csv", "m-");
    REQUIRE(all.size() == 2);
    CHECK(all[0].from == "+15550100");
    CHECK(all[1].from.empty());
    CHECK(read_messages("to,text\n1,x\n", "list.csv", "m-").at(0).from.empty());
}

TEST_CASE("messages: a file without messages is none", "[send][messages]") {
    CHECK(read_messages("to,text\n", "list.csv", "m-").empty());
}

TEST_CASE("messages: errors name file, line, field and what is allowed",
          "[send][messages][errors]") {
    struct row {
        const char* csv;
        const char* expected;
    };
    constexpr auto number = "must be 1 to 15 digits, with or without a + before them";
    const auto [csv, expected] = GENERATE(values<row>({
        {"", "list.csv:1: the first line must be to,text or to,text,from"},
        {"to\n", "list.csv:1: the first line must be to,text or to,text,from"},
        {"text,to\n", "list.csv:1: the first line must be to,text or to,text,from"},
        {"to,text,more\n", "list.csv:1: the first line must be to,text or to,text,from"},
        {"to,text,from,\n", "list.csv:1: the first line must be to,text or to,text,from"},
        {"to;text\n1;x\n", "list.csv:1: the first line must be to,text or to,text,from"},
        {"to,text,from\n1,x\n", "list.csv:2: a line must have 3 fields (to,text,from), got 2"},
        {"to,text,from\n1,x,A\n1,\"x\n\",a name too long for it\n",
         "list.csv:4: field from must be 1 to 15 characters, or empty for --from"},
        {"to,text,from\n1,x,\xff\n", "list.csv:2: field from must be UTF-8"},
        {"to,text\n1\n", "list.csv:2: a line must have 2 fields (to,text), got 1"},
        {"to,text\n1,x\n1,x,y\n", "list.csv:3: a line must have 2 fields (to,text), got 3"},
        {"to,text\n1,\n", "list.csv:2: field text must not be empty"},
        {"to,text\n1,a\"b\n", "list.csv:2: field text must begin with a quote to contain one"},
        {"to,text\n1,x,\"y\n", "list.csv:2: field 3 must end with a quote, it begins with one"},
        {"to,text\n1,\"a\n\xff\"\n", "list.csv:3: field text must be UTF-8"},
        {"to,text\n\xc3,x\n", "list.csv:2: field to must be UTF-8"},
        {"\xff\xfet", "list.csv:1: the file must be UTF-8, this looks like UTF-16"},
    }));
    CAPTURE(csv);
    CHECK(error_of(csv) == expected);

    const auto* const to =
        GENERATE(as<const char*>{}, "", "+", "12a", "+1 555", "1234567890123456");
    CAPTURE(to);
    CHECK(error_of("to,text\n" + std::string{to} + ",x\n") ==
          std::string{"list.csv:2: field to "} + number);
}

TEST_CASE("messages: an error shows neither number nor text", "[send][messages][privacy]") {
    CHECK(error_of("to,text\n+49-151-777,secret\n").find("777") == std::string::npos);
    CHECK(error_of("to,text\n1,secret\"x\n").find("secret") == std::string::npos);
}

TEST_CASE("messages: a file that cannot be read is named", "[send][messages][errors]") {
    CHECK_THROWS_WITH(
        sender::load_messages("/nonexistent/list.csv", "m-"),
        "/nonexistent/list.csv: the file must be readable: No such file or directory");
    CHECK_THROWS_WITH(sender::load_messages("/", "m-"),
                      "/: the file must be readable: it is a directory");
}

TEST_CASE("messages: a file is loaded, an empty one lacks its header", "[send][messages]") {
    const std::string name = "bide_messages_test.csv";
    std::ofstream{name} << "to,text\n1,x\n";
    CHECK(sender::load_messages(name, "m-").size() == 1);
    std::ofstream{name, std::ios::trunc}.close();
    CHECK_THROWS_WITH(sender::load_messages(name, "m-"),
                      name + ":1: the first line must be to,text or to,text,from");
    CHECK(std::remove(name.c_str()) == 0);
}

TEST_CASE("messages: generated ones are as valid as those from a file", "[send][messages]") {
    const auto all = sender::generate_messages(1'000, "m-");
    REQUIRE(all.size() == 1'000);
    std::string csv = "to,text\n";
    std::set<std::string> numbers;
    for (const auto& m : all) {
        csv += m.to + "," + m.text + "\n";
        numbers.insert(m.to);
    }
    CHECK(numbers.size() == all.size());
    CHECK(read_messages(csv, "list.csv", "m-").size() == all.size());
    CHECK(all.back().id == "m-1000");
    CHECK(sender::generate_messages(0, "m-").empty());
}

TEST_CASE("messages: two runs have different ids", "[send][messages]") {
    const auto prefix = sender::random_id_prefix();
    CHECK(prefix.size() == 10);
    CHECK(prefix.substr(0, 2) == "m-");
    CHECK(prefix != sender::random_id_prefix());
}
