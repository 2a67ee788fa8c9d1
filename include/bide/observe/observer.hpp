// SPDX-License-Identifier: MIT
#ifndef BIDE_OBSERVE_OBSERVER_HPP
#define BIDE_OBSERVE_OBSERVER_HPP

#include <bide/retry/finding.hpp>
#include <bide/retry/record.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <exception>

namespace bide::inline v1 {

enum class event_kind : std::uint8_t {
    attempt,  ///< A try ended: `found` says how.
    backoff,  ///< The operation will wait for `wait` before the next try.
    gate,     ///< A gate lets it wait or refuses: `reason` says why.
    end,      ///< The operation is over: `ended`, `stopped_by`, `certainty`.
    nested,   ///< Other operations retried inside this one's tries: `inner_retries`. Before `end`.
};

[[nodiscard]] constexpr const char* to_string(event_kind k) noexcept {
    switch (k) {
        case event_kind::attempt:
            return "attempt";
        case event_kind::backoff:
            return "backoff";
        case event_kind::gate:
            return "gate";
        case event_kind::end:
            return "end";
        case event_kind::nested:
            return "nested";
    }
    return "?";
}

/// The one value that all drivers and gates report. Holds numbers and words of ours only: no
/// credentials, bodies, URLs or phone numbers.
struct event {
    event_kind kind = event_kind::attempt;
    std::uint64_t attempt = 0;  ///< The try it is about, from 1; 0 if none began.
    time_point at{};            ///< When it happened.
    finding found{};            ///< attempt, backoff: what the try ended with.
    duration wait{};            ///< backoff: how long; gate: until when, from now.
    end ended = end::done;
    end stopped_by = end::done;
    bide::certainty certainty = bide::certainty::not_sent;
    std::uint32_t inner_retries = 0;  ///< nested: by operations inside this one.
    const char* reason = nullptr;     ///< gate: its word, static text.
};

/// Who wants to know? Called by the thread that drives the operation, between its steps, so it
/// should return soon; shared by several operations it must be thread-safe. What it throws is
/// dropped.
template <class O>
concept observer = std::invocable<O&, const event&>;

/// Nobody: nothing is built, no clock is read.
struct no_observer {};

namespace detail {

template <class O>
void notify(O& who, const event& what) {
    if constexpr (observer<O>) {
        try {
            who(what);
        } catch (...) {
            // A thread that is being cancelled unwinds by an exception that nobody else may
            // swallow; only then there is no current exception to point to.
            if (!std::current_exception()) throw;
        }
    }
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_OBSERVE_OBSERVER_HPP
