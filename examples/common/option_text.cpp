// SPDX-License-Identifier: MIT
#include "common/option_text.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace common {

std::string printable(std::string_view text) {
    constexpr std::size_t most = 60;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string safe;
    for (const char c : text.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= ' ' && c <= '~')
            safe += c;
        else
            safe.append("\\x").append({digits[byte >> 4U], digits[byte & 15U]});
    }
    return text.size() > most ? safe + "..." : safe;
}

std::string in_quotes(std::string_view text) { return '"' + printable(text) + '"'; }

void reject(std::string_view name, std::string_view allowed, std::string_view text) {
    throw std::invalid_argument{
        std::string{name}.append(" must be ").append(allowed).append(", got ") + in_quotes(text)};
}

std::uint64_t whole_number(std::string_view name, std::string_view text, std::uint64_t least,
                           std::uint64_t most, std::string_view what) {
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value < least || value > most)
        reject(name,
               std::string{what} + " from " + std::to_string(least) + " to " + std::to_string(most),
               text);
    return value;
}

}  // namespace common
