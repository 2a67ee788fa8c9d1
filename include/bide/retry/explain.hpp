// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_EXPLAIN_HPP
#define BIDE_RETRY_EXPLAIN_HPP

#include <bide/detail/invalid.hpp>
#include <bide/retry/record.hpp>

#include <string>

namespace bide::inline v1 {

namespace detail {

/// Why an operation stopped, as half a sentence.
inline std::string why(const record& r) {
    switch (r.stopped_by) {
        case end::done:
            return "it succeeded";
        case end::permanent:
            return "the failure will not pass";
        case end::exhausted:
            return r.refused_by != nullptr ? std::string{"no retry is left: "} + r.refused_by
                                           : "no attempts are left";
        case end::out_of_time:
            return "no time is left for another try";
        case end::deferred:
            return "the server asked for a longer wait than fits";
        case end::unknown:
            return "the last try may have acted and must not be repeated";
        case end::refused:
            return std::string{"a gate refused"} +
                   (r.refused_by != nullptr ? std::string{": "} + r.refused_by : "");
        case end::cancelled:
            return "the caller asked to stop";
    }
    return "?";
}

inline std::string describe(const past_try& t) {
    auto text = "try " + to_text(t.number) + ": " + to_string(t.found.verdict) + ", " +
                to_string(t.found.certainty);
    if (t.found.status != 0) text += ", status " + std::to_string(t.found.status);
    if (t.found.error != 0) text += ", error " + std::to_string(t.found.error);
    if (t.found.hint) text += ", asked to wait " + to_text(*t.found.hint);
    if (t.wait > duration::zero()) text += ", waited " + to_text(t.wait);
    return text;
}

}  // namespace detail

/// One line: how it ended, why, what was tried. Holds numbers and words of ours only, no text from
/// a server or from an exception.
[[nodiscard]] inline std::string explain(const record& r) {
    auto text = std::string{to_string(r.ended)} + " after " + detail::to_text(r.attempts) +
                (r.attempts == 1 ? " try" : " tries");
    if (r.elapsed) text += " in " + detail::to_text(*r.elapsed);
    text += ": " + detail::why(r);
    if (r.ended == end::unknown && r.stopped_by != end::unknown)
        text += "; an earlier try may have acted";
    if (r.retry_in) text += "; come back in " + detail::to_text(*r.retry_in);
    for (const auto& t : r.tries) text += "; " + detail::describe(t);
    return text;
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_EXPLAIN_HPP
