// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_NESTING_HPP
#define BIDE_RETRY_DETAIL_NESTING_HPP

#include <cstdint>

namespace bide::inline v1::detail {

/// The retries that this thread has made, of all operations. Wraps; only differences count.
///
/// State in a header, because nothing else connects an operation with one inside it. Where shared
/// objects have a copy each, nesting from one into another goes unnoticed; nothing else changes.
inline constinit thread_local std::uint32_t retries_made = 0;

/// What other operations retried inside the tries of this one. Costs nothing unless it is wanted.
template <bool Wanted>
class retries_inside {
public:
    /// A try begins.
    void begin() noexcept { made_before_ = retries_made; }
    /// It is over.
    void note() noexcept { retries_ += retries_made - made_before_; }

    [[nodiscard]] std::uint32_t retries() const noexcept { return retries_; }

private:
    std::uint32_t made_before_ = 0;
    std::uint32_t retries_ = 0;
};

template <>
class retries_inside<false> {
public:
    static constexpr void begin() noexcept {}
    static constexpr void note() noexcept {}
    [[nodiscard]] static constexpr std::uint32_t retries() noexcept { return 0; }
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_NESTING_HPP
