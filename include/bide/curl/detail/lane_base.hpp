// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_LANE_BASE_HPP
#define BIDE_CURL_DETAIL_LANE_BASE_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/exchange.hpp>
#include <bide/curl/handle.hpp>
#include <bide/time.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

namespace plans = bide::detail;  // where plans are taken apart

/// What a request has only while it is at the gates or in flight.
struct seat {
    lane_base* by = nullptr;
    operation* who = nullptr;
    std::optional<handle> easy;
    CURL* raw = nullptr;  // what is in it
    std::optional<exchange> run;
    time_point began{};
    std::size_t place = 0;  // among those in flight
};

/// Why an operation ends from outside.
enum class ending : std::uint8_t { cancelled, shutdown };

/// Requests with one plan, seen without its type. For the engine's thread, apart from `ring`.
class lane_base : public scheduled {
public:
    /// `plan`: of the type that the derived class knows; need not be made yet.
    lane_base(engine& of, const void* plan) noexcept : engine_{&of}, plan_{plan}, timer_{*this} {}
    lane_base(const lane_base&) = delete;
    lane_base& operator=(const lane_base&) = delete;
    virtual ~lane_base() = default;

    /// From any thread: an operation of this lane.
    [[nodiscard]] virtual std::unique_ptr<operation> make(request&& r, const send_options& how) = 0;

    /// Its request is new here, or the wait for its next try is over.
    virtual void join(operation& o, time_point now) = 0;
    /// There is room in flight for one more: the first in the queue starts, if the gates agree.
    virtual void proceed(time_point now) = 0;
    /// `timer()` is due.
    virtual void wake_up(time_point now) = 0;
    /// The transfer is over.
    virtual void land(seat& s, CURLcode code, time_point now) = 0;
    /// Ends an operation that is not in flight and was to be tried next at `due`.
    virtual void end(operation& o, ending why, time_point now, time_point due) = 0;
    /// The alarm rang: a gate may have opened, or a stop was requested.
    virtual void hear(time_point now) = 0;
    /// Ends all that are in its queue and gives up its places in the lines of gates.
    virtual void end_all(ending why, time_point now) = 0;

    // The key of the queue of lanes: that of the first of its own queue.
    int priority = 0;
    time_point deadline = never;
    std::uint64_t turn = 0;

    /// From any thread: ask the gates again.
    void ring() noexcept;
    void heard() noexcept { rung_.store(false, std::memory_order_seq_cst); }

    /// The lane in the engine's heap of instants; it may be in the queue of lanes at once.
    struct alarm_clock : scheduled {
        explicit alarm_clock(lane_base& its) noexcept : lane{&its} {}
        lane_base* lane;
    };
    [[nodiscard]] alarm_clock& timer() noexcept { return timer_; }

    // Who may still use it: handles of users and requests.
    void keep() noexcept { users_.fetch_add(1, std::memory_order_relaxed); }
    /// True: nobody is left.
    [[nodiscard]] bool let_go() noexcept {
        return users_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    [[nodiscard]] const void* plan() const noexcept { return plan_; }

    std::size_t index = 0;  // the engine's; 0 while it doesn't know the lane

protected:
    engine* engine_;  // NOLINT(*-non-private-member-variables-in-classes)

private:
    const void* plan_;
    alarm_clock timer_;
    std::atomic<std::uint32_t> users_ = 0;
    std::atomic<bool> rung_ = false;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_LANE_BASE_HPP
