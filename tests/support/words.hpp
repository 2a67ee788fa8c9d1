// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_WORDS_HPP
#define BIDE_TESTS_SUPPORT_WORDS_HPP

#include "support/reference_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Everything that can happen, word by word, and the policies under which to judge it.
namespace model {

// The letters: what one try can do.
inline constexpr try_outcome ok{"ok"};
inline constexpr try_outcome transient{
    .name = "transient", .verdict = verdict::transient, .certainty = certainty::rejected};
inline constexpr try_outcome not_sent{
    .name = "not_sent", .verdict = verdict::transient, .certainty = certainty::not_sent};
inline constexpr try_outcome rejected{
    .name = "rejected", .verdict = verdict::overloaded, .certainty = certainty::rejected};
inline constexpr try_outcome ambiguous{
    .name = "ambiguous", .verdict = verdict::transient, .certainty = certainty::ambiguous};
inline constexpr try_outcome answered_4xx{"answered_4xx", verdict::permanent, certainty::answered};
inline constexpr try_outcome settling_4xx{
    .name = "settling_4xx", .verdict = verdict::permanent, .settles = true};
inline constexpr try_outcome permanent{
    .name = "permanent", .verdict = verdict::permanent, .certainty = certainty::rejected};
/// An unclassified exception of a plain callable: rejected by the caller's word (section 2).
inline constexpr try_outcome thrown{
    .name = "thrown", .verdict = verdict::transient, .certainty = certainty::rejected};
constexpr try_outcome throttled(std::optional<ms> hint, std::string_view name = "throttled") {
    return {name, verdict::throttled, certainty::rejected, hint, false};
}

/// The twelve letters of the comparison. "Over" is the first millisecond that is over max_hint.
inline std::vector<try_outcome> alphabet(const policy& p) {
    return {ok,
            transient,
            throttled(0, "throttled_0"),
            throttled(1'000, "throttled_1s"),
            throttled(plus(p.max_hint, 1), "throttled_over"),
            not_sent,
            rejected,
            ambiguous,
            answered_4xx,
            settling_4xx,
            permanent,
            thrown};
}

/// Rarer letters for shorter words: pairs of verdict and certainty, and hints, that only a user's
/// own classifier produces.
inline std::vector<try_outcome> wide_alphabet(const policy& p) {
    const auto again = verdict::transient;
    const auto stop = verdict::permanent;
    auto letters = alphabet(p);
    letters.push_back(throttled(std::nullopt, "throttled_no_hint"));
    letters.push_back(throttled(p.max_hint, "throttled_at_max_hint"));
    letters.push_back({"ok_1s", verdict::success, certainty::answered, 1'000, false});
    letters.push_back({"ambiguous_1s", again, certainty::ambiguous, 1'000, false});
    letters.push_back({"ambiguous_over", again, certainty::ambiguous, plus(p.max_hint, 1), false});
    letters.push_back({"answered_again", again, certainty::answered, std::nullopt, false});
    letters.push_back({"settling_again", again, certainty::answered, std::nullopt, true});
    letters.push_back({"answered_over", again, certainty::answered, plus(p.max_hint, 1), false});
    letters.push_back({"permanent_1s", stop, certainty::rejected, 1'000, false});
    letters.push_back({"permanent_ambiguous", stop, certainty::ambiguous, std::nullopt, false});
    letters.push_back({"permanent_not_sent", stop, certainty::not_sent, std::nullopt, false});
    return letters;
}

/// The policies of the comparison. Each name says what it adds; the numbers sit on the borders.
inline std::vector<policy> policies() {
    constexpr backoff none{};
    constexpr backoff second{.base = 1'000, .factor = 1, .cap = 1'000};
    constexpr backoff doubling{.base = 500, .factor = 2, .cap = 4'000};
    constexpr ms minute = 60'000;
    constexpr ms day = 86'400'000;
    constexpr auto tries = max_attempts;
    constexpr auto total = max_elapsed;
    constexpr auto until = deadline;
    return {
        {"one try", none, {tries(1)}, minute, 0},
        {"two tries", second, {tries(2)}, minute, 700},
        {"four tries, doubling", doubling, {tries(4)}, minute, 700},
        {"six tries, no delay, no time", none, {tries(6)}, minute, 0},
        {"nine tries, doubling to the cap", doubling, {tries(9)}, day, 0},
        {"six tries, hint of 1 s is over", second, {tries(6)}, 500, 700},
        {"six tries, hint of 1 s is the most", none, {tries(6)}, 1'000, 700},
        {"total for one try", second, {total(1'000, 1'000)}, minute, 0},
        {"total, three tries to the millisecond", second, {total(4'400, 1'000)}, minute, 700},
        {"total, one millisecond short of that", second, {total(4'399, 1'000)}, minute, 700},
        {"total tight, hint does not fit", none, {total(2'000, 1'000)}, minute, 0},
        {"total loose, max_hint does not fit", doubling, {total(30'000, 1'000)}, day, 700},
        {"deadline past", second, {until(-1, 1'000)}, minute, 700},
        {"deadline a millisecond too near", second, {until(999, 1'000)}, minute, 700},
        {"deadline for one try", none, {until(1'000, 1'000)}, minute, 700},
        {"deadline short, hint fits once", none, {until(2'900, 500)}, minute, 700},
        {"deadline long", second, {until(20'000, 1'000), tries(6)}, minute, 700},
        {"tries, then total", doubling, {tries(3), total(3'800, 500)}, minute, 700},
        {"total, then tries", doubling, {total(3'800, 500), tries(3)}, minute, 700},
        {"total, then deadline", none, {total(5'000, 2'000), until(4'500, 500)}, minute, 700},
        {"deadline, then total", none, {until(4'500, 500), total(5'000, 2'000)}, minute, 700},
        {"all three", doubling, {until(8'000, 500), tries(5), total(7'000, 900)}, 5'000, 700},
    };
}

/// Stop requests for the comparison: none, before the start, in tries, in waits, and on the borders
/// between them.
inline std::vector<std::optional<ms>> cancel_instants() {
    return {std::nullopt, -1, 0, 1, 350, 699, 700, 701, 1'199, 1'200, 1'700, 1'701, 2'400, 5'000};
}

struct coverage {
    std::uint64_t visited = 0;  ///< Words that the visitor saw: also the empty one and prefixes.
    std::uint64_t covered = 0;  ///< Words of full length that these decide: letters ^ length.
};

namespace detail {
template <class Visitor>
void extend(word& w, const policy& p, bool idempotent, const std::vector<try_outcome>& letters,
            std::size_t length, std::optional<ms> cancel_at, Visitor& visit, coverage& sum) {
    const result r = judge(p, w, idempotent, cancel_at);
    visit(static_cast<const word&>(w), r);
    ++sum.visited;
    if (r.end == end::running && w.size() < length) {
        for (const try_outcome& letter : letters) {
            w.push_back(letter);
            extend(w, p, idempotent, letters, length, cancel_at, visit, sum);
            w.pop_back();
        }
        return;
    }
    std::uint64_t subtree = 1;
    for (std::size_t i = w.size(); i < length; ++i) subtree *= letters.size();
    sum.covered += subtree;
}
}  // namespace detail

/// Calls `visit(word const&, result const&)` for every word of up to `length` letters, depth first,
/// a word before its extensions; what follows an end is not visited, as it cannot happen.
template <class Visitor>
coverage for_each_word(const policy& p, bool idempotent, const std::vector<try_outcome>& letters,
                       std::size_t length, Visitor&& visit,
                       std::optional<ms> cancel_at = std::nullopt) {
    word w;
    coverage sum;
    detail::extend(w, p, idempotent, letters, length, cancel_at, visit, sum);
    return sum;
}

/// The word for a message: "ambiguous throttled_1s ok".
inline std::string spell(const word& w) {
    std::string text;
    for (const try_outcome& letter : w) {
        if (!text.empty()) text += ' ';
        text += letter.name;
    }
    return text;
}

}  // namespace model

#endif  // BIDE_TESTS_SUPPORT_WORDS_HPP
