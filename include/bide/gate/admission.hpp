// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_ADMISSION_HPP
#define BIDE_GATE_ADMISSION_HPP

#include <bide/detail/alarm.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/gate/detail/permits.hpp>
#include <bide/gate/gate.hpp>
#include <bide/quota.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/plan.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

namespace detail {

/// The permits of one operation, and what the result of its current try tells of quotas.
template <class Gates>
class admission {
    using permits_type = permits<Gates>;

public:
    using memory = typename permits_type::memory;

    template <class Alarm>
    admission(const Gates& gates, Alarm& alarm) noexcept : permits_{gates, alarm} {}

    [[nodiscard]] gate_answer ask(const gate_request& request, time_point now) {
        return permits_.ask(request, now);
    }

    /// The try came to `result`; the `finish` that follows passes on what it tells. The texts of
    /// quotas are views into it.
    template <class Result>
    void listen(const Result& result) const {
        if constexpr (permits_type::hears_quotas && tells_quotas<Result>) told_ = result.quotas();
    }

    /// After `finish`: see `permits`.
    [[nodiscard]] const char* afford(const finding& found, time_point now) noexcept {
        return permits_.afford(found, now);
    }

    void leave() noexcept { permits_.leave(); }
    void swap(memory& its, std::uint8_t& decided) noexcept { permits_.swap(its, decided); }

    void finish(const finding& found, time_point now) noexcept {
        if constexpr (permits_type::hears_quotas) {
            permits_.finish(found, told_.empty() ? nullptr : &told_, now);
            told_ = {};
        } else {
            permits_.finish(found, nullptr, now);
        }
    }

private:
    struct nothing {};

    permits_type permits_;
    [[no_unique_address]] mutable std::conditional_t<permits_type::hears_quotas, quotas, nothing>
        told_{};
};

}  // namespace detail

/// Adds a gate that the caller keeps, which must outlive the plan, or a copyable handle to one that
/// somebody else keeps: a gate with `static constexpr bool is_handle = true`, such as
/// `keyed_gate`.
template <class Gate, class P, class R, class O, class S, class G>
    requires gate<std::remove_reference_t<Gate>> &&
             (std::is_lvalue_reference_v<Gate> || requires { requires Gate::is_handle; })
constexpr auto attach(Gate&& first, const plan<P, R, O, S, G>& p) {
    constexpr auto behind = detail::first_order<G>;
    constexpr bool in_order = behind == gate_order::anywhere ||
                              detail::order_of<std::remove_reference_t<Gate>>() <= behind;
    static_assert(in_order,
                  "bide::with: first the gates that refuse, then those that open by an event, last "
                  "those that hand out times: with(breaker, cooldown, concurrency_limit, pacer, "
                  "policy)");
    using chain = detail::gate_chain<Gate, G>;
    return plan<P, R, O, S, chain>{p.rules(), p.held_world(), p.held_watcher(), p.stop(),
                                   chain{detail::held<Gate>{std::forward<Gate>(first)}, p.gates()}};
}

}  // namespace bide::inline v1

#endif  // BIDE_GATE_ADMISSION_HPP
