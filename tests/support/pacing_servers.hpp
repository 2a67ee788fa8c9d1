// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PACING_SERVERS_HPP
#define BIDE_TESTS_SUPPORT_PACING_SERVERS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <optional>
#include <variant>

/// Servers that limit, as values: each is told the instant of a request and says yes or no. Seconds
/// and requests per second throughout; `scale` is a limit that changes while the client runs.
namespace simulated {

/// What an answer carries in its header fields.
struct reply {
    bool accepted = true;
    std::optional<double> limit{};
    std::optional<double> remaining{};
    std::optional<double> reset{};
    std::optional<double> window{};
    std::optional<double> retry_after{};
};

/// Which fields a server sends.
enum class fields {
    none,
    retry_after,            ///< With a refusal, whole seconds, rounded up.
    retry_after_truncated,  ///< The same, rounded down: often 0.
    full,                   ///< Limit, remaining, reset and window with each answer, and the first.
    full_without_window,
};

inline void tell(reply& r, fields which, double limit, double used, double left, double window) {
    const auto whole = std::ceil(left - 1e-6);
    if (which == fields::retry_after_truncated && !r.accepted) r.retry_after = std::floor(left);
    if (which == fields::none || which == fields::retry_after_truncated) return;
    if (!r.accepted) r.retry_after = std::max(1.0, whole);
    if (which == fields::retry_after) return;
    r.limit = limit;
    r.remaining = std::max(0.0, limit - used);
    r.reset = std::max(0.0, whole);
    if (which == fields::full) r.window = window;
}

/// The generic cell rate algorithm in whole milliseconds, as nginx's limit_req has it.
struct gcra {
    double per_second;
    double burst;
    bool counts_refused = false;  ///< Each refusal costs a token, too, down to a second's worth.
    double excess = 0;
    double last = -1;

    reply hit(double t, double scale) {
        t = std::floor(t * 1000) / 1000;
        if (last < 0) {
            last = t;
            return {};
        }
        const auto r = per_second * scale;
        const auto now = std::max(0.0, excess - r * (t - last) + 1);
        if (now <= burst + 1e-9) {
            excess = now;
            last = std::max(t, last);
            return {};
        }
        if (counts_refused) {
            excess = std::min(now, burst + r + 1);
            last = std::max(t, last);
        }
        return {.accepted = false};
    }
    [[nodiscard]] double rate() const { return per_second; }
};

/// So many per window; `aligned` to the server's clock, else the first request after the end of the
/// last window begins one, as express-rate-limit has it.
struct fixed_window {
    double limit;
    double window;
    fields sends = fields::none;
    bool aligned = false;
    double phase = 0;
    bool whole_ms = false;
    double began = -1e18;
    double used = 0;

    reply hit(double t, double scale) {
        if (whole_ms) t = std::floor(t * 1000) / 1000;
        if (t >= began + window) {
            began = aligned ? std::floor((t - phase) / window) * window + phase : t;
            used = 0;
        }
        const auto most = std::floor(limit * scale + 1e-9);
        reply r{.accepted = used < most};
        ++used;
        tell(r, sends, most, used, began + window - t, window);
        return r;
    }
    [[nodiscard]] double rate() const { return limit / window; }
};

/// So many in any span of `window`.
struct sliding_log {
    double limit;
    double window;
    bool counts_refused = false;
    fields sends = fields::none;
    std::deque<double> log{};

    reply hit(double t, double scale) {
        while (!log.empty() && log.front() <= t - window) log.pop_front();
        const auto most = std::floor(limit * scale + 1e-9);
        reply r{.accepted = static_cast<double>(log.size()) < most};
        if (r.accepted || counts_refused) log.push_back(t);
        while (static_cast<double>(log.size()) > 2 * most + 2) log.pop_front();
        tell(r, sends, most, static_cast<double>(log.size()),
             log.empty() ? 0 : log.front() + window - t, window);
        return r;
    }
    [[nodiscard]] double rate() const { return limit / window; }
};

/// So many at a time; the simulator says when one ends.
struct concurrency {
    double slots;
    double service;            ///< Mean time that an accepted request takes.
    bool exponential = false;  ///< Else all take the same.
    double busy = 0;

    reply hit(double, double scale) {
        if (busy >= slots * scale) return {.accepted = false};
        ++busy;
        return {};
    }
    void done() { --busy; }
    [[nodiscard]] double rate() const { return slots / service; }
};

using server = std::variant<gcra, fixed_window, sliding_log, concurrency>;

}  // namespace simulated

#endif  // BIDE_TESTS_SUPPORT_PACING_SERVERS_HPP
