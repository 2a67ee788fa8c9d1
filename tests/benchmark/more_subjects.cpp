// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

#include <bide/gate.hpp>
#include <bide/http/retry_after.hpp>

#include <charconv>
#include <chrono>
#include <mutex>
#include <string_view>
#include <system_error>

using namespace std::chrono_literals;

namespace subjects {

namespace {

long mutex_pairs(long n) {
    std::mutex mutex;
    long sum = 0;
    for (long i = 0; i < n; ++i) {
        const std::lock_guard lock{mutex};
        sum += work(static_cast<int>(i));
    }
    return sum;
}

/// Asked and finished, a microsecond apart, so that the gate always opens.
template <class Gate>
long passes(long n, Gate gate) {
    bide::ticket t{[](void*) noexcept {}, nullptr};
    bide::time_point now{1h};
    const bide::report what{.found = bide::succeeded};
    long sum = 0;
    for (long i = 0; i < n; ++i) {
        now += 1us;
        if (!gate.ask(t, {}, now).says_go()) return 0;
        sum += work(static_cast<int>(i));
        gate.finish(t, what, now);
    }
    return sum;
}

long token_bucket(long n) {
    return passes(n, bide::token_bucket{{.rate = 1000, .per = 1ms, .burst = 10}});
}
long circuit_breaker(long n) { return passes(n, bide::circuit_breaker{}); }
long quota_pacer(long n) { return passes(n, bide::quota_pacer{{.start_rate = 2e6}}); }

/// A text that the compiler does not know.
std::string_view half_a_minute() {
    const char* text = "30";
    asm volatile("" : "+r"(text));
    return {text, 2};
}

long from_chars(long n) {
    long sum = 0;
    for (long i = 0; i < n; ++i) {
        const auto text = half_a_minute();
        int seconds = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec == std::errc{})
            sum += seconds;
    }
    return sum;
}

long parse_retry_after(long n) {
    long sum = 0;
    for (long i = 0; i < n; ++i)
        sum += bide::http::parse_retry_after(half_a_minute(), {}).value_or(0ms).count();
    return sum;
}

}  // namespace

const named more[6] = {
    {"mutex_pair", "mutex_pair", mutex_pairs},
    {"token_bucket", "mutex_pair", token_bucket},
    {"circuit_breaker", "mutex_pair", circuit_breaker},
    {"quota_pacer", "mutex_pair", quota_pacer},
    {"from_chars", "from_chars", from_chars},
    {"parse_retry_after", "from_chars", parse_retry_after},
};

}  // namespace subjects
