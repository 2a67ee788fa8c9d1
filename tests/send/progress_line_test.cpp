// SPDX-License-Identifier: MIT
#include "send/progress_line.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <string>

using namespace std::chrono_literals;
using sender::live_line;
using sender::plain_line;
using sender::progress_view;

namespace {

constexpr progress_view middle{.requested = 500,
                               .delivered = 312,
                               .unknown = 3,
                               .waiting = 9,
                               .throttled = 133,
                               .rate_per_s = 48.94};

std::size_t visible(const std::string& line) {
    std::size_t columns = 0;
    bool escape = false;
    for (const char c : line) {
        if (c == '\x1b') escape = true;
        if (!escape) ++columns;
        if (c == 'm') escape = escape ? false : escape;
    }
    return columns;
}

}  // namespace

TEST_CASE("progress_line: says how far it is", "[send][progress]") {
    CHECK(live_line(middle, 100, false) ==
          "[##############!.........] 312/500 sent   9 waiting  48.9/s  429s 133  unknown 3");
    CHECK(live_line({.requested = 500}, 71, false) == "  0/500 sent   0 waiting  0.0/s  429s 0");
    CHECK(plain_line(middle) == "312 of 500 sent, 9 waiting, 48.9/s, 429s: 133, unknown: 3");
    auto paced = middle;
    paced.paced_at = 50;
    CHECK(live_line(paced, 80, false) ==
          "[##############!.........] 312/500 sent   9 waiting  48.9 of 50.0/s  429s 133");
    CHECK(plain_line(paced) ==
          "312 of 500 sent, 9 waiting, 48.9/s, paced at 50.0/s, 429s: 133, unknown: 3");
    CHECK(plain_line({.requested = 1, .failed = 1, .deferred = 2}) ==
          "0 of 1 sent, 0 waiting, 0.0/s, 429s: 0, failed: 1, deferred: 2");
}

TEST_CASE("progress_line: fits every terminal, with and without colours", "[send][progress]") {
    for (std::size_t columns = 0; columns < 200; ++columns) {
        CAPTURE(columns);
        const auto plain = live_line(middle, columns, false);
        CHECK(plain.size() <= (columns > 0 ? columns - 1 : 0));
        CHECK(plain.find('\x1b') == std::string::npos);
        CHECK(visible(live_line(middle, columns, true)) == plain.size());
    }
}

TEST_CASE("progress_line: the bar is full at the end, whatever the ends were", "[send][progress]") {
    const progress_view done{
        .requested = 7, .delivered = 4, .unknown = 1, .failed = 1, .deferred = 1};
    CHECK(live_line(done, 100, false).find("#############!!!!!!!!!!!]") != std::string::npos);
    CHECK(live_line({}, 100, false).find('#') == std::string::npos);
}

TEST_CASE("recent_rate: is that of the last seconds", "[send][progress]") {
    const std::chrono::steady_clock::time_point start{};
    sender::recent_rate rate{start};
    CHECK(rate.update(start, 0) == 0);
    CHECK(rate.update(start + 1s, 10) == 10);
    CHECK(rate.update(start + 2s, 20) == 10);
    CHECK(rate.update(start + 3s, 120) == Catch::Approx(55));
    CHECK(rate.update(start + 60s, 120) == 0);
}
