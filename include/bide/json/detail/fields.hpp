// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_FIELDS_HPP
#define BIDE_JSON_DETAIL_FIELDS_HPP

#include <bide/json/detail/checked.hpp>
#include <bide/json/detail/place.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bide::inline v1::detail {

/// The members of an object. Those that were asked for are those that exist: no second list of them
/// is needed to refuse the others.
class fields {
public:
    explicit fields(place at, const char* allowed = "an object") : at_{std::move(at)} {
        if (!at_.exists() || !at_.value().is_object()) at_.refuse(allowed);
    }

    [[nodiscard]] place operator[](std::string_view key) {
        asked_.push_back(key);
        return member(key);
    }

    /// Refuses a member in words of its own.
    void refuse(std::string_view key, const char* allowed) const {
        if (const auto found = member(key); found.exists()) found.refuse(allowed);
    }

    /// Refuses what was not asked for.
    void nothing_else() const {
        for (const auto& item : at_.value().items()) {
            if (knows(item.key())) continue;
            std::string keys;
            for (const auto key : asked_) keys += (keys.empty() ? "" : ", ") + std::string{key};
            detail::refuse(pointer_to(at_.pointer(), item.key()), "one of the keys " + keys,
                           quoted(item.key(), 40));
        }
    }

    /// What `make` answers; its complaints are about members.
    template <class Make>
    [[nodiscard]] auto checked(Make make) const {
        return detail::checked([this](std::string_view key) { return member(key); }, make);
    }

private:
    [[nodiscard]] bool knows(std::string_view key) const {
        for (const auto known : asked_)
            if (known == key) return true;
        return false;
    }

    [[nodiscard]] place member(std::string_view key) const {
        const auto found = at_.value().find(std::string{key});
        return {found == at_.value().end() ? nullptr : &*found, pointer_to(at_.pointer(), key)};
    }

    place at_;
    std::vector<std::string_view> asked_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_FIELDS_HPP
