// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_GATE_HPP
#define BIDE_GATE_GATE_HPP

#include <bide/gate/ticket.hpp>
#include <bide/quota.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>

namespace bide::inline v1 {

/// Where a gate stands among those of a plan, first to last.
enum class gate_order : std::uint8_t {
    anywhere,         ///< Holds nothing that others wait for, or does not say.
    refuses,          ///< Says no instead of letting wait.
    opens_by_event,   ///< Lets wait until something happens: a try ends, a pause is over.
    hands_out_times,  ///< Grants slots, which are to be used at once.
};

/// What a driver asks a gate for.
struct gate_request {
    std::uint64_t attempt = 1;    ///< Of the operation, from 1.
    std::uint64_t cost = 1;       ///< In the gate's own unit; >= 1.
    int priority = 0;             ///< Higher goes first.
    time_point deadline = never;  ///< After this it need not start.
    std::string_view key{};       ///< For gates that keep several counts.
};

/// What a gate answers.
struct gate_answer {
    enum class kind : std::uint8_t { go, wait, refuse };

    kind says = kind::go;
    /// wait: ask again then, or `never` if only an event opens the gate. refuse: when to come back,
    /// if that is known, else `never`.
    time_point until = never;
    bool may_open_early = false;   ///< wait: `wake` may come before `until`.
    const char* reason = nullptr;  ///< wait, refuse: the gate's word, static text.

    [[nodiscard]] static constexpr gate_answer go() noexcept { return {}; }
    [[nodiscard]] static constexpr gate_answer wait(time_point until, bool may_open_early,
                                                    const char* reason) noexcept {
        return {kind::wait, until, may_open_early, reason};
    }
    [[nodiscard]] static constexpr gate_answer refuse(const char* reason,
                                                      time_point until = never) noexcept {
        return {kind::refuse, until, false, reason};
    }
    [[nodiscard]] constexpr bool says_go() const noexcept { return says == kind::go; }
    [[nodiscard]] constexpr bool says_refuse() const noexcept { return says == kind::refuse; }
};

/// What a gate is told when a try that it let through is over.
struct report {
    finding found{};
    duration latency{};  ///< From `go` to the end of the try.
    /// What the response told of its limits, for gates with `hears_quotas`; null if nothing. Valid
    /// during the call only.
    const quotas* told = nullptr;
};

/// May this try start now? A shared object with state, used by many operations and threads.
///
/// `ask` takes nothing unless it answers go; asked again with the same ticket it keeps the ticket's
/// place in the queue. After go exactly one of `finish` and `give_back` follows; `give_back` also
/// leaves a queue, and does nothing for a ticket that is neither queued nor granted. No lock is
/// held while a ticket is woken. `now` never goes back by more than threads differ.
///
/// A gate with `static constexpr bool hears_quotas = true` is told the quotas of results that have
/// `quotas()`, such as `curl::response`; they are read only if there is such a gate. One with a
/// `static constexpr gate_order order` is refused by `with` where it stands wrong.
template <class G>
concept gate =
    requires(G& g, ticket& t, const gate_request& r, const report& what, time_point now) {
        { g.ask(t, r, now) } -> std::same_as<gate_answer>;
        { g.finish(t, what, now) } noexcept;
        { g.give_back(t, now) } noexcept;
    };

namespace detail {

template <class G>
concept hears_quotas = requires { requires G::hears_quotas; };

template <class G>
consteval gate_order order_of() {
    if constexpr (requires { requires std::same_as<decltype(G::order), const gate_order>; })
        return G::order;
    else
        return gate_order::anywhere;
}

/// A result that knows what its response told of the server's limits.
template <class T>
concept tells_quotas = requires(const T& result) {
    { result.quotas() } -> std::same_as<quotas>;
};

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_GATE_GATE_HPP
