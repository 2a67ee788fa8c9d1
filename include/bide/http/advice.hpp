// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_ADVICE_HPP
#define BIDE_HTTP_ADVICE_HPP

#include <bide/http/detail/decimal.hpp>
#include <bide/http/field.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

/// What a server says about trying again, beside when.
enum class advice : std::uint8_t {
    none,
    again,  ///< The same request may work later.
    stop,   ///< It is not to be sent again.
};

/// The advice of the fields; where they disagree, to stop.
///
/// `Stripe-Should-Retry` and `x-should-retry` (OpenAI and other APIs whose SDKs Stainless
/// generates): true or false. `grpc-retry-pushback-ms`: to stop if it is no number of 0 or more
/// (gRFC A6).
[[nodiscard]] constexpr advice advice_of(std::span<const field> fields) noexcept {
    auto found = advice::none;
    for (const auto& f : fields) {
        const auto value = trim(f.value);
        if (same_name(f.name, "stripe-should-retry") || same_name(f.name, "x-should-retry")) {
            if (same_name(value, "false")) return advice::stop;
            if (same_name(value, "true")) found = advice::again;
        } else if (same_name(f.name, "grpc-retry-pushback-ms")) {
            if (!detail::parse_whole(value)) return advice::stop;
        }
    }
    return found;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_ADVICE_HPP
