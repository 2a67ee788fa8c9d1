// SPDX-License-Identifier: MIT
#include <bide/http/structured.hpp>

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

/// Any bytes are a field or malformed, in a bounded number of steps, and as the grammar of RFC 9651
/// has it, written as regular expressions; and a value that is divided into several fields at its
/// commas means the same.
namespace {

namespace structured = bide::http::structured;
using bide::http::field;
using structured::event;

std::string content(const structured::bare_item& item) {
    std::string text;
    for (auto at = item.first; !(at == item.last); at.advance()) text += at.peek();
    return text;
}

std::string told(structured::reader r, std::size_t size) {
    std::string all;
    for (std::size_t steps = 0;; ++steps) {
        require(steps <= size + 2, "each step takes a byte");
        const auto e = r.next();
        all += static_cast<char>('0' + static_cast<int>(e));
        if (e == event::malformed) return "malformed";
        if (e == event::end) {
            require(!r.inside(), "inner lists are closed");
            return all;
        }
        if (e == event::parameter) require(!r.key().empty(), "a parameter has a key");
        if (e != event::item && e != event::parameter) continue;
        all += std::string{r.key()} + "=" + std::to_string(static_cast<int>(r.value().type)) + " " +
               std::to_string(r.value().number) + " " + content(r.value()) + "\n";
        require(r.value().text().empty() || r.value().text() == content(r.value()), "the text");
    }
}

/// The texts of the form, from the grammar alone; 4.2 tells where blanks and tabs may stand.
std::regex grammar(structured::form f) {
    const std::string number = "-?(?:[0-9]{1,12}\\.[0-9]{1,3}|[0-9]{1,15})";
    const std::string string = R"x("(?:[ !#-\[\]-~]|\\["\\])*")x";
    const std::string display = R"x(%"(?:[ !#$&-~]|%[0-9a-f]{2})*")x";
    const std::string token = "[A-Za-z*][-A-Za-z0-9!#$%&'*+.^_`|~:/]*";
    const std::string sextet = "[A-Za-z0-9+/]";
    const std::string bytes =
        ":(?:" + sextet + "{4})*(?:" + sextet + "{2}(?:==)?|" + sextet + "{3}=?)?:";
    const std::string bare = "(?:" + number + "|" + string + "|" + token + "|" + bytes +
                             "|\\?[01]|@-?[0-9]{1,15}|" + display + ")";
    const std::string key = "[a-z*][-a-z0-9_.*]*";
    const std::string parameters = "(?:; *" + key + "(?:=" + bare + ")?)*";
    const std::string item = bare + parameters;
    const std::string inner = "\\( *(?:" + item + "(?: +" + item + ")*)? *\\)" + parameters;
    const std::string any = "(?:" + item + "|" + inner + ")";
    const std::string entry = key + "(?:=" + any + "|" + parameters + ")";
    const auto listed = [](const std::string& member) {
        return " *(?:" + member + "(?:[ \t]*,[ \t]*" + member + ")*[ \t]*)?";
    };
    if (f == structured::form::item) return std::regex{" *" + item + " *"};
    return std::regex{listed(f == structured::form::list ? any : entry)};
}

bool is_sound(structured::form f, const std::string& text) {
    static const std::regex list = grammar(structured::form::list);
    static const std::regex dictionary = grammar(structured::form::dictionary);
    static const std::regex item = grammar(structured::form::item);
    const auto& whole = f == structured::form::list         ? list
                        : f == structured::form::dictionary ? dictionary
                                                            : item;
    return std::regex_match(text, whole);
}

std::vector<field> divided(std::string_view value) {
    std::vector<field> fields;
    for (;;) {
        const auto comma = value.find(", ");
        fields.push_back({"a", value.substr(0, comma)});
        if (comma == std::string_view::npos) return fields;
        fields.push_back({"other", "1"});
        value.remove_prefix(comma + 2);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    const auto fields = divided(text);
    for (const auto f :
         {structured::form::list, structured::form::dictionary, structured::form::item}) {
        const auto whole = told({f, text}, size);
        // Regular expressions of the standard library take long, and a part of the stack a byte.
        if (size <= 100) require((whole != "malformed") == is_sound(f, text), "the grammar");
        require(told({f, fields, "A"}, size) == whole, "in several fields it is the same");
    }
    return 0;
}
