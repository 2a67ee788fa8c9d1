// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_PLACE_HPP
#define BIDE_JSON_DETAIL_PLACE_HPP

#include <bide/json/policy_error.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bide::inline v1::detail {

/// In ASCII, on one line and not longer than a message should be, whatever the text holds.
inline std::string quoted(const nlohmann::json& value, std::size_t longest) {
    auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    if (text.size() <= longest) return text;
    return text.substr(0, longest) + "...";
}

inline std::string shown(const nlohmann::json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "an array";
    return quoted(value, 40);
}

inline std::string shown_pointer(const std::string& pointer) {
    if (pointer.empty()) return "the text";
    const auto text = quoted(pointer, 160);
    return text.substr(1, text.ends_with('"') ? text.size() - 2 : std::string::npos);
}

/// The form of every message.
[[noreturn]] inline void refuse(const std::string& pointer, const std::string& allowed,
                                const std::string& got) {
    throw policy_error{
        pointer, "policy: " + shown_pointer(pointer) + " must be " + allowed + ", got " + got};
}

/// What `read` answers. All readers speak of a policy; here it is called `name`.
template <class Error, class Read>
auto read_as(const char* name, Read read) {
    try {
        return read();
    } catch (const policy_error& e) {
        constexpr std::string_view policy = "policy";
        throw Error{e.pointer(), name + std::string{e.what()}.substr(policy.size())};
    }
}

/// The pointer to a member: RFC 6901, section 3.
inline std::string pointer_to(const std::string& parent, std::string_view key) {
    auto pointer = parent + '/';
    for (const char c : key) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

/// A value and where it stands; or where it would stand, if it is absent.
class place {
public:
    place(const nlohmann::json* value, std::string pointer)
        : value_{value}, pointer_{std::move(pointer)} {}

    [[nodiscard]] bool exists() const noexcept { return value_ != nullptr; }
    /// Requires that it exists.
    [[nodiscard]] const nlohmann::json& value() const noexcept { return *value_; }
    [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }

    [[noreturn]] void refuse(const std::string& allowed) const {
        detail::refuse(pointer_, allowed, exists() ? shown(*value_) : "nothing");
    }

    /// The elements of an array whose size is within bounds.
    [[nodiscard]] std::vector<place> elements(std::size_t least, std::size_t most,
                                              const char* what) const {
        if (!exists() || !value_->is_array() || value_->size() < least || value_->size() > most) {
            const auto allowed =
                "an array of " + std::to_string(least) + " to " + std::to_string(most) + ' ' + what;
            if (!exists() || !value_->is_array()) refuse(allowed);
            detail::refuse(pointer_, allowed, "an array of " + std::to_string(value_->size()));
        }
        std::vector<place> list;
        for (const auto& element : *value_)
            list.emplace_back(&element, pointer_to(pointer_, std::to_string(list.size())));
        return list;
    }

private:
    const nlohmann::json* value_;
    std::string pointer_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_PLACE_HPP
