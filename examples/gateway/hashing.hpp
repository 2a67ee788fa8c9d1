// SPDX-License-Identifier: MIT
#ifndef GATEWAY_HASHING_HPP
#define GATEWAY_HASHING_HPP

#include <cstdint>
#include <string_view>

namespace gateway {

/// The finaliser of splitmix64 (S. Vigna, public domain): every input bit reaches every output bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

/// FNV-1a over the text, starting from `basis`.
[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text,
                                                std::uint64_t basis) noexcept {
    auto h = basis ^ 0xcbf29ce484222325U;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mix(h);
}

/// What a draw is for, so that two draws of one try do not repeat each other.
enum class purpose : std::uint8_t { fault = 1, latency = 2 };

/// Answers a number in [0, 1) for try `seen` of message `id`.
///
/// A hash instead of an engine: arrival order differs between runs with threads, and this does not
/// depend on it.
[[nodiscard]] constexpr double draw_unit(std::uint64_t seed, std::string_view id,
                                         std::uint64_t seen, purpose what) noexcept {
    const auto h = mix(hash_text(id, mix(seed)) ^ mix(seen * 4 + static_cast<std::uint64_t>(what)));
    return static_cast<double>(h >> 11U) * 0x1.0p-53;
}

}  // namespace gateway

#endif  // GATEWAY_HASHING_HPP
