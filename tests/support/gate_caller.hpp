// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_GATE_CALLER_HPP
#define BIDE_TESTS_SUPPORT_GATE_CALLER_HPP

#include "support/catch.hpp"

#include <bide/gate/gate.hpp>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace support {

/// An instant, some time after an arbitrary origin.
constexpr bide::time_point at(bide::duration d) { return bide::time_point{d}; }
constexpr bide::time_point at(bide::time_point t) { return t; }

/// An operation at one gate, and how often it was woken.
struct caller {
    std::atomic<int> woken = 0;
    bide::ticket place{[](void* its) noexcept { ++*static_cast<std::atomic<int>*>(its); }, &woken};

    bide::gate_answer ask(bide::gate auto& gate, bide::duration now,
                          const bide::gate_request& request = {}) {
        return gate.ask(place, request, at(now));
    }
    bool goes(bide::gate auto& gate, bide::duration now, const bide::gate_request& request = {}) {
        return ask(gate, now, request).says_go();
    }
    void finishes(bide::gate auto& gate, bide::duration now) { gate.finish(place, {}, at(now)); }
    void gives_back(bide::gate auto& gate, bide::duration now) { gate.give_back(place, at(now)); }
};

/// 64 threads at a gate, on a clock that each of them moves on; some leave, some give back. Ends
/// only if nobody is forgotten. Returns how many went.
template <bide::gate G>
std::uint64_t crowd_at(G& gate, std::uint64_t most_cost = 3) {
    constexpr std::uint64_t threads = 64;
    constexpr std::uint64_t rounds = 30;
    std::atomic<std::int64_t> clock = 1'000'000'000;
    std::atomic<std::uint64_t> went = 0;
    std::vector<std::thread> crowd;
    crowd.reserve(threads);
    for (std::uint64_t i = 0; i < threads; ++i)
        crowd.emplace_back([&, i] {
            const auto now = [&] { return at(bide::duration{clock.fetch_add(100)}); };
            for (std::uint64_t k = 0; k < rounds; ++k) {
                caller c;
                const bide::gate_request request{.attempt = 1 + k % 2,
                                                 .cost = 1 + (i + k) % most_cost,
                                                 .priority = static_cast<int>(i % 3)};
                auto patience = (i + k) % 5 == 0 ? 3 : 1'000'000;
                for (auto seen = 0;;) {
                    const auto answer = gate.ask(c.place, request, now());
                    if (answer.says_go()) {
                        ++went;
                        break;
                    }
                    if (answer.says_refuse() || --patience == 0) break;
                    // What opens by an event is waited for; for the rest the clock moves on.
                    while (answer.until == bide::never && c.woken == seen)
                        std::this_thread::yield();
                    seen = c.woken;
                    if (now() < answer.until) std::this_thread::yield();
                }
                if (c.place.granted && (i + k) % 4 != 0)
                    gate.finish(c.place, {}, now());
                else
                    gate.give_back(c.place, now());
            }
        });
    for (auto& t : crowd) t.join();
    return went;
}

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_GATE_CALLER_HPP
