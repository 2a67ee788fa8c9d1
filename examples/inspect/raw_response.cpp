// SPDX-License-Identifier: MIT
#include "inspect/raw_response.hpp"

#include "inspect/text.hpp"

#include <bide/http/field.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

using bide::http::trim;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Of a field name; RFC 9110 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && others.find(c) == std::string_view::npos) return false;
    }
    return !text.empty();
}

/// The text, line by line.
class lines {
public:
    explicit lines(std::string_view text) : rest_{text} {}

    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] std::size_t number() const { return number_; }  ///< Of the line that comes next.
    [[nodiscard]] std::string_view peek() const {
        auto line = rest_.substr(0, rest_.find('\n'));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
    void skip() {
        const auto end = rest_.find('\n');
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        ++number_;
    }

    [[noreturn]] void refuse(const std::string& allowed) const {
        throw std::invalid_argument{"line " + std::to_string(number_) + " must be " + allowed +
                                    ", got " + in_quotes(peek())};
    }

private:
    std::string_view rest_;
    std::size_t number_ = 1;
};

struct status_line {
    int status = 0;
    std::string_view reason{};
};

/// `HTTP/1.1 429 Too Many Requests`, `HTTP/2 429`.
std::optional<status_line> parse_status_line(std::string_view line) {
    constexpr std::string_view protocol = "HTTP/";
    if (!line.starts_with(protocol)) return std::nullopt;
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto version = line.substr(protocol.size(), space - protocol.size());
    const bool one_digit = version.size() == 1 && is_digit(version[0]);
    const bool two_digits =
        version.size() == 3 && is_digit(version[0]) && version[1] == '.' && is_digit(version[2]);
    line.remove_prefix(space + 1);
    if ((!one_digit && !two_digits) || line.size() < 3) return std::nullopt;
    status_line found;
    for (const char c : line.substr(0, 3)) {
        if (!is_digit(c)) return std::nullopt;
        found.status = found.status * 10 + (c - '0');
    }
    line.remove_prefix(3);
    if (!line.empty() && line.front() != ' ') return std::nullopt;
    found.reason = trim(line);
    return found;
}

void add_field(raw_response& to, const lines& in) {
    const auto line = in.peek();
    const auto is_continued = line.front() == ' ' || line.front() == '\t';
    if (is_continued && !to.headers.empty()) {
        auto& value = to.headers.back().second;
        value.append(value.empty() ? "" : " ").append(trim(line));
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        in.refuse(
            "a header field such as \"Retry-After: 5\", or empty between the header and the body");
    to.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
}

raw_response read_head(lines& in) {
    const auto first = parse_status_line(in.peek());
    if (!first)
        in.refuse("a status line such as \"HTTP/1.1 429 Too Many Requests\", as curl -i prints it");
    raw_response found{.status = first->status, .reason = std::string{first->reason}};
    for (in.skip(); !in.rest().empty(); in.skip()) {
        if (in.peek().empty()) {
            in.skip();
            break;
        }
        add_field(found, in);
    }
    return found;
}

}  // namespace

raw_response parse_response(std::string_view text) {
    lines in{text};
    while (!in.rest().empty() && in.peek().empty()) in.skip();
    if (in.rest().empty())
        throw std::invalid_argument{"it must be a response as curl -i prints it, got nothing"};
    auto found = read_head(in);
    while (parse_status_line(in.peek())) found = read_head(in);
    found.body = in.rest();
    return found;
}

std::vector<bide::http::field> fields_of(const raw_response& response) {
    std::vector<bide::http::field> fields;
    fields.reserve(response.headers.size());
    for (const auto& [name, value] : response.headers) fields.push_back({name, value});
    return fields;
}

}  // namespace inspector
