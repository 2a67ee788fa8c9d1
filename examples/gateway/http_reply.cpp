// SPDX-License-Identifier: MIT
#include "gateway/http_reply.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void add_field(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string imf_fixdate(std::chrono::sys_seconds when) {
    const auto midnight = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::weekday day{midnight};
    const std::chrono::hh_mm_ss time{when - midnight};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[day.c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 202:
            return "Accepted";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 413:
            return "Content Too Large";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        default:
            return "Unknown";
    }
}

rendered_reply render(const http_reply& reply, std::chrono::system_clock::time_point now,
                      bool closes) {
    rendered_reply out;
    auto& text = out.bytes;
    text.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
    text.append(reason_phrase(reply.status)).append("\r\n");
    add_field(text, "Date", imf_fixdate(std::chrono::floor<std::chrono::seconds>(now)));
    add_field(text, "Content-Type", reply.type);
    add_field(text, "Content-Length", std::to_string(reply.body.size()));
    for (const auto& [name, value] : reply.fields) add_field(text, name, value);
    if (closes) add_field(text, "Connection", "close");
    text += "\r\n";
    out.header_bytes = text.size();
    text += reply.body;
    return out;
}

}  // namespace gateway
