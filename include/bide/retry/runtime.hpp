// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_RUNTIME_HPP
#define BIDE_RETRY_RUNTIME_HPP

#include <bide/detail/platform.hpp>
#include <bide/limit/limit.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <concepts>

namespace bide::inline v1 {

/// What a blocking driver needs of the world: two clocks, a sleep, a random source per operation.
///
/// `sleep_until` returns at the instant or later. Models: `system_runtime`, `virtual_clock` of
/// `bide/testing.hpp`. One that is also to wait for events (gates, stop tokens) has a nested type
/// `alarm`, see `bide/detail/alarm.hpp`.
template <class R>
concept runtime = requires(R& r, time_point t) {
    { r.now() } -> std::same_as<time_point>;
    { r.wall() } -> std::same_as<wall_time>;
    r.sleep_until(t);
    { r.random() } -> random_source;
};

/// The machine's clocks, sleep and entropy; without state.
struct system_runtime {
    [[nodiscard]] static time_point now() noexcept { return detail::steady_now(); }
    [[nodiscard]] static wall_time wall() noexcept { return detail::wall_now(); }
    static void sleep_until(time_point until) { detail::sleep_until(until); }
    [[nodiscard]] static splitmix64 random() { return splitmix64{detail::entropy()}; }
};
static_assert(runtime<system_runtime>);

namespace detail {

/// Reads only the clocks that are needed.
template <clock_need Need, class R>
beginning begin_on(R&& r) {
    if constexpr (Need == clock_need::none)
        return {};
    else if constexpr (Need == clock_need::steady)
        return {r.now(), {}};
    else
        return {r.now(), r.wall()};
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_RUNTIME_HPP
