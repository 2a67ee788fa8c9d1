// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

// README: begin
const auto log = [](const bide::event& e) {
    if (e.kind == bide::event_kind::backoff)
        std::clog << "try " << e.attempt << " " << to_string(e.found.verdict) << ", again in "
                  << e.wait / 1ms << " ms\n";
    if (e.kind == bide::event_kind::end && e.ended != bide::end::done)
        std::clog << "gave up after try " << e.attempt << ": " << to_string(e.ended) << "\n";
};

auto fetch(const auto& policy, auto query) { return bide::retry(bide::with(log, policy), query); }
// README: end

}  // namespace

int main() {
    const auto policy = bide::policy(bide::constant(10ms), bide::max_attempts(3));
    const auto rows = fetch(policy, []() -> int { throw std::runtime_error{"down"}; });
    return rows.ended() == bide::end::exhausted ? 0 : 1;
}
