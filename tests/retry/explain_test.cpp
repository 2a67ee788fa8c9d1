// SPDX-License-Identifier: MIT
#include <bide/retry/explain.hpp>

#include "support/catch.hpp"

#include <chrono>

using bide::certainty;
using bide::end;
using bide::explain;
using bide::record;
using bide::verdict;
using namespace std::chrono_literals;

TEST_CASE("explain: why it stopped", "[retry][explain]") {
    struct row {
        end stopped_by;
        const char* text;
    };
    const auto [stopped_by, text] = GENERATE(values<row>({
        {end::done, "done after 2 tries: it succeeded"},
        {end::permanent, "permanent after 2 tries: the failure will not pass"},
        {end::exhausted, "exhausted after 2 tries: no attempts are left"},
        {end::out_of_time, "out_of_time after 2 tries: no time is left for another try"},
        {end::deferred, "deferred after 2 tries: the server asked for a longer wait than fits"},
        {end::unknown,
         "unknown after 2 tries: the last try may have acted and must not be repeated"},
        {end::refused, "refused after 2 tries: a gate refused"},
        {end::cancelled, "cancelled after 2 tries: the caller asked to stop"},
    }));
    CHECK(explain({.ended = stopped_by, .stopped_by = stopped_by, .attempts = 2}) == text);
}

TEST_CASE("explain: what was known, as far as it was", "[retry][explain]") {
    CHECK(explain({.attempts = 1}) == "done after 1 try: it succeeded");
    CHECK(explain({.ended = end::cancelled, .stopped_by = end::cancelled}) ==
          "cancelled after 0 tries: the caller asked to stop");
    CHECK(explain({.ended = end::exhausted,
                   .stopped_by = end::exhausted,
                   .attempts = 4,
                   .elapsed = 1500ms}) == "exhausted after 4 tries in 1.5s: no attempts are left");
    CHECK(explain({.ended = end::refused,
                   .stopped_by = end::refused,
                   .retry_in = 30s,
                   .refused_by = "the breaker is open"}) ==
          "refused after 0 tries: a gate refused: the breaker is open; come back in 30s");
    CHECK(explain({.ended = end::deferred,
                   .stopped_by = end::deferred,
                   .attempts = 1,
                   .elapsed = 0s,
                   .retry_in = 2h}) ==
          "deferred after 1 try in 0s: the server asked for a longer wait than fits; come back in "
          "7200s");
}

TEST_CASE("explain: an end that hides behind unknown stays readable", "[retry][explain]") {
    CHECK(explain({.ended = end::unknown, .stopped_by = end::exhausted, .attempts = 3}) ==
          "unknown after 3 tries: no attempts are left; an earlier try may have acted");
    CHECK(explain({.ended = end::unknown, .stopped_by = end::unknown, .attempts = 3}) ==
          "unknown after 3 tries: the last try may have acted and must not be repeated");
}

TEST_CASE("explain: each try with all that is known of it", "[retry][explain]") {
    record r{.ended = end::exhausted, .stopped_by = end::exhausted, .attempts = 3};
    r.tries.add({.number = 1,
                 .found = {.verdict = verdict::throttled, .hint = 2s, .status = 429},
                 .wait = 2100ms});
    r.tries.add(
        {.number = 2, .found = {.certainty = certainty::ambiguous, .error = 56}, .wait = 250us});
    r.tries.add(
        {.number = 3, .found = {.verdict = verdict::permanent, .certainty = certainty::answered}});
    CHECK(explain(r) ==
          "exhausted after 3 tries: no attempts are left; "
          "try 1: throttled, rejected, status 429, asked to wait 2s, waited 2.1s; "
          "try 2: transient, ambiguous, error 56, waited 250us; "
          "try 3: permanent, answered");
}

TEST_CASE("explain: a wait of nothing that was asked for is said", "[retry][explain]") {
    record r{.ended = end::exhausted, .stopped_by = end::exhausted, .attempts = 1};
    r.tries.add({.number = 1, .found = {.verdict = verdict::throttled, .hint = 0s}});
    CHECK(explain(r) ==
          "exhausted after 1 try: no attempts are left; "
          "try 1: throttled, rejected, asked to wait 0s");
}
