// SPDX-License-Identifier: MIT
#include <bide/json/policy.hpp>

#include "json/corpus.hpp"
#include "json/facts.hpp"
#include "json/mutate.hpp"
#include "json/reference_policy.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>

namespace {

/// Equal up to the rounding of a double and of whole nanoseconds.
bool near(bide::duration exact, long double expected) {
    const auto ns = static_cast<long double>(exact.count());
    return std::abs(ns - expected) <= 2 + 1e-9L * std::max(ns, expected);
}

std::string difference(const bide::any_backoff& b, const reference::delays& expected) {
    for (const auto number : {1U, 2U, 3U, 4U, 7U, 30U, 1000U})
        for (const bool busy : {false, true})
            for (const auto previous : {bide::duration{0}, bide::duration{700'000'000}}) {
                const auto because = busy ? bide::verdict::throttled : bide::verdict::transient;
                const auto [low, high] =
                    b.band_of({.number = number, .previous = previous, .because = because});
                const auto [its_low, its_high, its_cap] =
                    expected.ask({static_cast<long double>(number), busy,
                                  static_cast<long double>(previous.count())});
                if (!near(low, its_low) || !near(high, its_high))
                    return "delay " + std::to_string(number) + ": " + std::to_string(low.count()) +
                           ".." + std::to_string(high.count()) + " ns, expected " +
                           std::to_string(its_low) + ".." + std::to_string(its_high);
            }
    return {};
}

std::string difference(const bide::json_policy<>& policy, const reference::policy& expected) {
    const auto f = facts::facts_of(policy);
    const auto total = f.latest.time_since_epoch();
    if (static_cast<long double>(f.max_attempts) != expected.attempts) return "max_attempts";
    if (!near(total, expected.total)) return "max_elapsed";
    if (f.latest != bide::never &&
        !near(total - f.last_start.time_since_epoch(), expected.least_try))
        return "least_try";
    if (!near(f.max_hint, expected.max_hint)) return "max_hint";
    if (!near(f.try_timeout, expected.try_timeout)) return "try_timeout";
    if (!near(f.connect_timeout, expected.connect_timeout)) return "connect_timeout";
    if (f.grace != expected.grace) return "grace";
    return difference(policy.delays(), expected.backoff);
}

/// The pointer is one, and the text has at least the object or array in which it says something is
/// wrong; a text that is no JSON, or in which a key is twice, cannot be asked.
std::string pointless(const std::string& text, const bide::policy_error& e) {
    const std::string what = e.what();
    if (what.rfind("policy: ", 0) != 0 || what.find('\n') != std::string::npos) return what;
    const nlohmann::json::json_pointer pointer{e.pointer()};
    const auto whole = nlohmann::json::parse(text, nullptr, false);
    const bool is_twice = what.find("must be given once") != std::string::npos;
    if (whole.is_discarded() || is_twice || pointer.empty()) return {};
    return whole.contains(pointer.parent_pointer()) ? "" : "no " + e.pointer();
}

/// Empty if the loader and the reference agree.
std::string disagreement(const std::string& text, bool& accepted) {
    const auto expected = reference::read(text);
    accepted = false;
    try {
        const auto policy = bide::policy_from_json(text);
        accepted = true;
        return expected ? difference(policy, *expected) : "accepted, but the reference refuses it";
    } catch (const bide::policy_error& e) {
        return expected ? std::string{"refused: "} + e.what() : pointless(text, e);
    }
}

}  // namespace

TEST_CASE("policy mutation: the corpus means what another reader reads", "[json][policy][corpus]") {
    for (const auto& [verdict, text] : corpus::rows()) {
        CAPTURE(text);
        bool accepted = false;
        CHECK(disagreement(text, accepted).empty());
        CHECK(accepted == (verdict == "good"));
    }
}

TEST_CASE("policy mutation: a changed text is read as it stands, or refused with a place",
          "[json][policy][mutation]") {
    constexpr std::size_t mutants = 2000;
    const auto good = corpus::texts("good");
    REQUIRE(good.size() > 50);
    mutator mutate{20260101};
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < mutants; ++i) {
        const auto text = mutate(good[mutate.below(good.size())]);
        CAPTURE(text);
        bool is_accepted = false;
        CHECK(disagreement(text, is_accepted) == "");
        accepted += is_accepted ? 1 : 0;
    }
    // Neither answer may become the only one.
    CHECK(accepted > mutants / 8);
    CHECK(accepted < mutants * 7 / 8);
}
