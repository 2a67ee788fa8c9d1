// SPDX-License-Identifier: MIT
#ifndef BIDE_RANDOM_HPP
#define BIDE_RANDOM_HPP

#include <bide/time.hpp>

#include <concepts>
#include <cstdint>

namespace bide::inline v1 {

/// Where jitter comes from: each call gives 64 bits, all of them uniformly distributed.
///
/// Models: `bide::splitmix64`, `std::mt19937_64`, in a test a lambda that always answers the same
/// `std::uint64_t`. Not `std::mt19937`: its 32 bits come in a 64-bit type, and every delay would be
/// the shortest.
template <class G>
concept random_source = requires(G& g) {
    { g() } -> std::unsigned_integral;
    requires sizeof(g()) == sizeof(std::uint64_t);
} && !requires { requires G::min() != 0 || G::max() != ~std::uint64_t{}; };

/// A small generator: eight bytes of state, no division, seeded by hand or by `detail::entropy()`.
///
/// Not for secrets. Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
/// generators" (SplitMix64), OOPSLA 2014.
class splitmix64 {
public:
    constexpr explicit splitmix64(std::uint64_t seed) noexcept : state_{seed} {}

    constexpr std::uint64_t operator()() noexcept {
        auto z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};
static_assert(random_source<splitmix64>);

namespace detail {

/// The upper 64 bits of the 128-bit product.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<wide>(a) * b) >> 64);
#else
    constexpr std::uint64_t low_half = 0xffffffffU;
    const auto low = (a & low_half) * (b & low_half);
    const auto cross_a = (a >> 32) * (b & low_half) + (low >> 32);
    const auto cross_b = (a & low_half) * (b >> 32) + (cross_a & low_half);
    return (a >> 32) * (b >> 32) + (cross_a >> 32) + (cross_b >> 32);
#endif
}

/// Uniform in [low, high], both ends possible, no division. Requires 0 <= low <= high.
template <class G>
constexpr duration draw(G& g, duration low, duration high) noexcept {
    static_assert(random_source<G>,
                  "bide: a random source gives 64 bits in every call, for example splitmix64 or "
                  "std::mt19937_64");
    // The span is at most 2^63 - 1, so the count of values fits 64 bits.
    const auto values = static_cast<std::uint64_t>((high - low).count()) + 1;
    return low + duration{static_cast<std::int64_t>(multiply_high(values, g()))};
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_RANDOM_HPP
