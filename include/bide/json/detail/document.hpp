// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_DOCUMENT_HPP
#define BIDE_JSON_DETAIL_DOCUMENT_HPP

#include <bide/json/detail/place.hpp>
#include <bide/json/policy_error.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bide::inline v1::detail {

inline constexpr std::size_t longest_text = 65'536;
inline constexpr std::size_t deepest_value = 32;

/// "line 3, column 7" of a byte; columns count characters.
inline std::string line_and_column(std::string_view text, std::size_t offset) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : text.substr(0, offset)) {
        const bool continues = (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
        column += continues ? 0 : 1;
        if (c != '\n') continue;
        ++line;
        column = 1;
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// What the parser tells becomes a tree. Its own tree keeps the last of two equal keys and any
/// depth; this one refuses both, and knows where it is when something is wrong.
class document {
public:
    explicit document(std::string_view text) : text_{text} {}

    [[nodiscard]] nlohmann::json take() { return std::move(root_); }

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string&) { return put(value); }
    bool string(const std::string& value) { return put(value); }
    static bool binary(const nlohmann::json::binary_t&) { return false; }  // not in text

    bool start_object(std::size_t) { return open(nlohmann::json::object()); }
    bool key(const std::string& name) {
        auto& top = open_.back();
        top.key = name;
        if (top.value->contains(name)) refuse(here(), "given once", "it twice");
        return true;
    }
    bool end_object() { return close(); }
    bool start_array(std::size_t) { return open(nlohmann::json::array()); }
    bool end_array() { return close(); }

    bool parse_error(std::size_t position, const std::string& token,
                     const nlohmann::json::exception& e) {
        const auto where = line_and_column(text_, position > 0 ? position - 1 : 0);
        constexpr int number_overflow = 406;
        if (e.id == number_overflow)
            refuse(here(), "a number that fits a double", token.substr(0, 40) + " at " + where);
        refuse("", "JSON", "a mistake at " + where);
    }

private:
    struct container {
        nlohmann::json* value;
        std::string key;  ///< The last one, in an object.
    };

    bool put(nlohmann::json value) {
        add(std::move(value));
        return true;
    }

    nlohmann::json* add(nlohmann::json value) {
        if (open_.empty()) return &(root_ = std::move(value));
        auto& [parent, name] = open_.back();
        if (parent->is_object()) return &((*parent)[name] = std::move(value));
        parent->push_back(std::move(value));
        return &parent->back();
    }

    bool open(nlohmann::json value) {
        if (open_.size() == deepest_value)
            refuse(here(), "nested at most " + std::to_string(deepest_value) + " deep", "more");
        // An open container stays where it is: its parent grows only after it was closed.
        open_.push_back({add(std::move(value)), {}});
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    /// The value that is about to be added.
    [[nodiscard]] std::string here() const {
        std::string pointer;
        for (const auto& [value, name] : open_) {
            const bool innermost = value == open_.back().value;
            const auto index = value->is_array() ? value->size() - (innermost ? 0 : 1) : 0;
            pointer = pointer_to(pointer, value->is_array() ? std::to_string(index) : name);
        }
        return pointer;
    }

    std::string_view text_;
    nlohmann::json root_;
    std::vector<container> open_;
};

/// @throws policy_error for what is no JSON, too long, too deep, or says something twice.
inline nlohmann::json read_document(std::string_view text) {
    if (text.size() > longest_text)
        refuse("", "at most " + std::to_string(longest_text) + " bytes long",
               std::to_string(text.size()));
    // The parser takes a null byte for the end, and what follows it would not be read.
    if (const auto null = text.find('\0'); null != std::string_view::npos)
        refuse("", "JSON", "a mistake at " + line_and_column(text, null));
    document tree{text};
    nlohmann::json::sax_parse(text.begin(), text.end(), &tree);
    return tree.take();
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_DOCUMENT_HPP
