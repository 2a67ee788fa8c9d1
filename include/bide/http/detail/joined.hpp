// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_JOINED_HPP
#define BIDE_HTTP_DETAIL_JOINED_HPP

#include <bide/http/field.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace bide::inline v1::http::detail {

/// A place in the values of all fields of one name, as if they stood in one line with ", " between
/// them (RFC 9651 4.2). A view, copied to remember the place.
class joined {
public:
    constexpr joined() noexcept = default;
    constexpr joined(std::span<const field> fields, std::string_view name) noexcept
        : next_{fields.data()}, end_{fields.data() + fields.size()}, name_{name} {
        find_next();
        step_line();
    }

    /// A single value.
    constexpr explicit joined(std::string_view value) noexcept : line_{value} {}

    [[nodiscard]] constexpr bool at_end() const noexcept {
        return at_ == line_.size() && next_ == end_;
    }
    /// The character here; '\0' at the end, which no grammar allows either.
    [[nodiscard]] constexpr char peek() const noexcept {
        if (at_ < line_.size()) return line_[at_];
        if (next_ == end_) return '\0';
        return at_ == line_.size() ? ',' : ' ';
    }
    /// Requires that this is not the end.
    constexpr void advance() noexcept {
        if (++at_ > line_.size() + 1) step_line();
    }
    constexpr bool takes(char c) noexcept {
        if (at_end() || peek() != c) return false;
        advance();
        return true;
    }
    constexpr void skip_spaces() noexcept {
        while (takes(' ')) continue;
    }
    constexpr void skip_blanks() noexcept {
        while (!at_end() && is_blank(peek())) advance();
    }

    /// From here to `to`, empty if that is in another line.
    [[nodiscard]] constexpr std::string_view text_until(const joined& to) const noexcept {
        // Fields may share their bytes, so the line alone does not tell.
        if (line_.data() != to.line_.data() || next_ != to.next_) return {};
        return line_.substr(at_, to.at_ - at_);
    }

    /// Are both the same place of the same fields?
    friend constexpr bool operator==(const joined& a, const joined& b) noexcept {
        return a.line_.data() == b.line_.data() && a.next_ == b.next_ && a.at_ == b.at_;
    }

private:
    constexpr void find_next() noexcept {
        while (next_ != end_ && !same_name(next_->name, name_)) ++next_;
    }
    constexpr void step_line() noexcept {
        at_ = 0;
        if (next_ == end_) return;
        line_ = next_->value;
        ++next_;
        find_next();
    }

    std::string_view line_{};
    const field* next_ = nullptr;  // the line behind this one
    const field* end_ = nullptr;
    std::string_view name_{};
    std::size_t at_ = 0;
};

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_JOINED_HPP
