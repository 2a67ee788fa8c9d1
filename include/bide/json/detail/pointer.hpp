// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_POINTER_HPP
#define BIDE_JSON_DETAIL_POINTER_HPP

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace bide::inline v1::json::detail {

/// The key that a step names: `~1` is a slash, `~0` a tilde.
inline std::string key_of(std::string_view step) {
    std::string key;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const auto escape = step.substr(i, 2);
        key += escape == "~1" ? '/' : step[i];
        if (escape == "~0" || escape == "~1") ++i;
    }
    return key;
}

/// What a step leads to, null if there is nothing.
inline const nlohmann::json* child(const nlohmann::json& parent, std::string_view step) {
    if (parent.is_object()) {
        const auto found = parent.find(key_of(step));
        return found == parent.end() ? nullptr : &*found;
    }
    if (!parent.is_array() || (step.size() > 1 && step.front() == '0')) return nullptr;
    std::size_t index = 0;
    const auto* const end = step.data() + step.size();
    const auto [rest, error] = std::from_chars(step.data(), end, index);
    const auto is_index = error == std::errc{} && rest == end;
    return is_index && index < parent.size() ? &parent[index] : nullptr;
}

/// Shows `see` each place that the pointer names, a null for one that is not there; RFC 6901,
/// beside which the step `*` stands for every element of an array.
template <class See>
void visit(const nlohmann::json* at, std::string_view pointer, const See& see) {
    if (at == nullptr || pointer.empty()) return see(at);
    if (pointer.front() != '/') return see(nullptr);
    const auto step = pointer.substr(1, pointer.find('/', 1) - 1);
    const auto rest = pointer.substr(1 + step.size());
    if (step != "*" || !at->is_array()) return visit(child(*at, step), rest, see);
    for (const auto& element : *at) visit(&element, rest, see);
}

}  // namespace bide::inline v1::json::detail

#endif  // BIDE_JSON_DETAIL_POINTER_HPP
