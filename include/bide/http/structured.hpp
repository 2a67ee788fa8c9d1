// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_STRUCTURED_HPP
#define BIDE_HTTP_STRUCTURED_HPP

#include <bide/http/detail/bare_item.hpp>
#include <bide/http/detail/joined.hpp>
#include <bide/http/field.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace bide::inline v1::http::structured {

/// What a field was defined to be.
enum class form : std::uint8_t { list, dictionary, item };

/// What the reader came upon.
enum class event : std::uint8_t {
    item,       ///< A member, or within an inner list one of its items: `value()`.
    open,       ///< A member that is an inner list begins.
    close,      ///< It ends; parameters that follow are its own.
    parameter,  ///< Of what came before: `key()` and `value()`.
    end,        ///< Everything was read and was well-formed.
    malformed,  ///< It was not, and what was read before is void too.
};

/// Reads a structured field step by step, without memory for what it has read (RFC 9651 4.2).
///
/// Several fields of the name are read as one. Each step costs time in proportion to the bytes that
/// it reads. Repeated keys are delivered repeatedly; the last one counts. A dictionary's member
/// without a value is true, and so is such a parameter. The fields must outlive the reader.
class reader {
public:
    constexpr reader(form f, std::span<const field> fields, std::string_view name) noexcept
        : reader{f, http::detail::joined{fields, name}} {}
    constexpr reader(form f, std::string_view value) noexcept
        : reader{f, http::detail::joined{value}} {}

    constexpr event next() noexcept {
        if (!done_) last_ = step();
        done_ = last_ == event::end || last_ == event::malformed;
        return last_;
    }

    /// In an inner list? After `open` until `close`.
    [[nodiscard]] constexpr bool inside() const noexcept { return inside_; }
    /// Of the last parameter, or of the last member of a dictionary.
    [[nodiscard]] constexpr std::string_view key() const noexcept { return key_; }
    /// Of the last item or parameter.
    [[nodiscard]] constexpr const bare_item& value() const noexcept { return value_; }

private:
    constexpr reader(form f, const http::detail::joined& text) noexcept : at_{text}, form_{f} {
        at_.skip_spaces();
    }

    constexpr event step() noexcept {
        if (!begun_) {
            begun_ = true;
            if (at_.at_end() && form_ != form::item) return event::end;
            return member();
        }
        if (last_ != event::open && at_.takes(';')) return parameter();
        return inside_ ? in_inner_list() : after_member();
    }

    constexpr event member() noexcept {
        if (form_ == form::dictionary) {
            if (!detail::take_key(at_, key_)) return event::malformed;
            if (!at_.takes('=')) return implied_true(event::item);
        }
        if (form_ != form::item && at_.takes('(')) {
            inside_ = true;
            return event::open;
        }
        return detail::take_bare_item(at_, value_) ? event::item : event::malformed;
    }

    constexpr event in_inner_list() noexcept {
        const auto separated = last_ == event::open || at_.peek() == ' ';
        at_.skip_spaces();
        if (at_.takes(')')) {
            inside_ = false;
            return event::close;
        }
        if (!separated || !detail::take_bare_item(at_, value_)) return event::malformed;
        return event::item;
    }

    constexpr event after_member() noexcept {
        if (form_ == form::item) {
            at_.skip_spaces();
            return at_.at_end() ? event::end : event::malformed;
        }
        at_.skip_blanks();
        if (at_.at_end()) return event::end;
        if (!at_.takes(',')) return event::malformed;
        at_.skip_blanks();
        return at_.at_end() ? event::malformed : member();  // a trailing comma
    }

    constexpr event parameter() noexcept {
        at_.skip_spaces();
        if (!detail::take_key(at_, key_)) return event::malformed;
        if (!at_.takes('=')) return implied_true(event::parameter);
        return detail::take_bare_item(at_, value_) ? event::parameter : event::malformed;
    }

    constexpr event implied_true(event e) noexcept {
        value_ = {.type = item_type::boolean, .number = 1};
        return e;
    }

    http::detail::joined at_;
    form form_;
    bool begun_ = false;
    bool done_ = false;
    bool inside_ = false;
    event last_ = event::item;
    std::string_view key_{};
    bare_item value_{};
};

}  // namespace bide::inline v1::http::structured

#endif  // BIDE_HTTP_STRUCTURED_HPP
