// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_FINE_TIME_HPP
#define BIDE_GATE_DETAIL_FINE_TIME_HPP

#include <bide/time.hpp>

#include <cstdint>

namespace bide::inline v1::detail {

/// Nanoseconds and a part of one, counted in units that the user knows: three permits a second
/// are 333333333 1/3 ns apart, and a sum of many such steps must not drift.
struct fine_time {
    duration ns{};
    std::uint64_t part = 0;  ///< Less than `units` of the step that made it.

    friend constexpr bool operator<(const fine_time& a, const fine_time& b) noexcept {
        return a.ns != b.ns ? a.ns < b.ns : a.part < b.part;
    }
};

/// `per` divided by `units`, and its multiples, exactly. Saturating.
class fine_step {
public:
    static constexpr std::uint64_t most_units = 1'000'000'000;  // so that products fit 64 bits

    constexpr fine_step(duration per, std::uint64_t units) noexcept
        : per_{per}, units_{units}, whole_{per / signed_units()}, left_{part_of(per)} {}

    /// `n * per / units`.
    [[nodiscard]] constexpr fine_time times(std::uint64_t n) const noexcept {
        if (n == 1) return {whole_, left_};  // divisions are the dearest part of a gate
        const auto rounds = n < units_ ? 0 : n / units_;
        const auto rest = n - rounds * units_;
        const auto parts = rest * left_;
        const auto carry = parts < units_ ? 0 : parts / units_;
        const auto below_per =
            whole_ * static_cast<std::int64_t>(rest) + duration{static_cast<std::int64_t>(carry)};
        const auto part = parts - carry * units_;
        if (rounds == 0) return {below_per, part};
        if (rounds > static_cast<std::uint64_t>(duration::max() / per_))
            return {duration::max(), part};
        return {saturating_add(per_ * static_cast<std::int64_t>(rounds), below_per), part};
    }

    [[nodiscard]] constexpr fine_time add(fine_time a, const fine_time& b) const noexcept {
        a.part += b.part;
        const auto carry = a.part >= units_;
        if (carry) a.part -= units_;
        a.ns = saturating_add(saturating_add(a.ns, b.ns), duration{carry ? 1 : 0});
        return a;
    }

    /// For b >= 0.
    [[nodiscard]] constexpr fine_time subtract(fine_time a, const fine_time& b) const noexcept {
        const auto borrow = a.part < b.part;
        if (borrow) a.part += units_;
        a.part -= b.part;
        a.ns = saturating_add(saturating_add(a.ns, -b.ns), duration{borrow ? -1 : 0});
        return a;
    }

    /// How many steps, as a number for people and for changes of the step.
    [[nodiscard]] constexpr long double count(const fine_time& t) const noexcept {
        const auto units = static_cast<long double>(units_);
        return (static_cast<long double>(t.ns.count()) * units + static_cast<long double>(t.part)) /
               static_cast<long double>(per_.count());
    }
    [[nodiscard]] constexpr duration around(long double steps) const {
        return from_nanoseconds(steps * static_cast<long double>(per_.count()) /
                                static_cast<long double>(units_));
    }

private:
    [[nodiscard]] constexpr std::int64_t signed_units() const noexcept {
        return static_cast<std::int64_t>(units_);
    }
    [[nodiscard]] constexpr std::uint64_t part_of(duration d) const noexcept {
        return static_cast<std::uint64_t>(d.count() % signed_units());
    }

    duration per_;
    std::uint64_t units_;
    duration whole_;  // of one step
    std::uint64_t left_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_FINE_TIME_HPP
