// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_WORDS_HPP
#define BIDE_JSON_DETAIL_WORDS_HPP

#include <bide/json/detail/place.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

/// Values that are one of several words.
namespace bide::inline v1::detail {

inline bool is_word(const place& p, std::string_view word) {
    return p.exists() && p.value().is_string() && p.value().get_ref<const std::string&>() == word;
}

/// The element of `list` that is named; `name` gives the name of each.
template <class List, class Name>
const auto& one_of(const place& p, const List& list, Name name) {
    std::string names;
    for (const auto& each : list) {
        const std::string_view its = std::invoke(name, each);
        if (is_word(p, its)) return each;
        names += (names.empty() ? "\"" : ", \"") + std::string{its} + '"';
    }
    p.refuse("one of " + names);
}

template <class E>
using named = std::pair<std::string_view, E>;

/// What the word stands for.
template <class E, std::size_t N>
E read_word(const place& p, const named<E> (&words)[N]) {
    return one_of(p, words, &named<E>::first).second;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_WORDS_HPP
