// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_OPTIONAL_GATE_HPP
#define BIDE_JSON_DETAIL_OPTIONAL_GATE_HPP

#include <bide/gate/gate.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <utility>
#include <variant>

namespace bide::inline v1::detail {

/// One of several objects that neither move nor are copied, or none.
template <class... Ts>
class one_or_none {
public:
    template <class T, class... Settings>
    void emplace(Settings&&... settings) {
        its_.template emplace<T>(std::forward<Settings>(settings)...);
    }

    /// Null if it is another one, or if it never is one of that type.
    template <class T>
    [[nodiscard]] T* get() noexcept {
        if constexpr ((std::same_as<T, Ts> || ...))
            return std::get_if<T>(&its_);
        else
            return nullptr;
    }

    [[nodiscard]] bool has_value() const noexcept { return its_.index() != 0; }

protected:
    ~one_or_none() = default;

    /// Calls `use` with what there is. Not by `std::visit`, which may throw.
    template <class Use>
    void with_it(Use use) {
        const auto use_if = [&](auto* it) {
            if (it != nullptr) use(*it);
        };
        (use_if(std::get_if<Ts>(&its_)), ...);
    }

private:
    std::variant<std::monostate, Ts...> its_;
};

/// A gate of a plan whose text says whether and what it is. Without one every try may start.
template <class Gate, class... Others>
class optional_gate : public one_or_none<Gate, Others...> {
public:
    static constexpr gate_order order = order_of<Gate>();
    static constexpr bool hears_quotas =
        (detail::hears_quotas<Gate> || ... || detail::hears_quotas<Others>);
    static_assert(((order_of<Others>() == order) && ...));

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        auto answer = gate_answer::go();
        this->with_it([&](auto& its) { answer = its.ask(t, request, now); });
        return answer;
    }
    void finish(ticket& t, const report& what, time_point now) noexcept {
        this->with_it([&](auto& its) { its.finish(t, what, now); });
    }
    void give_back(ticket& t, time_point now) noexcept {
        this->with_it([&](auto& its) { its.give_back(t, now); });
    }
};

/// A budget of a plan whose text says whether and what it is. Without one every retry may be made.
template <class... Budgets>
class optional_budget : public one_or_none<Budgets...> {
public:
    void began(budget_note& note, std::uint64_t attempt, time_point now) noexcept {
        this->with_it([&](auto& its) {
            if constexpr (requires { its.began(note, attempt, now); })
                its.began(note, attempt, now);
        });
    }
    void ended(budget_note& note, const finding& found, time_point now) noexcept {
        this->with_it([&](auto& its) {
            if constexpr (requires { its.ended(note, found, now); }) its.ended(note, found, now);
        });
    }
    [[nodiscard]] const char* take(budget_note& note, const finding& found,
                                   time_point now) noexcept {
        const char* refusal = nullptr;
        this->with_it([&](auto& its) { refusal = its.take(note, found, now); });
        return refusal;
    }
    void give_back(budget_note& note, time_point now) noexcept {
        this->with_it([&](auto& its) { its.give_back(note, now); });
    }
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_OPTIONAL_GATE_HPP
