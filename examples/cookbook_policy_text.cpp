// SPDX-License-Identifier: MIT
#include <bide/explain.hpp>
#include <bide/json.hpp>

#include <chrono>
#include <iostream>
#include <string_view>

using namespace std::chrono_literals;

namespace {

// README: begin
void show(std::string_view text) {
    try {
        const auto plan = bide::explain(bide::policy_from_json(text));
        for (const auto& r : plan.retries)
            std::cout << "retry " << r.number << " after " << r.min / 1ms << " to " << r.max / 1ms
                      << " ms\n";
    } catch (const bide::policy_error& e) {
        std::cout << e.what() << "\n";
    }
}
// README: end

}  // namespace

int main() {
    show(R"({"backoff": {"kind": "exponential", "base": "1s", "cap": "20s"},
             "jitter": "equal", "max_attempts": 3, "max_elapsed": "30s"})");
    show(R"({"backoff": {"kind": "exponential", "factor": 0.5}})");
}
