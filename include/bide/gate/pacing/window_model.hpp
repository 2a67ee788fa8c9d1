// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_WINDOW_MODEL_HPP
#define BIDE_GATE_PACING_WINDOW_MODEL_HPP

#include <bide/gate/pacing/history.hpp>
#include <bide/gate/pacing/refusals.hpp>
#include <bide/gate/pacing/sample.hpp>
#include <bide/gate/pacing/usual_windows.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace bide::inline v1::pacing {

/// Recognises a limit of so many per window from accepted and refused requests alone.
class window_model {
public:
    static constexpr double margin = 0.005;
    static constexpr double least_window = 0.25;  ///< Seconds; shorter ones are a bucket's gaps.

    [[nodiscard]] bool believed() const noexcept { return believed_; }
    [[nodiscard]] bool is_confirmed() const noexcept { return confirmed_ >= 2; }
    [[nodiscard]] double window() const noexcept { return window_; }
    [[nodiscard]] double limit() const noexcept { return limit_; }
    [[nodiscard]] double pace() const noexcept { return limit_ / window_ * (1 - margin); }
    [[nodiscard]] double edge() const noexcept { return edge_.high; }
    [[nodiscard]] double since_edge(double accepted) const noexcept {
        return accepted - edge_.accepted;
    }

    void first_sent(double now, double accepted) noexcept { edge_ = {now, now, accepted}; }

    /// `accepted`: with it.
    void record_accepted(const sample& s, double accepted) noexcept {
        history_.record(s.sent, accepted);
        // The first request may have opened a connection: it began the window when it got there.
        if (!answered_) edge_.late = s.now - s.sent;
        answered_ = true;
    }

    /// The same where the answer is not known in full, never the first.
    void record_accepted(double sent, double accepted) noexcept { history_.record(sent, accepted); }

    /// Accepted per second over the last two seconds.
    [[nodiscard]] double recent_rate(double now) const noexcept {
        return (history_.at(now) - history_.at(now - 2)) / 2;
    }

    enum class ending : std::uint8_t { not_a_window, window, new_pace };

    /// `accepted`: before the one that ended the block.
    ending block_ended(const block& b, double accepted) noexcept {
        const auto n = accepted - edge_.accepted;
        const auto mean_gap = (std::max)(b.begin - edge_.high, 1e-9) / (std::max)(n, 1e-9);
        const auto least = 3 * std::ldexp(mean_gap, (std::min)(refuted_, 12));
        const auto rest_of_window = n >= 3 && b.length() > least && (b.episodes >= 3 || b.told) &&
                                    b.end - edge_.low > least_window;
        if (!rest_of_window) {
            if (n >= 1 && b.length() > 0.5 * mean_gap) edge_ = {b.last_refused, b.end, accepted};
            return ending::not_a_window;
        }
        const auto opened =
            b.told ? (std::max)(b.last_refused, b.told_until - 1.05) : b.last_refused;
        const auto adopted = learn(b, opened, accepted);
        edge_ = {opened, b.end, accepted};
        strikes_ = 0;
        return adopted ? ending::new_pace : ending::window;
    }

    /// How fast to try whether the limit is higher than believed, as a share per request.
    [[nodiscard]] double confirming_growth(double rate, bool dear) const noexcept {
        return (dear ? 0.3 : 1) * (confirmed_ == 0 ? 0.10 : 0.02) / (std::max)(rate * window_, 1.0);
    }

    enum class verdict : std::uint8_t { nothing, refuted, exact, less };
    /// The first refusal after acceptances: how many were accepted in this window?
    verdict first_refusal(const sample& s, double accepted) noexcept {
        if (!believed_) return verdict::nothing;
        const auto n = accepted - edge_.accepted;
        const auto elapsed = s.sent - edge_.high;
        const auto too_early = n < 0.8 * limit_ && elapsed < 0.8 * window_;
        strikes_ = too_early ? strikes_ + 1 : 0;
        if (strikes_ > (is_confirmed() ? 1 : 0)) {
            refute();
            return verdict::refuted;
        }
        if (too_early || is_confirmed()) return verdict::nothing;
        if (edge_.high - edge_.low < 0.05 * window_ && elapsed < 1.02 * window_) {
            limit_ = n;
            confirmed_ = 2;
            return verdict::exact;
        }
        ++confirmed_;
        return verdict::less;
    }
    [[nodiscard]] double cut(bool dear) const noexcept {
        if (confirmed_ == 2) return 0.985;
        return dear ? 0.97 : 0.94;
    }

    void refute() noexcept {
        believed_ = false;
        confirmed_ = 0;
        strikes_ = 0;
        ++refuted_;
    }

private:
    bool learn(const block& b, double opened, double accepted) noexcept {
        const auto n = accepted - edge_.accepted;
        const auto low = opened - edge_.high - edge_.late;
        const auto high = b.end - edge_.low;
        if (believed_ && b.end - edge_.high <= 1.5 * window_) return learn_window(n, low, high);
        if (believed_ && (b.length() < 0.04 * window_ || b.end - opened > 0.1 * window_))
            return false;
        // An edge that is old: in the windows between, the own pace was the limit, not the
        // server's.
        if (believed_ && (is_plausible(window_, b, accepted) ||
                          (is_usual_ && (is_confirmed() || usual_window_between(low, high) == 0))))
            return learn_limit(in_window(window_, b, accepted));
        if (!b.told)
            for (const auto w : usual_windows)
                if (w > b.length() && w < low && is_plausible(w, b, accepted)) {
                    window_ = w;
                    is_usual_ = true;
                    believed_ = true;
                    return learn_limit(in_window(w, b, accepted));
                }
        return learn_window(n, low, high);
    }

    /// What was accepted in the window of length `w` that ended with the block.
    [[nodiscard]] double in_window(double w, const block& b, double accepted) const noexcept {
        return accepted - history_.at((b.last_refused + b.end) / 2 - w);
    }
    /// At an even pace the window before would have been full as well.
    [[nodiscard]] bool is_plausible(double w, const block& b, double accepted) const noexcept {
        const auto n = in_window(w, b, accepted);
        return n >= 3 && in_window(2 * w, b, accepted) - n <= 1.1 * n + 2;
    }

    bool learn_limit(double n) noexcept {
        const auto changed = n < 0.8 * limit_ || n > 1.2 * limit_;
        if (changed) confirmed_ = 0;
        limit_ = changed ? n : (limit_ + n) / 2;
        return true;
    }

    /// `n` were accepted between two edges that lie between `low` and `high` apart.
    bool learn_window(double n, double low, double high) noexcept {
        const auto spread = high - low;
        const auto usual = usual_window_between(low, high);
        const auto better =
            !believed_ || spread < 0.1 * window_ || (usual > 0 && spread < 0.5 * usual);
        if (!better) return false;
        const auto fits = believed_ && 0.9 * low <= window_ && window_ <= 1.1 * high;
        if (usual > 0 || !fits) {
            window_ = usual > 0 ? usual : high - spread / 4;
            is_usual_ = usual > 0;
        }
        limit_ = n;
        if (!believed_) confirmed_ = 0;
        believed_ = true;
        return true;
    }

    /// Edges are known to the jitter of the network only.
    static double usual_window_between(double low, double high) noexcept {
        return usual_window_in(0.995 * low, 1.02 * high);
    }

    struct instant {  // an edge between windows lies between two requests
        double low = 0;
        double high = 0;
        double accepted = 0;
        double late = 0;  // how much later it may have been seen by the server
    };
    history history_{};
    instant edge_{};
    double window_ = 0;
    double limit_ = 0;
    int confirmed_ = 0;
    int refuted_ = 0;
    int strikes_ = 0;  // refusals in a row that no window explains
    bool believed_ = false;
    bool is_usual_ = false;
    bool answered_ = false;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_WINDOW_MODEL_HPP
