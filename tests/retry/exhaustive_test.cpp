// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/modelled.hpp"
#include "support/words.hpp"

#include <bide/bide.hpp>
#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <stop_token>
#include <string>

// Everything that can happen in up to six tries, decided by the library and by the reference model.

namespace {

struct tally {
    std::uint64_t compared = 0;
    std::uint64_t covered = 0;
    std::uint64_t different = 0;
    std::string first{};

    void compare(const model::policy& p, const model::word& w, bool idempotent,
                 const model::result& expected, const model::result& actual) {
        ++compared;
        if (expected == actual) return;
        if (different++ == 0)
            first = std::string{p.name} + (idempotent ? ", idempotent: " : ": ") + model::spell(w) +
                    "\n  model   " + modelled::describe(expected) + "\n  library " +
                    modelled::describe(actual);
    }
};

tally compare_states(bool wide, std::size_t length) {
    tally sum;
    for (const auto& p : model::policies()) {
        const auto letters = wide ? model::wide_alphabet(p) : model::alphabet(p);
        for (const bool idempotent : {false, true}) {
            modelled::visit_policy(p, [&](const auto& policy) {
                const auto seen =
                    model::for_each_word(p, idempotent, letters, length,
                                         [&](const model::word& w, const model::result& expected) {
                                             sum.compare(p, w, idempotent, expected,
                                                         modelled::judge(policy, p, w, idempotent));
                                         });
                sum.covered += seen.covered;
            });
        }
    }
    return sum;
}

/// A result that is what the word says.
struct answer {
    bide::finding found;
    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }
};

/// Slack and jitter at their lower bound, as in the model.
struct unjittered_clock : bide::virtual_clock {
    [[nodiscard]] static modelled::lowest random() noexcept { return {}; }
};

/// The same word through the blocking driver: a callable that takes its time on a virtual clock and
/// returns or throws, a stop token if there is a stop request.
template <class Policy>
model::result drive(const Policy& policy, const model::policy& p, const model::word& w,
                    bool idempotent, std::optional<model::ms> cancel_at) {
    unjittered_clock clock;
    std::stop_source stop;
    if (cancel_at && *cancel_at <= 0) stop.request_stop();
    if (cancel_at && *cancel_at > 0)
        clock.at(modelled::milliseconds{*cancel_at}, [&] { stop.request_stop(); });

    model::result r;
    const auto once = [&]() -> answer {
        const auto& letter = w.at(r.starts.size());
        r.starts.push_back(modelled::in_ms(clock.elapsed()));
        clock.advance(modelled::milliseconds{p.try_takes});
        if (letter.name == model::thrown.name) throw std::runtime_error{"as the word says"};
        return {modelled::finding_of(letter)};
    };
    const auto o = bide::retry(bide::with(stop.get_token(), clock, policy),
                               bide::idempotent(once, idempotent));
    r.end = modelled::end_of(o.ended());
    r.stopped_by = modelled::end_of(o.stopped_by());
    r.certainty = static_cast<model::certainty>(o.certainty());
    r.ended_at = modelled::in_ms(clock.elapsed());
    if (o.retry_in()) r.retry_at = modelled::in_ms(clock.elapsed() + *o.retry_in());
    return r;
}

tally compare_drivers(std::size_t length, const std::vector<std::optional<model::ms>>& cancels) {
    tally sum;
    for (const auto& p : model::policies()) {
        for (const bool idempotent : {false, true}) {
            modelled::visit_policy(p, [&](const auto& policy) {
                for (const auto& cancel_at : cancels) {
                    const auto seen = model::for_each_word(
                        p, idempotent, model::wide_alphabet(p), length,
                        [&](const model::word& w, model::result expected) {
                            if (expected.end == model::end::running) return;
                            // A time to come back that has passed by the end means "now".
                            if (expected.retry_at && *expected.retry_at < *expected.ended_at)
                                expected.retry_at = expected.ended_at;
                            sum.compare(p, w, idempotent, expected,
                                        drive(policy, p, w, idempotent, cancel_at));
                        },
                        cancel_at);
                    sum.covered += seen.covered;
                }
            });
        }
    }
    return sum;
}

void report(const char* what, const tally& sum) {
    std::cout << what << ": " << sum.compared << " words compared, " << sum.covered << " covered, "
              << sum.different << " differences\n";
    INFO(sum.first);
    CHECK(sum.different == 0);
    CHECK(sum.compared > 1000);
}

}  // namespace

TEST_CASE("retry_state: agrees with the reference model on all words of six letters",
          "[retry][retry_state][model]") {
    report("retry_state, 12 letters, length 6", compare_states(false, 6));
}

TEST_CASE("retry_state: agrees with the reference model on rarer letters",
          "[retry][retry_state][model]") {
    report("retry_state, 23 letters, length 4", compare_states(true, 4));
}

TEST_CASE("retry: agrees with the reference model", "[retry][model]") {
    report("retry, 23 letters, length 3", compare_drivers(3, {std::nullopt}));
}

TEST_CASE("retry: agrees with the reference model when it is stopped", "[retry][model][stop]") {
    report("retry, 23 letters, length 2, stopped", compare_drivers(2, model::cancel_instants()));
}
