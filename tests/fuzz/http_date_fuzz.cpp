// SPDX-License-Identifier: MIT
#include <bide/http/date.hpp>

#include "fuzz/require.hpp"

#include <array>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

/// Any bytes are a date or none, as the C library has it: strptime reads one of the three forms
/// loosely, and what it understood has to be the same text when strftime writes it. The other way
/// round, the bytes are an instant, and all that strftime makes of it is read back.
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using optional_date = std::optional<sys_seconds>;

constexpr sys_seconds now{seconds{1'795'299'600}};  // 21 November 2026, 22:20:00

struct form {
    const char* day_name;
    const char* rest;
};
constexpr form imf{"%a", ", %d %b %04Y %H:%M:%S GMT"};
constexpr form rfc850{"%A", ", %d-%b-%y %H:%M:%S GMT"};
constexpr form asctime{"%a", " %b %e %H:%M:%S %04Y"};
constexpr form with_zero{"%a", " %b %d %H:%M:%S %04Y"};  // the grammar has it, too

std::string written(const std::string& format, const std::tm& time) {
    std::array<char, 100> text{};
    const auto size = std::strftime(text.data(), text.size(), format.c_str(), &time);
    return {text.data(), size};
}

std::string written(const form& f, const std::tm& time) {
    return written(std::string{f.day_name} + f.rest, time);
}

bool is_day_name(const std::string& text, const form& f) {
    std::tm day{};
    for (; day.tm_wday < 7; ++day.tm_wday)
        if (written(f.day_name, day) == text) return true;
    return false;
}

/// Of those years that end in the same two digits, the latest that is at most 50 years ahead.
void choose_century(std::tm& time) {
    const auto here = std::chrono::system_clock::to_time_t(now);
    std::tm limit{};
    gmtime_r(&here, &limit);
    const auto digits = time.tm_year % 100;
    const auto key = [](const std::tm& t) { return written("%m%d%H%M%S", t); };
    for (time.tm_year = limit.tm_year + 50;; --time.tm_year)
        if (time.tm_year % 100 == digits &&
            (time.tm_year < limit.tm_year + 50 || key(time) <= key(limit)))
            return;
}

optional_date by_the_c_library(const std::string& text, const form& f) {
    const auto end = text.find_first_of(", ");
    if (end == std::string::npos || !is_day_name(text.substr(0, end), f)) return std::nullopt;
    const auto rest = text.substr(end);
    std::string format = f.rest;
    if (const auto at = format.find("%04Y"); at != std::string::npos) format.replace(at, 4, "%Y");
    std::tm time{};
    const char* stop = strptime(rest.c_str(), format.c_str(), &time);
    if (stop != rest.c_str() + rest.size() || time.tm_sec > 60 || written(f.rest, time) != rest)
        return std::nullopt;
    if (f.rest == rfc850.rest) choose_century(time);

    std::tm day{};
    day.tm_year = time.tm_year;
    day.tm_mon = time.tm_mon;
    day.tm_mday = time.tm_mday;
    timegm(&day);
    if (day.tm_mday != time.tm_mday) return std::nullopt;  // 30 February
    return sys_seconds{seconds{timegm(&time)}};
}

optional_date by_the_c_library(const std::string& text) {
    for (const auto& f : {imf, asctime, with_zero, rfc850})
        if (const auto found = by_the_c_library(text, f)) return found;
    return std::nullopt;
}

/// With each name in the case of the standard, and UTC for GMT.
std::string tidied(std::string text) {
    char before = ' ';
    for (auto& c : text) {
        const auto letter = static_cast<unsigned char>(c);
        c = static_cast<char>(std::isalpha(static_cast<unsigned char>(before)) != 0
                                  ? std::tolower(letter)
                                  : std::toupper(letter));
        before = c;
    }
    for (const char* zone : {"Gmt", "Utc"})
        if (text.ends_with(zone)) text.replace(text.size() - 3, 3, "GMT");
    return text;
}

void check_text(const std::string& text) {
    const auto strict = bide::http::parse_date(text, now);
    require(strict == by_the_c_library(text), "a date is what the C library says");
    const auto loose = bide::http::parse_loose_date(text, now);
    require(!strict || loose == strict, "what is strictly a date is one");
    const auto tidy = tidied(text);
    require(loose == bide::http::parse_loose_date(tidy, now), "in any case of letters");
    if (text.ends_with('T') || text.ends_with('t') || text.ends_with('C') || text.ends_with('c'))
        require(loose == bide::http::parse_date(tidy, now), "no more than that with a named zone");
}

/// An instant of the years 0 to 9999, in each form.
void check_instant(std::uint64_t bits) {
    constexpr std::int64_t first = -62'167'219'200;
    constexpr std::int64_t last = 253'402'300'799;
    const auto span = static_cast<std::uint64_t>(last - first + 1);
    const std::time_t instant = first + static_cast<std::int64_t>(bits % span);
    std::tm time{};
    gmtime_r(&instant, &time);
    const optional_date expected = sys_seconds{seconds{instant}};
    require(bide::http::parse_date(written(imf, time), std::nullopt) == expected, "IMF-fixdate");
    require(bide::http::parse_date(written(asctime, time), std::nullopt) == expected, "asctime");
    const auto in_two_digits = written(rfc850, time);
    require(!bide::http::parse_date(in_two_digits, std::nullopt), "no century without a clock");
    const auto read = bide::http::parse_date(in_two_digits, sys_seconds{seconds{instant}});
    require(time.tm_year <= -1900 + 49 || read == expected, "the century of the clock");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check_text({data, data + size});
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size && i < sizeof bits; ++i) bits = bits << 8 | data[i];
    check_instant(bits);
    return 0;
}
