// SPDX-License-Identifier: MIT
#include "send/utf8.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>

using sender::find_invalid_utf8;

TEST_CASE("utf8: takes every length of character", "[send][utf8]") {
    const auto text = std::string{"a\0b", 3} +
                      "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80" +
                      "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    CHECK(find_invalid_utf8(text) == std::string_view::npos);
    CHECK(find_invalid_utf8("") == std::string_view::npos);
}

TEST_CASE("utf8: finds the first byte that is none", "[send][utf8]") {
    const auto* const bad =
        GENERATE(as<const char*>{}, "\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf",
                 "\xed\xa0\x80", "\xe1\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                 "\xf5\x80\x80\x80", "\xff", "\xe1\x80\x41");
    CAPTURE(bad);
    CHECK(find_invalid_utf8(std::string{"ab"} + bad) == 2);
    CHECK(find_invalid_utf8(std::string{"\xc3\xbc"} + bad + "x") == 2);
}
