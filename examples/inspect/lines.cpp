// SPDX-License-Identifier: MIT
#include "inspect/lines.hpp"

#include "inspect/inspection.hpp"
#include "inspect/object.hpp"

#include <bide/http/field.hpp>
#include <bide/http/response.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& place, const std::string& allowed, const json* got) {
    constexpr std::size_t most = 60;
    auto text =
        got == nullptr ? "nothing" : got->dump(-1, ' ', true, json::error_handler_t::replace);
    if (text.size() > most) text = text.substr(0, most) + "...";
    throw std::invalid_argument{place + " must be " + allowed + ", got " + text};
}

const json* member(const json& line, const char* key) {
    const auto found = line.find(key);
    return found == line.end() ? nullptr : &*found;
}

std::optional<bide::wall_time> time_in(const json& line) {
    const auto* value = member(line, "now");
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto seconds = value->is_number() ? value->get<double>() : -1;
    if (!(seconds >= 0 && seconds <= static_cast<double>(last_second)))
        refuse("/now", "null or seconds since 1970 from 0 to " + std::to_string(last_second),
               value);
    return bide::wall_time{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

int status_in(const json& line) {
    const auto* value = member(line, "status");
    constexpr std::uint64_t most = 999;
    if (value == nullptr || !value->is_number_unsigned() || value->get<std::uint64_t>() > most)
        refuse("/status", "a whole number from 0 to 999", value);
    return value->get<int>();
}

/// Views into `line`.
std::vector<bide::http::field> fields_in(const json& line) {
    const auto* headers = member(line, "headers");
    if (headers == nullptr || !headers->is_array())
        refuse("/headers", R"(an array of ["name", "value"])", headers);
    std::vector<bide::http::field> fields;
    fields.reserve(headers->size());
    for (const auto& h : *headers) {
        if (!h.is_array() || h.size() != 2 || !h[0].is_string() || !h[1].is_string())
            refuse("/headers/" + std::to_string(fields.size()), R"(["name", "value"])", &h);
        fields.push_back({h[0].get_ref<const std::string&>(), h[1].get_ref<const std::string&>()});
    }
    return fields;
}

/// A view into `line`.
std::string_view body_in(const json& line) {
    const auto* body = member(line, "body");
    if (body == nullptr || body->is_null()) return {};
    if (!body->is_string()) refuse("/body", "null or a string", body);
    return body->get_ref<const std::string&>();
}

json parsed(std::string_view text) {
    const auto fail = [](std::size_t byte) {
        throw std::invalid_argument{"it must be JSON, got a mistake at byte " +
                                    std::to_string(byte)};
    };
    // The parser takes a null byte for the end, and what follows it would not be read.
    if (const auto null = text.find('\0'); null != std::string_view::npos) fail(null + 1);
    try {
        return json::parse(text);
    } catch (const json::parse_error& e) {
        fail(e.byte);
    } catch (const json::exception&) {
        throw std::invalid_argument{"it must have numbers that fit a double, got a larger one"};
    }
    return {};
}

}  // namespace

std::string answer_line(std::string_view line, const conditions& known) {
    const auto read = parsed(line);
    if (!read.is_object()) refuse("it", "an object", &read);
    auto here = known;
    here.now = time_in(read);
    const auto status = status_in(read);
    const auto fields = fields_in(read);
    const bide::http::response_view response{status, fields, body_in(read)};
    return dumped(to_line(inspect(response, here), response));
}

bool answer_lines(std::istream& in, std::ostream& out, const conditions& known) {
    bool all_good = true;
    std::uint64_t number = 0;
    for (std::string text; std::getline(in, text);) {
        ++number;
        std::string answer;
        try {
            answer = answer_line(text, known);
        } catch (const std::invalid_argument& e) {
            all_good = false;
            answer = dumped({{"error", "line " + std::to_string(number) + ": " + e.what()}});
        }
        out << answer << '\n';
        out.flush();
        if (!out) throw std::runtime_error{"standard output cannot be written"};
    }
    return all_good;
}

}  // namespace inspector
