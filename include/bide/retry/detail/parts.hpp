// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_PARTS_HPP
#define BIDE_RETRY_DETAIL_PARTS_HPP

#include <bide/limit/limit.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/plan.hpp>
#include <bide/retry/runtime.hpp>

/// Who takes part in an operation, whether it is described by a plan or by a policy alone.
namespace bide::inline v1::detail {

/// A policy by itself is the plan with nobody else in it; it is not copied for that.
template <class How>
struct parts {
    using policy_type = How;
    using runtime_type = system_runtime;
    using gates_type = no_gates;
    static constexpr bool observed = false;
    static constexpr bool stoppable = false;
    static constexpr bool gated = false;
    // NOLINTNEXTLINE(bugprone-return-const-ref-from-parameter): the caller of retry keeps it
    static constexpr const How& rules(const How& how) noexcept { return how; }
    static constexpr system_runtime world(const How&) noexcept { return {}; }
    static constexpr no_gates gates(const How&) noexcept { return {}; }
};

template <class P, class R, class O, class S, class G>
struct parts<plan<P, R, O, S, G>> {
    using how = plan<P, R, O, S, G>;
    using policy_type = P;
    using runtime_type = typename how::runtime_type;
    using gates_type = G;
    static constexpr bool observed = how::observed;
    static constexpr bool stoppable = how::stoppable;
    static constexpr bool gated = how::gated;
    static constexpr const P& rules(const how& p) noexcept { return p.rules(); }
    static constexpr auto& world(const how& p) noexcept { return p.world(); }
    static constexpr const G& gates(const how& p) noexcept { return p.gates(); }
};

/// What a wait that can be ended by an event needs of a runtime; the system's is in
/// detail/alarm.hpp.
template <class Runtime>
struct alarm_for {
    using type = typename Runtime::alarm;
};

/// Stands for what is not there; costs nothing.
struct absent {
    explicit constexpr absent(const auto&...) noexcept {}
};

/// Asks the gates of a plan; in bide/gate/detail/entry.hpp, for who includes a gate.
template <class How>
class entry;

/// Whether the success path has neither to ask nor to tell anybody.
template <class How>
inline constexpr bool is_alone =
    !parts<How>::observed && !parts<How>::stoppable && !parts<How>::gated;

/// The clocks that the driver reads before the first try.
template <class How>
inline constexpr auto needs_of =
    !is_alone<How> && parts<How>::policy_type::needs == clock_need::none
        ? clock_need::steady
        : parts<How>::policy_type::needs;

/// Tells the observers of a plan; nothing is built where there are none.
template <class How>
void tell(const How& how, const event& what) {
    if constexpr (parts<How>::observed) notify(how.watcher(), what);
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_PARTS_HPP
