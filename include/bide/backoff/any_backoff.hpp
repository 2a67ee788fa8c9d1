// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_ANY_BACKOFF_HPP
#define BIDE_BACKOFF_ANY_BACKOFF_HPP

#include <bide/backoff/backoff.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

namespace bide::inline v1 {

/// Any backoff behind one type, for those that are chosen at run time:
/// `any_backoff b = patient ? any_backoff{linear({})} : any_backoff{constant(1s)};`
///
/// Copies share what they hold, which never changes, so any number of threads may use them. Costs
/// one allocation when it is made, none when it is asked, and one virtual call for each question.
/// Adapters that are put around it (`b | full_jitter`) cannot know whether it was spread before.
class any_backoff {
public:
    /// Not constrained by `backoff`, which asks for copies: a backoff that is made from an
    /// `any_backoff` would have to be known as copyable in order to find out whether it is.
    template <class B>
        requires(!std::same_as<B, any_backoff> && requires(const B& b) { b.band_of(attempt{}); })
    // NOLINTNEXTLINE(google-explicit-constructor): as std::any and std::function
    any_backoff(B held) : held_{std::make_shared<const model<B>>(std::move(held))} {
        static_assert(detail::check_backoff<B>());
    }

    any_backoff(const any_backoff&) noexcept = default;
    any_backoff& operator=(const any_backoff&) noexcept = default;
    // A move is a copy: what was moved from would hold nothing and could not answer.
    // NOLINTNEXTLINE(performance-move-constructor-init)
    any_backoff(any_backoff&& other) noexcept : any_backoff{std::as_const(other)} {}
    any_backoff& operator=(any_backoff&& other) noexcept { return *this = std::as_const(other); }
    ~any_backoff() = default;

    [[nodiscard]] band band_of(const attempt& a) const noexcept { return held_->band_of(a); }
    [[nodiscard]] duration cap(const attempt& a) const noexcept { return held_->cap(a); }
    [[nodiscard]] std::uint64_t retries() const noexcept { return held_->retries(); }

private:
    struct questions {
        questions() = default;
        questions(const questions&) = delete;
        questions& operator=(const questions&) = delete;
        virtual ~questions() = default;
        [[nodiscard]] virtual band band_of(const attempt& a) const noexcept = 0;
        [[nodiscard]] virtual duration cap(const attempt& a) const noexcept = 0;
        [[nodiscard]] virtual std::uint64_t retries() const noexcept = 0;
    };

    template <class B>
    struct model final : questions {
        explicit model(B b) : held{std::move(b)} {}
        [[nodiscard]] band band_of(const attempt& a) const noexcept override {
            return held.band_of(a);
        }
        [[nodiscard]] duration cap(const attempt& a) const noexcept override {
            return detail::cap_of(held, a);
        }
        [[nodiscard]] std::uint64_t retries() const noexcept override {
            return detail::retries_of(held);
        }
        B held;
    };

    std::shared_ptr<const questions> held_;
};
static_assert(backoff<any_backoff>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_ANY_BACKOFF_HPP
