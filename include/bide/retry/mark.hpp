// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_MARK_HPP
#define BIDE_RETRY_MARK_HPP

#include <bide/retry/finding.hpp>

#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// A base of exceptions that know what happened: classifiers believe it before any rule.
///
/// Own exception types may derive from it; others are marked where they are thrown and keep their
/// type: `throw bide::permanent(bad_number{"+49"})` is caught by `catch (const bad_number&)`.
class mark {
public:
    explicit mark(const finding& found) noexcept : found_{found} {}
    [[nodiscard]] const finding& what_happened() const noexcept { return found_; }

private:
    finding found_;
};

namespace detail {

template <class E>
class marked : public E, public mark {
public:
    // NOLINTNEXTLINE(performance-unnecessary-value-param): moved, unless E can only be copied
    marked(E e, const finding& found) : E{std::move(e)}, mark{found} {}
};

template <class E>
marked<std::remove_cvref_t<E>> with_mark(E&& e, const finding& found) {
    static_assert(
        std::is_class_v<std::remove_cvref_t<E>> && !std::is_final_v<std::remove_cvref_t<E>>,
        "bide: only an exception of a class type that is not final can be marked");
    // Two marks would be an ambiguous base, which no handler finds.
    static_assert(!std::is_base_of_v<mark, std::remove_cvref_t<E>>,
                  "bide: this exception is marked already");
    return {std::forward<E>(e), found};
}

}  // namespace detail

/// The failure will not pass: no further try.
template <class E>
[[nodiscard]] auto permanent(E&& e) {
    return detail::with_mark(std::forward<E>(e), {.verdict = verdict::permanent});
}

/// It may have happened: no further try unless the callable was declared `idempotent`.
template <class E>
[[nodiscard]] auto ambiguous(E&& e) {
    return detail::with_mark(std::forward<E>(e), {.certainty = certainty::ambiguous});
}

/// Nothing left this program: safe to repeat, even `once_only`.
template <class E>
[[nodiscard]] auto not_sent(E&& e) {
    return detail::with_mark(std::forward<E>(e), {.certainty = certainty::not_sent});
}

/// The other side did not act because we are too fast, and asks to wait `hint`; a
/// negative one counts as 0.
template <class E>
[[nodiscard]] auto throttled(E&& e, timespan hint) {
    return detail::with_mark(std::forward<E>(e), {.verdict = verdict::throttled,
                                                  .hint = detail::larger(hint, duration::zero())});
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_MARK_HPP
