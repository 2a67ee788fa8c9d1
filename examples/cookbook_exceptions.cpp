// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

// What a client library of somebody else throws.
struct bad_number : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct connect_failed : std::exception {};
struct read_failed : std::exception {};
struct slow_down : std::exception {
    std::chrono::seconds wait;
    explicit slow_down(std::chrono::seconds w) : wait{w} {}
};

// README: begin
const auto judge =
    bide::classify(bide::on<bad_number>(bide::verdict::permanent),
                   bide::on<connect_failed>(bide::verdict::transient, bide::certainty::not_sent),
                   bide::on<read_failed>(bide::verdict::transient, bide::certainty::ambiguous),
                   bide::on<slow_down>([](const slow_down& e) {
                       return bide::finding{.verdict = bide::verdict::throttled, .hint = e.wait};
                   }));

auto send_with(auto call) {
    const auto policy = bide::policy(bide::exponential({.base = 10ms}) | bide::full_jitter,
                                     bide::max_attempts(3), judge);
    return bide::retry(policy, bide::once_only(call));
}
// README: end

}  // namespace

int main() {
    int calls = 0;
    const auto busy = send_with([&] { return ++calls < 2 ? throw slow_down{0s} : 1; });
    const auto wrong = send_with([]() -> int { throw bad_number{"+49"}; });
    const auto unsent = send_with([]() -> int { throw connect_failed{}; });
    const auto lost = send_with([]() -> int { throw read_failed{}; });
    std::cout << busy.explain() << "\n"
              << wrong.explain() << "\n"
              << unsent.explain() << "\n"
              << lost.explain() << "\n";
    return busy && wrong.attempts() == 1 && unsent.attempts() == 3 && lost.attempts() == 1 ? 0 : 1;
}
