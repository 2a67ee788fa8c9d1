// SPDX-License-Identifier: MIT
#include "send/report.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <vector>

using namespace std::chrono_literals;
using bide::end;
using sender::fate;
using sender::group;
using sender::group_of;

// The rule, word for word; a message that was never tried was not failed by anybody.
static_assert(group_of(end::done, 1) == group::delivered);
static_assert(group_of(end::done, 9) == group::delivered);
static_assert(group_of(end::unknown, 1) == group::unknown);
static_assert(group_of(end::deferred, 1) == group::deferred);
static_assert(group_of(end::refused, 2) == group::deferred);
static_assert(group_of(end::cancelled, 3) == group::deferred);
static_assert(group_of(end::cancelled, 0) == group::deferred);
static_assert(group_of(end::out_of_time, 0) == group::deferred);
static_assert(group_of(end::out_of_time, 1) == group::failed);
static_assert(group_of(end::exhausted, 4) == group::failed);
static_assert(group_of(end::permanent, 1) == group::failed);

namespace {

fate fate_of(end ended, std::uint64_t attempts, const char* why = "") {
    return {group_of(ended, attempts), ended, attempts, why};
}

sender::report sample() {
    return {.fates = {fate_of(end::done, 1), fate_of(end::done, 3), fate_of(end::unknown, 1, "u"),
                      fate_of(end::permanent, 1, "p"), fate_of(end::out_of_time, 2, "o"),
                      fate_of(end::cancelled, 0, "c")},
            .rejected = 3,
            .paced_at = 4.25,
            .elapsed = 500ms};
}

}  // namespace

TEST_CASE("report: each message is counted once", "[send][report]") {
    const auto t = sender::count(sample());
    CHECK(t.requested == 6);
    CHECK(t.delivered == 2);
    CHECK(t.unknown == 1);
    CHECK(t.failed == 2);
    CHECK(t.deferred == 1);
    CHECK(t.attempts == 8);
    CHECK(t.rejected == 3);
    CHECK(t.elapsed_s == 0.5);
    CHECK(t.rate_per_s == 4);
}

TEST_CASE("report: the sum holds for every mix of ends", "[send][report]") {
    sender::report r;
    std::uint64_t dice = 1;
    for (int i = 0; i < 1'000; ++i) {
        dice = dice * 6364136223846793005U + 1442695040888963407U;
        r.fates.push_back(fate_of(static_cast<end>(dice >> 61U), (dice >> 40U) % 3));
    }
    const auto t = sender::count(r);
    CHECK(t.requested == t.delivered + t.unknown + t.failed + t.deferred);
    std::uint64_t ends = 0;
    for (const auto n : t.ends) ends += n;
    CHECK(ends == t.requested);
}

TEST_CASE("report: JSON has every key, and the ends that occurred", "[send][report]") {
    CHECK(sender::to_json(sender::count(sample())) ==
          R"({"requested":6,"delivered":2,"unknown":1,"failed":2,"deferred":1,"attempts":8,)"
          R"("rejected":3,"elapsed_s":0.5,"rate_per_s":4.0,"paced_at_per_s":4.25,)"
          R"("ends":{"done":2,"permanent":1,"out_of_time":1,"unknown":1,"cancelled":1}})");
    CHECK(sender::to_json({}) ==
          R"({"requested":0,"delivered":0,"unknown":0,"failed":0,"deferred":0,"attempts":0,)"
          R"("rejected":0,"elapsed_s":0.0,"rate_per_s":0.0,"paced_at_per_s":0.0,"ends":{}})");
}

TEST_CASE("report: a sentence for people", "[send][report]") {
    CHECK(sender::to_text(sender::count(sample())) ==
          "2 of 6 delivered in 0.5 s (4.0/s); 1 unknown, 2 failed, 1 deferred; 8 tries, 3 of them "
          "throttled; paced at 4.2/s");
    CHECK(sender::to_text({}) ==
          "0 of 0 delivered in 0.0 s (0.0/s); 0 unknown, 0 failed, 0 deferred; 0 tries, 0 of them "
          "throttled");
}

TEST_CASE("report: lists what was not delivered, by id alone", "[send][report][privacy]") {
    std::vector<sender::message> messages;
    for (const auto* id : {"m-1", "m-2", "m-3", "m-4", "m-5", "m-6"})
        messages.push_back({id, "+4915112345", "secret"});
    std::ostringstream out;
    sender::list_undelivered(out, sample(), messages);
    CHECK(out.str() ==
          "m-3: unknown: u\n"
          "m-4: failed: p\n"
          "m-5: failed: o\n"
          "m-6: deferred: c\n");
}
