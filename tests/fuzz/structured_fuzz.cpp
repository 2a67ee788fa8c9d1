// SPDX-License-Identifier: MIT
#include <bide/http/structured.hpp>

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Any bytes are a field or malformed, in a bounded number of steps; and a value that is divided
/// into several fields at its commas means the same.
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
        require(told({f, fields, "A"}, size) == whole, "in several fields it is the same");
    }
    return 0;
}
