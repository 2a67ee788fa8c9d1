// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SERVICE_HPP
#define GATEWAY_SERVICE_HPP

#include "gateway/faults.hpp"
#include "gateway/http_reply.hpp"
#include "gateway/http_request.hpp"
#include "gateway/ledger.hpp"
#include "gateway/limiter.hpp"
#include "gateway/options.hpp"
#include "gateway/provider.hpp"
#include "gateway/saved_answers.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace gateway {

/// What happens to one request: the answer, and how the connection spoils it.
struct verdict {
    http_reply reply{};
    std::string id{};                    ///< Empty if the request carried no message.
    const fault_row* strikes = nullptr;  ///< The injected fault, already in the ledger.
    std::chrono::nanoseconds latency{};
    std::shared_ptr<void> permit{};  ///< Gives the slot in flight back at its end.
    std::shared_ptr<void> open{};  ///< Takes the try out of the ledger's `in_progress` at its end.
};

/// Decides what happens to each request: shape, faults, limiter, ledger. No sockets, so that the
/// rules can be read and tested without them. Thread-safe.
class service {
public:
    /// `opts` must outlive the service.
    explicit service(const options& opts);

    /// `reused`: the connection has carried a request before.
    [[nodiscard]] verdict decide(const http_request& request, bool reused);

    /// Notes a request that arrived after the connection was closed; answers nothing.
    void cross(const http_request& request);

    /// The answer to bytes that are no HTTP.
    [[nodiscard]] http_reply refuse(http_failure failure);

    [[nodiscard]] ledger& book() noexcept { return ledger_; }
    [[nodiscard]] const ledger& book() const noexcept { return ledger_; }

private:
    struct admission {
        quota room;
        instant when;
    };
    /// One try of a message on its way through the rules.
    struct attempt {
        const parsed_message& message;
        const http_request& request;
        std::uint64_t seen = 0;
        instant came{};
        std::chrono::system_clock::time_point now{};
    };

    [[nodiscard]] http_reply show_ledger(const http_request& request) const;
    [[nodiscard]] const fault_row* draw(std::uint64_t number, const attempt& a, bool reused);
    [[nodiscard]] verdict act(const attempt& a, const fault_row* row);
    [[nodiscard]] verdict turn_away(const attempt& a, const fault_row& row);
    [[nodiscard]] http_reply deliver(const attempt& a, instant when);
    [[nodiscard]] http_reply reply_of(const attempt& a, const fault_row& row, quota room);
    [[nodiscard]] http_reply throttle(const attempt& a, quota room, bool names_wait);
    [[nodiscard]] http_reply fail(const attempt& a, const fault_row& row, quota room);
    [[nodiscard]] occasion occasion_of(const attempt& a) const;
    void sign(http_reply& reply) const;
    [[nodiscard]] instant keep_limit();
    [[nodiscard]] admission admit();
    [[nodiscard]] quota room();
    [[nodiscard]] std::shared_ptr<void> make_permit();
    [[nodiscard]] std::chrono::nanoseconds latency_of(const attempt& a) const;

    const options& opts_;
    const provider& looks_;
    ledger ledger_;
    saved_answers saved_;
    std::mutex mutex_;  ///< Guards what follows and orders the instants that the limiter is told.
    instant start_ = std::chrono::steady_clock::now();
    bool has_changed_ = false;
    limiter limiter_;
};

}  // namespace gateway

#endif  // GATEWAY_SERVICE_HPP
