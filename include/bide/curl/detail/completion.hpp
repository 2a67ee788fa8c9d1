// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_COMPLETION_HPP
#define BIDE_CURL_DETAIL_COMPLETION_HPP

#include <bide/curl/response.hpp>
#include <bide/retry/outcome.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace bide::inline v1::curl::detail {

/// What is called once with the outcome. A callable of a pointer's size is kept in place, because
/// every request that waits has one.
class completion {
public:
    completion() = default;
    template <class F>
        requires(!std::is_same_v<F, completion>)
    explicit completion(F f) {
        if constexpr (is_small<F>)
            ::new (static_cast<void*>(place_)) F(std::move(f));
        else
            ::new (static_cast<void*>(place_)) F*(new F(std::move(f)));
        manage_ = &manage<F>;
    }
    completion(completion&& other) noexcept : manage_{std::exchange(other.manage_, nullptr)} {
        if (manage_ != nullptr) manage_(action::move, other.place_, place_);
    }
    completion& operator=(completion&& other) noexcept {
        if (this == &other) return *this;
        if (manage_ != nullptr) manage_(action::destroy, place_, nullptr);
        manage_ = std::exchange(other.manage_, nullptr);
        if (manage_ != nullptr) manage_(action::move, other.place_, place_);
        return *this;
    }
    completion(const completion&) = delete;
    completion& operator=(const completion&) = delete;
    ~completion() {
        if (manage_ != nullptr) manage_(action::destroy, place_, nullptr);
    }

    /// It may destroy what it belongs to, but not this: move it to where it stays first.
    void operator()(outcome<response>&& result) { manage_(action::call, place_, &result); }

private:
    static constexpr std::size_t size = sizeof(void*);
    enum class action : std::uint8_t { call, move, destroy };
    using manager = void (*)(action, std::byte* from, void* to);

    template <class F>
    static constexpr bool is_small = sizeof(F) <= size && alignof(F) <= alignof(void*) &&
                                     std::is_nothrow_move_constructible_v<F>;

    template <class F>
    static void manage(action what, std::byte* from, void* to) {
        if constexpr (is_small<F>) {
            auto& f = *std::launder(reinterpret_cast<F*>(from));
            if (what == action::call) return f(std::move(*static_cast<outcome<response>*>(to)));
            if (what == action::move) ::new (to) F(std::move(f));
            f.~F();  // NOLINT(bugprone-use-after-move): what is left of it
        } else {
            auto* f = *std::launder(reinterpret_cast<F**>(from));
            if (what == action::call) return (*f)(std::move(*static_cast<outcome<response>*>(to)));
            if (what == action::move)
                ::new (to) F*(f);
            else
                delete f;
        }
    }

    manager manage_ = nullptr;
    alignas(void*) std::byte place_[size];  // NOLINT(*-avoid-c-arrays)
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_COMPLETION_HPP
