// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_FIRST_TRY_HPP
#define BIDE_RETRY_DETAIL_FIRST_TRY_HPP

#include <bide/limit/limit.hpp>
#include <bide/retry/blocking.hpp>
#include <bide/retry/callable.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/finding.hpp>

#include <type_traits>

namespace bide::inline v1::detail {

/// What there is before anything fails. With nobody but a policy that is three values, and the
/// driver is made of them at the first failure.
template <class How>
class first_try {
public:
    using driver_type = blocking<How>;
    template <class T>
    static constexpr bool judges = driver_type::template judges<T>;

    [[gnu::always_inline]] first_try(const How& how, repeatability word)
        : how_{&how}, word_{word}, start_{begin_on<needs_of<How>>(parts<How>::world(how))} {}

    [[nodiscard, gnu::always_inline]] trail* begin() const {
        if constexpr (lets_begin<std::remove_cvref_t<decltype(rules().limits())>>)
            return nullptr;
        else
            return driver().begin();
    }
    template <class T>
    [[nodiscard]] finding of_result(const T& result) const {
        return judge_result(rules().judge(), result, word_.unclassified);
    }
    [[nodiscard]] this_try this_try_now() const { return driver().this_try_now(); }
    void succeeded(const finding&) const noexcept {}

    /// Member by member: clang puts what is copied as a whole into memory beforehand.
    [[nodiscard, gnu::always_inline]] first_try hand_over() const noexcept {
        return {how_, word_, start_};
    }
    [[nodiscard]] driver_type driver() const { return {*how_, word_, start_}; }

private:
    [[gnu::always_inline]] first_try(const How* how, repeatability word,
                                     const beginning& start) noexcept
        : how_{how}, word_{word}, start_{start} {}
    [[nodiscard]] const auto& rules() const noexcept { return parts<How>::rules(*how_); }

    const How* how_;
    repeatability word_;
    beginning start_;
};

/// With gates, observers or stop requests the driver is there from the beginning.
template <class How>
    requires(!is_alone<How>)
class first_try<How> : public blocking<How> {
public:
    using driver_type = blocking<How>;

    first_try(const How& how, repeatability word)
        : blocking<How>{how, word, begin_on<needs_of<How>>(parts<How>::world(how))} {}

    struct reference {
        driver_type* its;
        [[nodiscard]] driver_type& driver() const noexcept { return *its; }
    };
    [[nodiscard]] reference hand_over() noexcept { return {this}; }
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_FIRST_TRY_HPP
