// SPDX-License-Identifier: MIT
#include <bide/testing.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

namespace {

// README: begin
// Code to be tested takes its policy from outside; the test adds a clock that jumps.
auto stock_of(const auto& how, auto& shop) {
    return bide::retry(how, [&] { return shop.ask(); });
}

bool test_stock_of() {
    struct {
        int calls = 0;
        int ask() { return ++calls < 3 ? throw std::runtime_error{"busy"} : 7; }
    } shop;
    bide::virtual_clock clock;
    const auto policy =
        bide::policy(bide::exponential({.base = 1min, .cap = 1h}), bide::max_attempts(3));
    const auto stock = stock_of(bide::with(clock, policy), shop);
    return stock && stock.attempts() == 3 && clock.elapsed() == 3min;
}
// README: end

}  // namespace

int main() {
    std::cout << (test_stock_of() ? "three minutes passed in no time\n" : "wrong\n");
    return test_stock_of() ? 0 : 1;
}
