// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_COMPUTED_HPP
#define BIDE_BACKOFF_COMPUTED_HPP

#include <bide/backoff/backoff.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// Any callable as a shape: `computed([](const attempt& a) noexcept { return 1s * a.number; })`.
///
/// Called in every retry, by any thread, so const; noexcept and of whole numbers, since a delay has
/// no way to fail. Saturates; what is below 0 counts as 0.
template <class F>
class computed {
    static_assert(std::copy_constructible<F>,
                  "bide: a computed backoff needs a callable that can be copied");
    static_assert(std::is_nothrow_invocable_v<const F&, const attempt&>,
                  "bide: a computed backoff needs a callable that is const and noexcept: [](const "
                  "attempt& a) noexcept { return 1s * a.number; }");
    static_assert(std::convertible_to<std::invoke_result_t<const F&, const attempt&>, duration>,
                  "bide: a computed backoff returns a std::chrono::duration of whole numbers");

public:
    constexpr explicit computed(F f) : f_{std::move(f)} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto d = detail::larger(timespan{f_(a)}.get(), duration::zero());
        return {d, d};
    }

private:
    [[no_unique_address]] F f_;
};

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_COMPUTED_HPP
