// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_FAILING_SERVERS_HPP
#define BIDE_TESTING_FAILING_SERVERS_HPP

#include <bide/detail/invalid.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

/// Servers in trouble.
namespace bide::inline v1::simulated {

/// A server that works off its queue in order and gets slower the longer that is, because of
/// caches that no longer help, locks, memory. It finishes what nobody waits for any more, so that
/// it can stay down by the retries of those who gave up, long after what began it is over.
///
/// Source: N. Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021.
class metastable_server {
public:
    struct options {
        std::uint64_t rate = 1000;   ///< Requests per second with an empty queue, 1 to 10^9.
        std::uint64_t queue = 1000;  ///< Requests that may wait, >= 1; one more is refused at once.
        double slower = 1;  ///< By how much more work a request is with a full queue; 0 to 1000.
    };

    /// @throws std::invalid_argument naming the field.
    explicit metastable_server(options opts) : its_{opts} {
        if (its_.rate == 0 || its_.rate > 1'000'000'000)
            detail::invalid("metastable_server: rate", "1 to 1000000000", its_.rate);
        if (its_.queue == 0) detail::invalid("metastable_server: queue", ">= 1", its_.queue);
        if (!(its_.slower >= 0 && its_.slower <= 1000))
            detail::invalid("metastable_server: slower", "from 0 to 1000", its_.slower);
    }

    answer serve(visit&, time_point now) {
        while (!ends_.empty() && ends_.front() <= now) ends_.pop_front();
        if (ends_.size() >= its_.queue) return {.found = overloaded};
        const auto fill = static_cast<double>(ends_.size()) / static_cast<double>(its_.queue);
        const auto work = 1e9 / static_cast<double>(its_.rate) * (1 + its_.slower * fill);
        const auto begins = ends_.empty() ? now : ends_.back();
        ends_.push_back(begins + duration{static_cast<std::int64_t>(work)});
        return {.found = succeeded, .takes = ends_.back() - now};
    }

    [[nodiscard]] std::uint64_t waiting() const noexcept { return ends_.size(); }

private:
    options its_;
    std::deque<time_point> ends_;  // of what is in the queue, in order
};
static_assert(server<metastable_server>);

/// A span of time in which a server does not work.
struct outage {
    time_point begins{};
    time_point ends{};           ///< Not part of it.
    finding found = overloaded;  ///< What is answered meanwhile; may have a hint.
    bool silent = false;         ///< Nothing is.
};

/// A server that has outages, between them it is `when_well`.
template <server Server>
class failing_server {
public:
    failing_server(Server when_well, std::vector<outage> outages)
        : inner_{std::move(when_well)}, outages_{std::move(outages)} {}

    auto serve(visit& v, time_point now) -> decltype(std::declval<Server&>().serve(v, now)) {
        for (const auto& o : outages_) {
            if (now < o.begins || o.ends <= now) continue;
            decltype(inner_.serve(v, now)) down{};
            down.found = o.found;
            if (o.silent) down.takes = duration::max();
            return down;
        }
        return inner_.serve(v, now);
    }

    [[nodiscard]] const Server& inner() const noexcept { return inner_; }

private:
    Server inner_;
    std::vector<outage> outages_;
};

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_FAILING_SERVERS_HPP
