// SPDX-License-Identifier: MIT
#include "support/reference_model.hpp"

#include "support/catch.hpp"
#include "support/words.hpp"

#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

// The model judges the library, so here the model is judged: every row was computed by hand.

namespace {

using model::ambiguous;
using model::answered_4xx;
using model::certainty;
using model::deadline;
using model::end;
using model::limit;
using model::max_attempts;
using model::max_elapsed;
using model::ms;
using model::not_sent;
using model::ok;
using model::permanent;
using model::rejected;
using model::result;
using model::settling_4xx;
using model::throttled;
using model::thrown;
using model::transient;
using model::word;

constexpr auto none = std::nullopt;
constexpr bool once = false;  // not idempotent
constexpr bool again = true;  // idempotent
constexpr auto sure = certainty::answered;
constexpr auto maybe = certainty::ambiguous;
constexpr auto no = certainty::rejected;
constexpr auto unsent = certainty::not_sent;

// Verdicts and certainties that only a user's own classifier joins.
constexpr model::try_outcome answered_again{"answered_again", model::verdict::transient, sure};
constexpr model::try_outcome settling_again{
    .name = "settling_again", .verdict = model::verdict::transient, .settles = true};
constexpr model::try_outcome permanent_maybe{"permanent_maybe", model::verdict::permanent, maybe};
constexpr model::try_outcome permanent_5s{"permanent_5s", model::verdict::permanent, no, 5'000};
constexpr model::try_outcome ok_over{"ok_over", model::verdict::success, sure, 60'001};
constexpr model::try_outcome maybe_over{"maybe_over", model::verdict::transient, maybe, 60'001};

/// Tries of 700 ms, waits of 1 s, max_hint 60 s.
model::policy every_second(std::vector<limit> limits) {
    return {"every second", {1'000, 1, 1'000}, std::move(limits), 60'000, 700};
}
result running(std::vector<ms> starts, certainty c, ms next) {
    return {std::move(starts), end::running, end::running, c, none, next, none};
}
result stopped(std::vector<ms> starts, end by, certainty c, ms at, std::optional<ms> retry = none) {
    const bool hidden = c == maybe && by != end::done;
    return {std::move(starts), hidden ? end::unknown : by, by, c, retry, none, at};
}

/// When the tries start, if nothing but the backoff delays them.
const std::vector<ms> one{0};
const std::vector<ms> two{0, 1'700};
const std::vector<ms> three{0, 1'700, 3'400};

struct row {
    std::string_view what;
    bool idempotent;
    word happens;
    result expected;
    std::optional<ms> cancel_at = none;
};

void check(const std::vector<limit>& limits, const std::vector<row>& rows) {
    for (const row& r : rows) {
        INFO(r.what << ": " << model::spell(r.happens));
        const result got = judge(every_second(limits), r.happens, r.idempotent, r.cancel_at);
        CHECK(got.starts == r.expected.starts);
        CHECK(got.end == r.expected.end);
        CHECK(got.stopped_by == r.expected.stopped_by);
        CHECK(got.certainty == r.expected.certainty);
        CHECK(got.retry_at.value_or(-1) == r.expected.retry_at.value_or(-1));
        CHECK(got.next_at.value_or(-1) == r.expected.next_at.value_or(-1));
        CHECK(got.ended_at.value_or(-1) == r.expected.ended_at.value_or(-1));
    }
}

}  // namespace

TEST_CASE("reference model: certainty and what may be repeated", "[retry][model][certainty]") {
    check(
        {max_attempts(4)},
        {
            {"nothing yet", once, {}, running({}, unsent, 0)},
            {"success", once, {ok}, stopped(one, end::done, sure, 700)},
            {"no byte was sent", once, {not_sent}, running(one, unsent, 1'700)},
            {"join", once, {not_sent, rejected}, running(two, no, 3'400)},
            {"join", once, {transient, not_sent}, running(two, no, 3'400)},
            {"success wins", again, {ambiguous, ok}, stopped(two, end::done, sure, 2'400)},
            {"permanent", again, {permanent, ok}, stopped(one, end::permanent, no, 700)},
            {"unsafe", once, {ambiguous, ok}, stopped(one, end::unknown, maybe, 700)},
            {"unsafe", once, {answered_again}, stopped(one, end::permanent, sure, 700)},
            {"safe", again, {answered_again}, running(one, sure, 1'700)},
            {"a doubt stays", again, {ambiguous, not_sent}, running(two, maybe, 3'400)},
            {"4xx", again, {ambiguous, answered_4xx}, stopped(two, end::permanent, maybe, 2'400)},
            {"settles",
             again,
             {ambiguous, settling_4xx},
             stopped(two, end::permanent, sure, 2'400)},
            {"but not what comes later",
             again,
             {ambiguous, settling_again, ambiguous},
             running(three, maybe, 5'100)},
            {"permanent first", once, {permanent_maybe}, stopped(one, end::permanent, maybe, 700)},
        });
}

TEST_CASE("reference model: hints", "[retry][model][hint]") {
    const auto over = throttled(60'001);
    const auto later = end::deferred;
    check({max_attempts(4)},
          {
              {"0 keeps our backoff", once, {throttled(0)}, running(one, no, 1'700)},
              {"a floor", once, {throttled(5'000)}, running(one, no, 5'700)},
              {"at max_hint", once, {throttled(60'000)}, running(one, no, 60'700)},
              {"over", once, {over}, stopped(one, later, no, 700, 60'701)},
              {"unsafe", once, {maybe_over}, stopped(one, end::unknown, maybe, 700, 60'701)},
              {"doubt", again, {ambiguous, over}, stopped(two, later, maybe, 2'400, 62'401)},
              {"permanent", once, {permanent_5s}, stopped(one, end::permanent, no, 700, 5'700)},
              {"old hint", once, {throttled(0), ok}, stopped(two, end::done, sure, 2'400)},
              {"success", once, {ok_over}, stopped(one, end::done, sure, 700)},
          });
    const auto last = end::exhausted;
    check({max_attempts(1)},
          {{"deferred first", once, {over}, stopped(one, later, no, 700, 60'701)},
           {"a time", once, {throttled(0)}, stopped(one, last, no, 700, 700)}});
    check({max_attempts(2)},
          {{"old hint", once, {throttled(0), thrown}, stopped(two, last, no, 2'400)}});
}

TEST_CASE("reference model: limits", "[retry][model][limits]") {
    const auto out = end::out_of_time;
    const auto late = end::deferred;
    const auto last = end::exhausted;
    check({max_attempts(2)},
          {{"n", once, {not_sent, not_sent, ok}, stopped(two, last, unsent, 2'400)}});
    check({max_elapsed(3'000, 1'000)},
          {
              {"total", once, {transient, rejected, ok}, stopped(two, out, no, 2'400)},
              {"hint does not fit", once, {throttled(2'000)}, stopped(one, late, no, 700, 2'700)},
              {"nor the backoff",
               once,
               {thrown, throttled(2'000)},
               stopped(two, out, no, 2'400, 4'400)},
              {"unknown by time", again, {ambiguous, transient}, stopped(two, out, maybe, 2'400)},
          });
    check({deadline(2'700, 1'000)},
          {{"to the millisecond", once, {thrown}, running(one, no, 1'700)}});
    check({deadline(2'699, 1'000)}, {{"one less", once, {thrown}, stopped(one, out, no, 700)}});
    check({deadline(-1, 1'000)}, {{"past", once, {ok}, stopped({}, out, unsent, 0)}});
    check({deadline(999, 1'000)}, {{"too near", once, {ok}, stopped({}, out, unsent, 0)}});
    check({deadline(1'000, 1'000)}, {{"near", once, {ok}, stopped(one, end::done, sure, 700)}});
    const auto first = max_attempts(1);
    const auto total = max_elapsed(1'000, 1'000);
    check({first, total}, {{"tries | total", once, {transient}, stopped(one, last, no, 700)}});
    check({total, first}, {{"total | tries", once, {transient}, stopped(one, out, no, 700)}});
    // The backoff says 1.7 s, the hint 2 s: `loose` would take the former, `tight` neither, so even
    // without the hint there is no time, in whichever order they are asked.
    const auto tight = deadline(1'500, 0);
    const auto loose = deadline(1'900, 0);
    check({tight, loose}, {{"tight", once, {throttled(1'300)}, stopped(one, out, no, 700, 2'000)}});
    check({loose, tight}, {{"loose", once, {throttled(1'300)}, stopped(one, out, no, 700, 2'000)}});
    // Alone, `loose` is kept only by the hint.
    check({loose}, {{"alone", once, {throttled(1'300)}, stopped(one, late, no, 700, 2'000)}});
}

TEST_CASE("reference model: cancellation", "[retry][model][cancel]") {
    const auto cut = end::cancelled;
    check({max_attempts(4)},
          {
              {"before", once, {ok}, stopped({}, cut, unsent, 0), 0},
              {"later than the start", once, {}, running({}, unsent, 0), 1},
              {"in a success", once, {ok}, stopped(one, end::done, sure, 700), 350},
              {"in a stop", once, {permanent}, stopped(one, end::permanent, no, 700), 350},
              {"in a failure", once, {throttled(5'000)}, stopped(one, cut, no, 700, 5'700), 350},
              {"at its end", once, {transient}, stopped(one, cut, no, 700), 700},
              {"in the wait", again, {ambiguous}, stopped(one, cut, maybe, 701), 701},
              {"at the wait's end", once, {transient, ok}, stopped(one, cut, no, 1'700), 1'700},
              {"after it", once, {transient}, running(one, no, 1'700), 1'701},
          });
    check({deadline(-1, 0)},
          {{"before a past deadline", once, {}, stopped({}, cut, unsent, 0), 0}});
}

TEST_CASE("reference model: doubling delays, and sums that saturate", "[retry][model][backoff]") {
    const model::policy doubling{"doubling", {500, 2, 4'000}, {max_attempts(9)}, 60'000, 0};
    CHECK(judge(doubling, word(5, transient), once).starts ==
          std::vector<ms>{0, 500, 1'500, 3'500, 7'500});
    CHECK(judge(doubling, word(5, transient), once).next_at == 11'500);
    constexpr ms most = std::numeric_limits<ms>::max();
    CHECK(model::plus(most - 1, 2) == most);
    CHECK(model::plus(-most, -2) == std::numeric_limits<ms>::min());
    CHECK(model::delay_after({3, 1'000, most}, 9) == most);
}

TEST_CASE("words: each is visited or decided by its beginning", "[retry][model][words]") {
    const auto visit = [](const word&, const result&) {};
    const auto p = every_second({max_attempts(2)});
    const auto letters = alphabet(p);
    // The empty word, 12 words of one letter, and 12 more for each letter that is tried again:
    // transient, thrown, throttled 0 and 1 s, not_sent, rejected; if idempotent, ambiguous.
    const auto unsafe = for_each_word(p, once, letters, 3, visit);
    CHECK(unsafe.visited == 1 + 12 + 6 * 12);
    CHECK(unsafe.covered == 12 * 12 * 12);
    CHECK(for_each_word(p, again, letters, 3, visit).visited == 1 + 12 + 7 * 12);
    for (const auto& other : model::policies()) {
        CAPTURE(other.name);
        const auto wide = wide_alphabet(other);
        CHECK(for_each_word(other, again, wide, 2, visit).covered == 23 * 23);
    }
}
