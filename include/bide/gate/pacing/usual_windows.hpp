// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_USUAL_WINDOWS_HPP
#define BIDE_GATE_PACING_USUAL_WINDOWS_HPP

#include <array>
#include <limits>

namespace bide::inline v1::pacing {

/// The windows that people choose, in seconds.
inline constexpr std::array<double, 14> usual_windows{1,  2,   5,   10,  15,  20,   30,
                                                      60, 120, 300, 600, 900, 3600, 86400};

/// The smallest of them in [low, high], else 0.
[[nodiscard]] inline double usual_window_in(double low, double high) noexcept {
    for (const auto w : usual_windows)
        if (w >= low && w <= high) return w;
    return 0;
}
/// The longest of them that is not longer than `t`, else 0.
[[nodiscard]] inline double usual_window_before(double t) noexcept {
    double found = 0;
    for (const auto w : usual_windows)
        if (w <= t) found = w;
    return found;
}
/// The smallest of them that is longer than `t`, else infinity.
[[nodiscard]] inline double usual_window_after(double t) noexcept {
    for (const auto w : usual_windows)
        if (w > t + 1e-6) return w;
    return std::numeric_limits<double>::infinity();
}

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_USUAL_WINDOWS_HPP
