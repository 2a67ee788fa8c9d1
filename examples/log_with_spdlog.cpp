// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

#include <spdlog/spdlog.h>

using namespace std::chrono_literals;

int main() {
    // Events hold numbers and words of the library only, so a secret in what() is not logged.
    auto log = [](const bide::event& e) {
        if (e.kind == bide::event_kind::backoff)
            spdlog::warn("try {} ended {} ({}), again in {} ms", e.attempt,
                         to_string(e.found.verdict), to_string(e.found.certainty),
                         std::chrono::ceil<std::chrono::milliseconds>(e.wait).count());
        if (e.kind == bide::event_kind::end && e.ended != bide::end::done)
            spdlog::error("{} after {} tries", to_string(e.ended), e.attempt);
    };
    const auto policy = bide::policy(bide::constant(50ms), bide::max_attempts(3));
    int calls = 0;
    auto query = [&] {  // any callable; this one fails twice
        if (++calls < 3) throw std::runtime_error{"no route to db.internal?password=4711"};
    };
    auto outcome = bide::retry(bide::with(log, policy), query);
    std::cout << to_string(outcome.ended()) << " after " << outcome.attempts() << " tries\n";
}
