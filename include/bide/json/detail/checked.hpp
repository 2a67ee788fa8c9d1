// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_CHECKED_HPP
#define BIDE_JSON_DETAIL_CHECKED_HPP

#include <bide/json/detail/place.hpp>
#include <bide/json/policy_error.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace bide::inline v1::detail {

/// The three parts of "bide::exponential: cap must be >= base, got 20s".
struct complaint {
    std::string_view field;
    std::string_view allowed;  ///< Empty if it has another form.
    std::string_view got;
};

inline complaint parts_of(std::string_view text) {
    constexpr std::string_view colon = ": ";
    constexpr std::string_view must_be = " must be ";
    constexpr std::string_view comma_got = ", got ";
    const auto type_end = text.find(colon);
    const auto field_end = text.find(must_be);
    const auto allowed_end = text.rfind(comma_got);
    if (!text.starts_with("bide::") || allowed_end == std::string_view::npos ||
        !(type_end < field_end && field_end < allowed_end))
        return {};
    const auto field_begin = type_end + colon.size();
    const auto allowed_begin = field_end + must_be.size();
    return {text.substr(field_begin, field_end - field_begin),
            text.substr(allowed_begin, allowed_end - allowed_begin),
            text.substr(allowed_end + comma_got.size())};
}

/// What `make` answers. The constructors of the core check their settings themselves; of their
/// complaint only the place is translated, by `place_of(field)`, so that every range is written
/// once. What the text says is repeated as it stands there; what it does not say is a default.
template <class PlaceOf, class Make>
auto checked(PlaceOf place_of, Make make) {
    try {
        return make();
    } catch (const std::invalid_argument& e) {
        const auto [field, allowed, got] = parts_of(e.what());
        if (allowed.empty()) throw;
        const place where = place_of(field);
        if (where.exists()) where.refuse(std::string{allowed});
        refuse(where.pointer(), std::string{allowed}, std::string{got} + " (the default)");
    }
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_CHECKED_HPP
