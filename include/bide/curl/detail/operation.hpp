// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_OPERATION_HPP
#define BIDE_CURL_DETAIL_OPERATION_HPP

#include <bide/curl/detail/completion.hpp>
#include <bide/curl/detail/indexed_heap.hpp>
#include <bide/curl/detail/trace.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace bide::inline v1::curl::detail {

class engine;
class lane_base;
class operation;

/// Where a request stands on its way through a client.
enum class stage : std::uint8_t {
    handed_over,  ///< Not yet seen by the engine.
    ready,        ///< In its lane's queue.
    waiting,      ///< For the time of its next try.
    in_flight,
};

/// Finds an operation after its stop token was asked to stop, if it is still there. Written and
/// read by the engine's thread.
struct operation_link {
    operation* its = nullptr;
};

/// A request and its hedges. Written and read by the engine's thread.
struct race {
    duration after{};        // from the beginning of the first's try to a hedge, and to the next
    time_point flown{};      // when that try began
    bool throttled = false;  // one of them was: no more are sent
    std::shared_ptr<operation_link> first{};
    std::vector<std::shared_ptr<operation_link>> hedges{};

    [[nodiscard]] time_point due(std::uint32_t hedge) const noexcept {
        auto at = flown;
        while (hedge-- != 0) at = bide::detail::saturating_add(at, after);
        return at;
    }
};

/// Asks the engine to cancel one operation.
struct stop_call {
    engine* to;
    std::shared_ptr<operation_link> link;
    void operator()() const noexcept;
};

/// One request on its way through a client: all that is kept of it while it waits.
class operation : public scheduled {
public:
    operation(request&& r, lane_base& of) : what{std::move(r)}, by{&of} {}
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;
    virtual ~operation() {
        if (more && more->link) more->link->its = nullptr;
    }

    /// What is known of it if the client does not take it.
    [[nodiscard]] virtual record turned_away(time_point now) = 0;

    /// What few requests have.
    struct extras {
        std::stop_token token{};
        std::shared_ptr<operation_link> link{};
        std::optional<std::stop_callback<stop_call>> call{};
        time_point not_before{};
        std::shared_ptr<race> in{};
        std::uint32_t hedge = 0;  // which one in its race, which has a token; 0: the first
    };

    int priority = 0;
    request what;
    completion then;
    lane_base* by;
    time_point deadline = never;  // its key in queues: the last instant at which its try may begin
    std::uint64_t turn = 0;       // in which it came
    std::uint32_t cost = 1;
    std::uint8_t retries_taken = 0;  // of budgets, for a try that has not begun
    stage at = stage::handed_over;
    bool repeatable : 1 = false;
    bool fresh : 1 = false;      // its next try takes a new connection
    bool begun : 1 = false;      // its time is running
    bool cancelled : 1 = false;  // while in flight: no further try
    bool cut_off : 1 = false;    // the try that was in flight
    trace past;
    std::unique_ptr<extras> more;
};

/// Destroys an operation that its engine has never seen.
struct unsent {
    engine* to = nullptr;
    void operator()(operation* o) const noexcept;
};
using owned_operation = std::unique_ptr<operation, unsent>;
using operations = std::vector<owned_operation>;

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_OPERATION_HPP
