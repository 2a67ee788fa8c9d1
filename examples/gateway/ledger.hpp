// SPDX-License-Identifier: MIT
#ifndef GATEWAY_LEDGER_HPP
#define GATEWAY_LEDGER_HPP

#include "gateway/faults.hpp"
#include "gateway/limiter.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway {

/// What the gateway knows of one message. A *try* is one request that carried its id.
struct message_record {
    std::string id;
    std::uint64_t seen = 0;  ///< Tries that were decided on.
    std::uint64_t read = 0;  ///< Tries read whole: `seen`, and those that crossed a close.
    std::uint64_t delivered =
        0;                       ///< How often the message was acted upon; more than 1 is a double.
    std::uint64_t rejected = 0;  ///< Tries turned away for the limit.
    std::uint64_t early = 0;     ///< Tries before the time that the answer to the last one named.
    std::uint64_t replayed = 0;  ///< Tries answered with the saved answer to their key.
    std::uint64_t cut = 0;       ///< Tries read, but not answered completely.
    std::uint64_t ambiguous =
        0;  ///< `cut`, and tries answered 500, 502 or 503 without Retry-After.
    std::vector<fault> injected;  ///< In the order of injection.
    instant not_before{};         ///< As the client was told.
};

/// One consistent view of the whole ledger.
struct ledger_snapshot {
    std::uint64_t requests = 0;   ///< Whole requests read; those for the ledger do not count.
    std::uint64_t messages = 0;   ///< Distinct ids.
    std::uint64_t delivered = 0;  ///< Distinct ids delivered at least once.
    std::uint64_t deliveries = 0;
    std::uint64_t duplicates = 0;  ///< Distinct ids delivered more than once.
    std::uint64_t max_deliveries = 0;
    std::uint64_t rejected = 0;         ///< Answers that turned away for the limit.
    std::uint64_t early = 0;            ///< Tries that came before the time that they were told.
    std::uint64_t replayed = 0;         ///< Tries that were not acted upon again, thanks to a key.
    std::uint64_t malformed = 0;        ///< Whole requests that were no message.
    std::uint64_t protocol_errors = 0;  ///< Bytes that were no HTTP, or ended in mid-request.
    std::uint64_t peak_rate_per_s = 0;  ///< Most deliveries in any interval (t - 1 s, t].
    std::uint64_t connections = 0;
    std::uint64_t in_progress = 0;     ///< Tries read, whose end is not entered yet; wait for 0.
    std::uint64_t cut_after_read = 0;  ///< Distinct ids with a `cut` try.
    std::uint64_t ambiguous = 0;       ///< Distinct ids with an `ambiguous` try.
    std::uint64_t crossed = 0;         ///< Requests that arrived after the gateway's FIN.
    std::uint64_t not_injected = 0;    ///< Faults drawn where they could not strike.
    std::array<std::uint64_t, fault_count> faults{};  ///< Injected, by the index of `fault_table`.
    std::vector<message_record> messages_list;        ///< In the order of first appearance.
};

/// Counts what happened. Thread-safe; every function is one atomic step.
class ledger {
public:
    void connection_opened();
    void protocol_error();

    /// Counts a request and answers its number, from 1.
    std::uint64_t request_read();
    void malformed();

    /// Counts a try of message `id` that came at `when`, and answers its number, from 1.
    std::uint64_t see(std::string_view id, instant when = instant::max());

    /// The client was told not to send message `id` again before `until`.
    void ask_to_wait(std::string_view id, instant until);

    void replay(std::string_view id);

    /// Tries that were seen and not finished.
    [[nodiscard]] std::uint64_t in_progress() const;

    /// Ends a try that `see` began: all that will be said about it has been said.
    void finish();

    void deliver(std::string_view id, instant when);
    void reject(std::string_view id);

    /// Counts a fault that strikes, with all that its row says about the client's knowledge.
    void inject(std::string_view id, fault what);
    void skip_fault();

    /// The client did not get the whole answer, and no fault was the reason.
    void cut(std::string_view id);

    /// A request was read after the gateway had closed its side; it will not be answered.
    void cross(std::string_view id);

    [[nodiscard]] ledger_snapshot snapshot() const;

private:
    message_record& record(std::string_view id);

    mutable std::mutex mutex_;
    ledger_snapshot counts_;  ///< The sums over messages are computed by `snapshot`.
    std::vector<instant> deliveries_;
    std::unordered_map<std::string, std::size_t> index_;
};

/// The most instants within any interval (t - 1 s, t].
[[nodiscard]] std::uint64_t peak_per_second(std::vector<instant> instants);

/// The snapshot as the JSON of `GET /_ledger`; `with_messages` adds `messages_list`.
[[nodiscard]] std::string to_json(const ledger_snapshot& snapshot, bool with_messages);

}  // namespace gateway

#endif  // GATEWAY_LEDGER_HPP
