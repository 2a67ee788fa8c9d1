// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_SERVER_HPP
#define BIDE_TESTING_SERVER_HPP

#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>

namespace bide::inline v1::simulated {

/// One try, as its server sees it.
struct visit {
    std::uint64_t attempt = 1;  ///< Of the operation, from 1.
    std::uint32_t message = 1;  ///< Of this try, from 1.
    std::uint64_t note = 0;     ///< The server's own, kept from one message of a try to the next.
};

/// What a server makes of one message. One that tells of its limits answers with a type derived
/// from this that has `quotas() const -> bide::quotas`.
struct answer {
    finding found{};   ///< What the client's classifier would say of it.
    duration takes{};  ///< Until the reply leaves the server; the longest duration: it never does.
    bool go_on = false;  ///< The try is not over: the client sends its next message.
};

/// A server as a value: told that a message arrives at `now`, it answers at once what will come of
/// it. `now` never goes back. It hears nothing of clients that no longer wait for the reply.
template <class S>
concept server = requires(S& s, visit& v, time_point now) {
    { s.serve(v, now) } -> std::derived_from<answer>;
};

inline constexpr finding throttled{.verdict = verdict::throttled, .status = 429};
inline constexpr finding overloaded{.verdict = verdict::overloaded, .status = 503};

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_SERVER_HPP
