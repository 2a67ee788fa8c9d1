// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

namespace {

// As libpqxx, SOCI and others have it: an exception with an SQLSTATE.
struct sql_error : std::runtime_error {
    std::string state;
    explicit sql_error(const std::string& s) : std::runtime_error{"SQLSTATE " + s}, state{s} {}
};

// README: begin
bide::finding judge(const sql_error& e) {
    using enum bide::verdict;
    if (e.state == "40001" || e.state == "40P01")  // serialization failure, deadlock: rolled back
        return {transient, bide::certainty::rejected};
    if (e.state == "08001" || e.state == "57P03")  // could not connect, is starting up
        return {transient, bide::certainty::not_sent};
    if (e.state.starts_with("08"))  // the connection died, perhaps after COMMIT
        return {transient, bide::certainty::ambiguous};
    return {permanent, bide::certainty::rejected};
}

const auto policy = bide::policy(bide::exponential({.base = 10ms, .cap = 1s}) | bide::full_jitter,
                                 bide::max_attempts(5) | bide::max_elapsed(5s),
                                 bide::classify(bide::on<sql_error>(judge)));

auto run(auto transaction) { return bide::retry(policy, bide::once_only(transaction)); }
// README: end

}  // namespace

int main() {
    int calls = 0;
    const auto deadlock = run([&] { return ++calls < 3 ? throw sql_error{"40P01"} : 42; });
    const auto lost = run([]() -> int { throw sql_error{"08006"}; });
    const auto twice = run([]() -> int { throw sql_error{"23505"}; });
    std::cout << deadlock.explain() << "\n" << lost.explain() << "\n" << twice.explain() << "\n";
    return deadlock.attempts() == 3 && lost.ended() == bide::end::unknown &&
                   twice.ended() == bide::end::permanent
               ? 0
               : 1;
}
