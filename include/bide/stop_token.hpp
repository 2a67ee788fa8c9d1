// SPDX-License-Identifier: MIT
#ifndef BIDE_STOP_TOKEN_HPP
#define BIDE_STOP_TOKEN_HPP

#include <bide/bide.hpp>
#include <bide/detail/alarm.hpp>

#include <stop_token>
#include <utility>

namespace bide::inline v1 {

/// Makes an operation interruptible: `retry(with(token, policy), f)`.
///
/// A stop request ends every wait at once and no further try begins; the operation ends
/// `cancelled`, or `unknown` if an earlier try may have acted. A try that runs is not cut off: give
/// the token to the callable too if it can be.
class stop_requests {
public:
    explicit stop_requests(std::stop_token token) noexcept : token_{std::move(token)} {}

    [[nodiscard]] bool stop_requested() const noexcept { return token_.stop_requested(); }

    /// Rings the alarm on a request, for as long as the result lives.
    template <class Alarm>
    [[nodiscard]] auto ring_on_request(Alarm& alarm) const {
        return std::stop_callback{token_, [&alarm]() noexcept { alarm.ring(); }};
    }

private:
    std::stop_token token_;
};

template <class P, class R, class O, class S, class G>
auto attach(std::stop_token token, const plan<P, R, O, S, G>& p) {
    static_assert(!plan<P, R, O, S, G>::stoppable, "bide::with: a plan takes one std::stop_token");
    return plan<P, R, O, stop_requests, G>{p.rules(), p.held_world(), p.held_watcher(),
                                           stop_requests{std::move(token)}, p.gates()};
}

}  // namespace bide::inline v1

#endif  // BIDE_STOP_TOKEN_HPP
