// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_SEQUENCE_HPP
#define BIDE_BACKOFF_SEQUENCE_HPP

#include <bide/backoff/backoff.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace bide::inline v1 {

/// The delays as listed, then the last one again and again: `sequence(100ms, 1s, 5s)`; or no
/// further retry: `sequence(100ms, 1s, 5s).then_stop()`.
template <std::size_t Count>
class sequence {
    static_assert(Count > 0, "bide: a sequence has at least one delay");

public:
    /// @throws std::invalid_argument for a delay below 0; in a constant expression, a compile
    /// error.
    template <std::convertible_to<timespan>... Delays>
        requires(sizeof...(Delays) == Count)
    constexpr explicit sequence(Delays... delays) : delays_{timespan{delays}.get()...} {
        for (const auto d : delays_)
            if (d < duration::zero()) detail::invalid("sequence: delay", ">= 0", d);
    }

    /// The same delays, after which the operation is exhausted.
    [[nodiscard]] constexpr sequence then_stop() const noexcept {
        auto ended = *this;
        ended.retries_ = Count;
        return ended;
    }

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto index = a.number > 0 ? a.number - 1 : 0;
        const auto d = delays_[index < Count ? index : Count - 1];
        return {d, d};
    }

    [[nodiscard]] constexpr std::uint64_t retries() const noexcept { return retries_; }

private:
    duration delays_[Count];
    std::uint64_t retries_ = detail::no_end;
};

template <class... Delays>
sequence(Delays...) -> sequence<sizeof...(Delays)>;

static_assert(backoff<sequence<1>>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_SEQUENCE_HPP
