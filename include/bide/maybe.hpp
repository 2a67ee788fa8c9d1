// SPDX-License-Identifier: MIT
#ifndef BIDE_MAYBE_HPP
#define BIDE_MAYBE_HPP

#include <concepts>
#include <type_traits>

namespace bide::inline v1 {

namespace detail {

/// `std::optional<T>` and its like.
template <class O, class T>
concept optional_of = requires(O& o, const O& c, const T& value) {
    o.reset();
    o.emplace(value);
    { c.has_value() } -> std::convertible_to<bool>;
    { *c } -> std::convertible_to<T>;
};

}  // namespace detail

/// A value or nothing, for small trivial types; converts from and to `std::optional`.
///
/// Why not that itself: <optional> is 40 % of what the core may add to <chrono> in preprocessed
/// bytes.
template <class T>
class maybe {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
    constexpr maybe() noexcept : nothing_{} {}
    template <std::convertible_to<T> Value>
    // NOLINTNEXTLINE(google-explicit-constructor): as std::optional
    constexpr maybe(const Value& value) : value_{static_cast<T>(value)}, has_value_{true} {}
    template <detail::optional_of<T> Optional>
    // NOLINTNEXTLINE(google-explicit-constructor): as std::optional
    constexpr maybe(const Optional& other) noexcept
        : maybe{other.has_value() ? maybe{*other} : maybe{}} {}
    template <detail::optional_of<T> Optional>
    // NOLINTNEXTLINE(google-explicit-constructor): as std::optional
    constexpr operator Optional() const {
        return has_value_ ? Optional{value_} : Optional{};
    }

    [[nodiscard]] constexpr bool has_value() const noexcept { return has_value_; }
    [[nodiscard]] explicit constexpr operator bool() const noexcept { return has_value_; }
    /// Requires a value.
    [[nodiscard]] constexpr const T& operator*() const noexcept { return value_; }
    [[nodiscard]] constexpr const T* operator->() const noexcept { return &value_; }
    [[nodiscard]] constexpr T value_or(const T& other) const noexcept {
        return has_value_ ? value_ : other;
    }

    friend constexpr bool operator==(const maybe& a, const maybe& b) noexcept {
        return a.has_value_ == b.has_value_ && (!a.has_value_ || a.value_ == b.value_);
    }

private:
    union {
        char nothing_;
        T value_;
    };
    bool has_value_ = false;
};

}  // namespace bide::inline v1

#endif  // BIDE_MAYBE_HPP
