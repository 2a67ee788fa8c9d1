// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_BREAKER_CORE_HPP
#define BIDE_GATE_DETAIL_BREAKER_CORE_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/gate/detail/breaker_options.hpp>
#include <bide/gate/detail/breaker_rule.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/random.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstdint>

namespace bide::inline v1::detail {

/// What a try says of the server.
enum class evidence : std::uint8_t { none, works, fails };

/// A refusal for good is an answer, so the server works; one without an answer (a bad URL) is the
/// caller's own affair.
[[nodiscard]] constexpr evidence evidence_of(const finding& f, bool counts_throttled) noexcept {
    switch (f.verdict) {
        case verdict::success:
            return evidence::works;
        case verdict::throttled:
            return counts_throttled ? evidence::fails : evidence::none;
        case verdict::overloaded:
        case verdict::transient:
            return evidence::fails;
        case verdict::permanent:
            break;
    }
    const auto heard = f.certainty == certainty::answered || f.certainty == certainty::rejected;
    return heard ? evidence::works : evidence::none;
}

/// What `circuit_breaker` decides, for one thread at a time.
///
/// Each change of state begins a generation, and so does giving up on lost probes: tickets of an
/// older one are not listened to.
class breaker_core {
public:
    static constexpr std::uint64_t first_generation = 1;

    breaker_core(const breaker_options& opts, std::uint64_t seed)
        : options_{checked(opts)}, random_{seed}, rule_{breaker_rule::of(opts)} {}

    [[nodiscard]] gate_answer ask(ticket& t, time_point now) noexcept {
        if (state_ == breaker_state::open && now >= until_) enter(breaker_state::half_open, now);
        if (state_ == breaker_state::half_open) return ask_for_probe(t, now);
        if (state_ == breaker_state::closed) return go(t, now);
        ++refused_;
        return state_ == breaker_state::open
                   ? gate_answer::refuse("the circuit breaker is open", until_)
                   : gate_answer::refuse("the circuit breaker is isolated");
    }

    /// A try ended that this let go.
    void heard(const ticket& t, const report& what, time_point now) noexcept {
        if (t.generation != generation_) return;
        const auto says = evidence_of(what.found, options_.counts_throttled);
        const auto failed = says == evidence::fails;
        const auto slow = rule_.is_slow(what.latency);
        if (state_ == breaker_state::half_open) {
            --probes_out_;
            if (says != evidence::none) judge_probe(failed, slow, what.found, now);
        } else if (says != evidence::none && rule_.add(failed, slow, now)) {
            open(what.found, now);
        }
    }

    /// A permit was not used.
    void lost(const ticket& t) noexcept {
        if (t.generation == generation_ && state_ == breaker_state::half_open) --probes_out_;
    }

    /// By hand. Open for as long as if the tries had said so.
    void trip(time_point now) noexcept { open({}, now); }
    void probe(time_point now) noexcept { enter(breaker_state::half_open, now); }
    void isolate(time_point now) noexcept { enter(breaker_state::isolated, now); }
    void reset(time_point now) noexcept { close(now); }

    [[nodiscard]] breaker_state state(time_point now) const noexcept {
        const auto is_over = state_ == breaker_state::open && now >= until_;
        return is_over ? breaker_state::half_open : state_;
    }
    [[nodiscard]] time_point until() const noexcept { return until_; }
    [[nodiscard]] breaker_counts counts(time_point now) const noexcept {
        return state_ == breaker_state::half_open ? probes_ : rule_.counts(now);
    }
    [[nodiscard]] std::uint64_t opened() const noexcept { return opened_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

    /// Never changes, so it may be read without the lock.
    [[nodiscard]] const auto& on_change() const noexcept { return options_.on_change; }
    [[nodiscard]] bool is_closed() const noexcept { return state_ == breaker_state::closed; }
    /// Closed, and a success would change nothing.
    [[nodiscard]] bool is_clean() const noexcept { return is_closed() && rule_.is_clean(); }
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
    [[nodiscard]] bool has_changed() const noexcept { return has_changed_; }
    /// The last change; it counts as told.
    [[nodiscard]] const breaker_change& take_change() noexcept {
        has_changed_ = false;
        return changed_;
    }

private:
    gate_answer go(ticket& t, time_point now) const noexcept {
        t.granted = true;
        t.generation = generation_;
        t.issued = now;
        return gate_answer::go();
    }

    gate_answer ask_for_probe(ticket& t, time_point now) noexcept {
        if (probes_.calls + probes_out_ >= options_.probes) {
            const auto patience_ends = saturating_add(probe_since_, options_.probe_patience);
            if (now < patience_ends) {
                ++refused_;
                return gate_answer::refuse("the circuit breaker waits for its probes",
                                           patience_ends);
            }
            ++generation_;
            probes_out_ = 0;
        }
        ++probes_out_;
        probe_since_ = now;
        return go(t, now);
    }

    void judge_probe(bool failed, bool slow, const finding& found, time_point now) noexcept {
        ++probes_.calls;
        probes_.failures += failed ? 1U : 0U;
        probes_.slow += slow ? 1U : 0U;
        if (options_.hears_all_probes && probes_.calls < options_.probes) return;
        const auto bad = (std::max)(probes_.failures, probes_.slow);
        if (bad > options_.failed_probes)
            open(found, now);
        else if (probes_.calls - bad >= options_.probes - options_.failed_probes)
            close(now);
    }

    void open(const finding& found, time_point now) noexcept {
        // A backoff that ends stays at its last delay.
        const auto last = (std::max)(retries_of(options_.open_for), std::uint64_t{1});
        openings_ = (std::min)(openings_ + 1, last);
        open_for_ = delay_of(options_.open_for,
                             {.number = openings_, .previous = open_for_, .because = found.verdict},
                             random_);
        const auto hint = found.hint ? smaller(*found.hint, options_.longest_hint) : open_for_;
        until_ = saturating_add(now, larger(open_for_, hint));
        ++opened_;
        enter(breaker_state::open, now);
    }

    void close(time_point now) noexcept {
        openings_ = 0;
        open_for_ = {};
        enter(breaker_state::closed, now);
    }

    void enter(breaker_state to, time_point now) noexcept {
        if (to != breaker_state::open) until_ = never;
        ++generation_;
        has_changed_ = to != state_;
        if (has_changed_)
            changed_ = {.from = state_,
                        .to = to,
                        .at = now,
                        .until = until_,
                        .because = counts(now),
                        .generation = generation_};
        state_ = to;
        probes_ = {};
        probes_out_ = 0;
        rule_.clear(now);
    }

    breaker_options options_;
    splitmix64 random_;
    breaker_rule rule_;
    breaker_state state_ = breaker_state::closed;
    std::uint64_t generation_ = first_generation;
    time_point until_ = never;  // of open
    duration open_for_{};
    std::uint64_t openings_ = 0;  // since it was last closed
    breaker_counts probes_{};     // that came back
    std::uint64_t probes_out_ = 0;
    time_point probe_since_{};  // the newest
    std::uint64_t opened_ = 0;
    std::uint64_t refused_ = 0;
    breaker_change changed_{};
    bool has_changed_ = false;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_BREAKER_CORE_HPP
