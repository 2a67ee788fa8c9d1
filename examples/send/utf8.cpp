// SPDX-License-Identifier: MIT
#include "send/utf8.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace sender {
namespace {

/// A range of first bytes, how many bytes follow, and the range of the second one.
struct row {
    unsigned char first;
    unsigned char last;
    std::size_t more;
    unsigned char low;
    unsigned char high;
};
constexpr std::array rows{
    row{0x00, 0x7f, 0, 0, 0},       row{0xc2, 0xdf, 1, 0x80, 0xbf}, row{0xe0, 0xe0, 2, 0xa0, 0xbf},
    row{0xe1, 0xec, 2, 0x80, 0xbf}, row{0xed, 0xed, 2, 0x80, 0x9f}, row{0xee, 0xef, 2, 0x80, 0xbf},
    row{0xf0, 0xf0, 3, 0x90, 0xbf}, row{0xf1, 0xf3, 3, 0x80, 0xbf}, row{0xf4, 0xf4, 3, 0x80, 0x8f},
};

/// How many bytes the character at the beginning of `text` has; 0 if it is none.
std::size_t length_of(std::string_view text) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (const auto& r : rows) {
        if (at(0) < r.first || at(0) > r.last) continue;
        if (text.size() <= r.more) return 0;
        if (r.more > 0 && (at(1) < r.low || at(1) > r.high)) return 0;
        for (std::size_t i = 2; i <= r.more; ++i)
            if ((at(i) & 0xc0U) != 0x80U) return 0;
        return r.more + 1;
    }
    return 0;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto length = length_of(text.substr(i));
        if (length == 0) return i;
        i += length;
    }
    return std::string_view::npos;
}

}  // namespace sender
