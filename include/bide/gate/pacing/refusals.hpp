// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_REFUSALS_HPP
#define BIDE_GATE_PACING_REFUSALS_HPP

#include <bide/gate/pacing/sample.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace bide::inline v1::pacing {

/// A time in which the server refused everything.
struct block {
    double begin = 0;         ///< The first refused request was sent then.
    double last_refused = 0;  ///< The last one.
    double end = 0;           ///< The first accepted one.
    int episodes = 0;         ///< Refusals that we had reacted to and that came again all the same.
    bool told = false;        ///< The server asked for a wait.
    double told_until = 0;    ///< The end of the wait, if so.

    [[nodiscard]] double length() const noexcept { return end - begin; }
};

/// Tells new refusals from echoes, and finds the blocks.
///
/// What was sent before we reacted to a refusal belongs to the same episode: one reaction per round
/// trip, as in TCP's recovery.
class refusals {
public:
    struct refusal {
        bool fresh = false;  ///< Sent after the last reaction.
        bool first = false;  ///< Nothing had been refused since the last acceptance.
    };

    refusal record_refused(const sample& s) noexcept {
        refusal r{.fresh = s.sent > reacted_, .first = consecutive_ == 0};
        if (r.first) now_blocked_.begin = s.sent;
        ++consecutive_;
        now_blocked_.last_refused = (std::max)(now_blocked_.last_refused, s.sent);
        if (s.retry_after > 0) {
            now_blocked_.told = true;
            now_blocked_.told_until = s.now + s.retry_after;
        }
        if (r.fresh) now_blocked_.episodes = r.first ? 1 : now_blocked_.episodes + 1;
        return r;
    }

    /// The block that this acceptance ends, if it ends one that we had reacted to.
    std::optional<block> record_accepted(const sample& s) noexcept {
        std::optional<block> ended;
        if (awaiting_ && s.sent > now_blocked_.last_refused && s.sent > reacted_) {
            awaiting_ = false;
            ended = now_blocked_;
            ended->end = s.sent;
            now_blocked_.told = false;
        }
        if (s.sent >= now_blocked_.begin && s.sent > reacted_) consecutive_ = 0;
        return ended;
    }

    /// The pace was changed because of a refusal.
    void reacted(double now) noexcept {
        reacted_ = now;
        awaiting_ = true;
    }

    /// The next acceptance may end a block.
    [[nodiscard]] bool awaits_acceptance() const noexcept { return awaiting_ || consecutive_ != 0; }
    [[nodiscard]] int consecutive() const noexcept { return consecutive_; }
    [[nodiscard]] double block_began() const noexcept { return now_blocked_.begin; }

private:
    static constexpr double never_yet = -std::numeric_limits<double>::infinity();
    double reacted_ = never_yet;
    bool awaiting_ = false;
    int consecutive_ = 0;
    block now_blocked_{.begin = never_yet, .last_refused = never_yet};
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_REFUSALS_HPP
