// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_KEYED_HPP
#define BIDE_GATE_KEYED_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/keyed_entries.hpp>
#include <bide/gate/gate.hpp>
#include <bide/limit/budget.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace bide::inline v1 {

/// The gate of one key, for a plan: `with(senders.at("Acme"), policy)`. While it or a copy of it
/// lives, the gate is not forgotten; must not outlive the `keyed` that it came from.
template <class Gate>
class keyed_gate {
public:
    static constexpr bool is_handle = true;
    static constexpr bool hears_quotas = requires { requires Gate::hears_quotas; };
    static constexpr gate_order order = detail::order_of<Gate>();

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) const
        requires gate<Gate>
    {
        if (!pin_) return gate_answer::refuse("too many keys are in use");
        return pin_.used(now).ask(t, request, now);
    }
    void finish(ticket& t, const report& what, time_point now) const noexcept
        requires gate<Gate>
    {
        if (pin_) pin_.used(now).finish(t, what, now);
    }
    void give_back(ticket& t, time_point now) const noexcept
        requires gate<Gate>
    {
        if (pin_) pin_.used(now).give_back(t, now);
    }

    void began(budget_note& note, std::uint64_t attempt, time_point now) const noexcept
        requires budget<Gate>
    {
        if constexpr (requires(Gate& g) { g.began(note, attempt, now); })
            if (pin_) pin_.used(now).began(note, attempt, now);
    }
    void ended(budget_note& note, const finding& found, time_point now) const noexcept
        requires budget<Gate>
    {
        if constexpr (requires(Gate& g) { g.ended(note, found, now); })
            if (pin_) pin_.used(now).ended(note, found, now);
    }
    [[nodiscard]] const char* take(budget_note& note, const finding& found,
                                   time_point now) const noexcept
        requires budget<Gate>
    {
        if (!pin_) return "too many keys are in use";
        return pin_.used(now).take(note, found, now);
    }
    void give_back(budget_note& note, time_point now) const noexcept
        requires budget<Gate>
    {
        if (pin_) pin_.used(now).give_back(note, now);
    }

    /// The gate itself, to look at or to set; null if there was no room for its key.
    [[nodiscard]] Gate* get() const noexcept { return pin_.get(); }

private:
    template <class G>
    friend class keyed;
    explicit keyed_gate(detail::pin<Gate> p) noexcept : pin_{std::move(p)} {}

    detail::pin<Gate> pin_;
};

/// One gate (or budget) for each key: a host, an account, a sender's number, a route. Made on
/// demand, so that one that is throttled does not slow down the others:
///
///     bide::keyed<bide::token_bucket> senders{
///         [](std::string_view) { return bide::token_bucket({.rate = 1}); }};
///     bide::retry(bide::with(senders.at(number), policy), send);
///
/// Keeps at most `most` gates. For a new one beyond that, one is forgotten that nobody uses and
/// that is at rest (`at_rest(now)`, where the gate has it) or was not used for `forget_after`, with
/// what was set by hand; if there is none, the new key gets a gate that refuses. Keys are kept here
/// and nowhere else: no event and no `explain()` names them.
///
/// Thread-safe. Keys are spread over 16 parts with a lock each, so threads with different keys
/// rarely meet; a gate that is found is used without that lock. The factory is called without one,
/// now and then in vain when two threads ask for the same new key. Outlives its handles.
template <class Gate>
class keyed {
    static_assert(gate<Gate> || budget<Gate>, "bide::keyed: holds gates or budgets");

public:
    struct options {
        std::uint64_t most = 10'000;                       ///< Gates; >= 1.
        timespan forget_after = std::chrono::minutes{10};  ///< Without use; > 0.
    };
    using factory = std::function<Gate(std::string_view key)>;

    explicit keyed(factory make) : keyed{options{}, std::move(make)} {}
    /// @throws std::invalid_argument naming the field.
    keyed(options opts, factory make)
        : make_{std::move(make)}, entries_{opts.most, opts.forget_after} {
        if (opts.most == 0) detail::invalid("keyed: most", ">= 1", opts.most);
        if (opts.forget_after.get() <= duration::zero())
            detail::invalid("keyed: forget_after", "> 0", opts.forget_after.get());
    }
    keyed(const keyed&) = delete;
    keyed& operator=(const keyed&) = delete;

    /// The gate of that key, made if need be. What the factory throws comes through.
    [[nodiscard]] keyed_gate<Gate> at(std::string_view key) {
        return keyed_gate<Gate>{entries_.find_or_make(key, make_)};
    }

    /// Gates that are kept; a snapshot.
    [[nodiscard]] std::uint64_t size() const noexcept { return entries_.size(); }

private:
    factory make_;
    detail::keyed_entries<Gate> entries_;
};

}  // namespace bide::inline v1

#endif  // BIDE_GATE_KEYED_HPP
