// SPDX-License-Identifier: MIT
#include "send/form.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sender {
namespace {

using json = nlohmann::json;

struct form {
    shape looks;
    std::string_view name;
    std::string_view method;
    std::string_view type;
};

constexpr std::string_view as_json = "application/json";
constexpr std::string_view as_form = "application/x-www-form-urlencoded";

/// In the order of the enumeration.
constexpr std::array forms{
    form{shape::generic, "generic", "POST", as_json},
    form{shape::vonage, "vonage", "POST", as_json},
    form{shape::vonage_sms, "vonage-sms", "POST", as_form},
    form{shape::twilio, "twilio", "POST", as_form},
    form{shape::plivo, "plivo", "POST", as_json},
    form{shape::telnyx, "telnyx", "POST", as_json},
    // docs.audian.com/api-basics: PUT creates.
    form{shape::audian, "audian", "PUT", as_json},
};

constexpr const form& form_of(shape looks) noexcept {
    return forms[static_cast<std::size_t>(looks)];
}

consteval bool forms_are_in_order() {
    for (std::size_t i = 0; i < forms.size(); ++i)
        if (forms[i].looks != static_cast<shape>(i)) return false;
    return true;
}
static_assert(forms_are_in_order());

/// RFC 3986: all but the unreserved characters as %XX, which forms and queries understand alike.
std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte / 16], digits[byte % 16]};
    }
    return out;
}

std::string form_body(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string body;
    for (const auto& [name, value] : fields) {
        if (!body.empty()) body += '&';
        body.append(name).append("=").append(escaped(value));
    }
    return body;
}

/// The digits alone: Vonage takes no plus.
std::string_view without_plus(std::string_view number) {
    return number.substr(number.starts_with('+') ? 1 : 0);
}

/// One character that is not of the basic set makes it a message of wide ones.
std::string_view encoding_of(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return "unicode";
    return "text";
}

std::string callback_for(const identity& who, const message& m) {
    return who.callback + "?ref=" + escaped(m.id);
}

}  // namespace

std::string_view sender_of(const identity& who, const message& m) noexcept {
    return m.from.empty() ? who.from : m.from;
}

shape shape_of(std::string_view profile) noexcept {
    for (const auto& f : forms)
        if (f.name == profile) return f.looks;
    return shape::generic;
}

std::string_view name_of(shape looks) noexcept { return form_of(looks).name; }

std::vector<std::string_view> shape_names() {
    std::vector<std::string_view> names;
    names.reserve(forms.size());
    for (const auto& f : forms) names.push_back(f.name);
    return names;
}

std::string_view method_of(shape looks) noexcept { return form_of(looks).method; }
std::string_view type_of(shape looks) noexcept { return form_of(looks).type; }

std::string path_of(shape looks, const identity& who) {
    switch (looks) {
        case shape::generic:
            break;
        case shape::vonage:
            return "/v1/messages";
        case shape::vonage_sms:
            return "/sms/json";
        case shape::twilio:
            return "/2010-04-01/Accounts/" + who.account + "/Messages.json";
        case shape::plivo:
            return "/v1/Account/" + who.account + "/Message/";
        case shape::telnyx:
            return "/v2/messages";
        case shape::audian:
            return "/v2/accounts/" + who.account + "/sms";
    }
    return "/";
}

std::string body_of(shape looks, const identity& who, const message& m) {
    const auto from = sender_of(who, m);
    switch (looks) {
        case shape::generic:
            break;
        case shape::vonage:
            return json{{"channel", "sms"}, {"message_type", "text"}, {"to", without_plus(m.to)},
                        {"from", from},     {"text", m.text},         {"client_ref", m.id}}
                .dump();
        case shape::vonage_sms:
            return form_body({{"from", from},
                              {"to", without_plus(m.to)},
                              {"text", m.text},
                              {"type", encoding_of(m.text)},
                              {"client-ref", m.id}});
        case shape::twilio:
            return form_body({{"To", m.to},
                              {"From", from},
                              {"Body", m.text},
                              {"StatusCallback", callback_for(who, m)}});
        case shape::plivo:
            return json{
                {"src", from}, {"dst", m.to}, {"text", m.text}, {"url", callback_for(who, m)}}
                .dump();
        case shape::telnyx:
            return json{
                {"from", from}, {"to", m.to}, {"text", m.text}, {"tags", json::array({m.id})}}
                .dump();
        case shape::audian:
            return json{{"data",
                         {{"from", from},
                          {"to", m.to},
                          {"body", m.text},
                          {"custom_vars", {{"ref", m.id}}}}}}
                .dump();
    }
    json body{{"id", m.id}, {"to", m.to}, {"text", m.text}};
    if (!m.from.empty()) body["from"] = m.from;
    return body.dump();
}

}  // namespace sender
