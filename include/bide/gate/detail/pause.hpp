// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_PAUSE_HPP
#define BIDE_GATE_DETAIL_PAUSE_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/random.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bide::inline v1::detail {

/// The settings of `cooldown`.
struct pause_options {
    double spread = 0.1;  ///< Of a wait: who waited goes within that after its end; 0 to 1.
    timespan least_spread = std::chrono::milliseconds{100};  ///< But at least within that; >= 0.
    timespan probe_from = std::chrono::seconds{10};          ///< > 0.
    /// Longer than a try may take; > 0.
    timespan probe_patience = std::chrono::seconds{15};
    /// No answer parks it for longer; > 0. Of hints that are absurd; park by hand knows no bounds.
    timespan longest = std::chrono::hours{1};
};

/// What `cooldown` decides, for one thread at a time and without the waiting line.
///
/// Each park and each opening begins a generation. A ticket of the current one has its instant in
/// `issued`: before it went the time at which it may, afterwards the time at which it did. One that
/// waits for a probe is of none.
class pause {
public:
    static constexpr std::uint64_t first_generation = 1;

    pause(const pause_options& opts, std::uint64_t seed) : options_{opts}, random_{seed} {
        if (!(opts.spread >= 0 && opts.spread <= 1))
            invalid("cooldown: spread", "from 0 to 1", opts.spread);
        if (opts.least_spread.get() < duration::zero())
            invalid("cooldown: least_spread", ">= 0", opts.least_spread.get());
        require_positive("cooldown: probe_from", opts.probe_from);
        require_positive("cooldown: probe_patience", opts.probe_patience);
        require_positive("cooldown: longest", opts.longest);
    }

    [[nodiscard]] static bool is_asked_for(const finding& f) noexcept {
        const auto busy = f.verdict == verdict::throttled || f.verdict == verdict::overloaded;
        return busy && f.hint && *f.hint > duration::zero();
    }

    [[nodiscard]] gate_answer ask(ticket& t, time_point now) noexcept {
        if (t.generation != generation_) {
            t.generation = generation_;
            // Who comes once it is over is no part of a herd.
            t.issued = now < until_ || t.queued ? slot() : now;
        }
        if (now < until_) return gate_answer::wait(t.issued, false, "the server asked for a pause");
        if (!probing_) {
            if (now < t.issued)
                return gate_answer::wait(t.issued, false, "the end of a pause is spread");
            return go(t, now);
        }
        const auto patience_ends = saturating_add(probe_since_, options_.probe_patience);
        if (is_probe_out_ && now < patience_ends) {
            t.generation = 0;
            return gate_answer::wait(patience_ends, true, "a probe goes first");
        }
        if (now < t.issued && !is_probe_lost_)
            return gate_answer::wait(t.issued, true, "the end of a pause is spread");
        is_probe_out_ = true;
        is_probe_lost_ = false;
        probe_since_ = now;
        return go(t, now);
    }

    /// An operation came to wait.
    void joined(time_point now) noexcept {
        ++joined_;
        last_joined_ = now;
    }

    /// A try ended that this let go, while so many wait.
    void heard(const ticket& t, const finding& f, std::uint64_t waiting, time_point now) noexcept {
        const auto is_new = t.generation == generation_;
        const auto was_probe = is_new && probing_;
        if (is_asked_for(f)) {
            if (is_new) in_vain(now);
            park(saturating_add(now, smaller(*f.hint, options_.longest)), now);
        } else if (f.certainty == certainty::answered || f.verdict == verdict::success) {
            if (was_probe)
                open(waiting, now);
            else if (is_new)
                fruitless_ = 0;
        } else if (was_probe) {
            in_vain(now);
            constexpr duration least = std::chrono::seconds{1};
            constexpr duration most = std::chrono::seconds{60};
            const auto twice = saturating_add(length_, length_);
            park(saturating_add(now, smaller(larger(twice, least), most)), now);
        }
        lost(t);  // a probe that changed nothing, for clocks differ
    }

    /// A permit was not used.
    void lost(const ticket& t) noexcept {
        const auto is_probe = t.generation == generation_ && is_probe_out_;
        if (!is_probe || t.issued != probe_since_) return;  // or one that was replaced
        is_probe_out_ = false;
        is_probe_lost_ = true;
    }

    void park(time_point until, time_point now) noexcept {
        if (until <= until_ || until <= now) return;
        if (now >= until_) since_ = now;
        until_ = until;
        backlog_ = duration::zero();
        length_ = saturating_sub(until_, since_);
        probing_ = probing_ || fruitless_ > 1 || length_ >= options_.probe_from.get();
        begin_generation();
    }

    /// While so many wait.
    void open(std::uint64_t waiting, time_point now) noexcept {
        if (now < until_) until_ = now;
        opened_ = now;
        backlog_ = fruitless_ > 1 ? backlog(waiting) : duration::zero();
        probing_ = false;
        fruitless_ = 0;
        begin_generation();
    }

    [[nodiscard]] bool is_open(time_point now) const noexcept { return now >= until_ && !probing_; }
    /// Open, and something succeeded since.
    [[nodiscard]] bool is_over(time_point now) const noexcept {
        return is_open(now) && fruitless_ == 0;
    }
    [[nodiscard]] bool is_probe_out() const noexcept { return is_probe_out_; }
    [[nodiscard]] time_point until() const noexcept { return until_; }
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

private:
    static void require_positive(const char* setting, duration value) {
        if (value <= duration::zero()) invalid(setting, "> 0", value);
    }

    [[nodiscard]] time_point slot() noexcept {
        const auto begin = opened_ > until_ ? opened_ : until_;
        const std::chrono::duration<double, std::nano> share = length_;
        const auto spread = larger(timespan{share * options_.spread}, options_.least_spread);
        return saturating_add(begin, draw(random_, duration::zero(), larger(spread, backlog_)));
    }

    /// A wait after which nothing had succeeded before the next one.
    void in_vain(time_point now) noexcept {
        if (fruitless_++ != 0) return;
        trouble_ = last_joined_ = now;
        joined_ = 0;
    }

    /// How long those who wait took to come: many of those who came may have left.
    [[nodiscard]] duration backlog(std::uint64_t waiting) const noexcept {
        if (waiting == 0 || joined_ == 0) return duration::zero();
        const std::chrono::duration<double, std::nano> took =
            saturating_sub(last_joined_, trouble_);
        const auto share = static_cast<double>(waiting) / static_cast<double>(joined_);
        return timespan{took * (std::min)(share, 1.0)};
    }

    static gate_answer go(ticket& t, time_point now) noexcept {
        t.granted = true;
        t.issued = now;
        return gate_answer::go();
    }

    void begin_generation() noexcept {
        ++generation_;
        is_probe_out_ = false;
        is_probe_lost_ = false;
    }

    pause_options options_;
    splitmix64 random_;
    std::uint64_t generation_ = first_generation;
    time_point since_{};
    time_point until_ = time_point::min();
    time_point opened_ = time_point::min();  // by a probe or by hand
    duration length_{};
    std::uint64_t fruitless_ = 0;  // waits since something succeeded
    time_point trouble_{};         // since the first of them
    std::uint64_t joined_ = 0;     // operations that came to wait since then
    time_point last_joined_{};
    duration backlog_{};    // who waits is spread at least over that
    bool probing_ = false;  // once the wait is over
    bool is_probe_out_ = false;
    bool is_probe_lost_ = false;
    time_point probe_since_{};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_PAUSE_HPP
