// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_RECORD_HPP
#define BIDE_JSON_RECORD_HPP

#include <bide/retry/record.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>

namespace bide::inline v1 {

namespace detail {

/// Whole milliseconds, upward, so that a wait that is read back is never too short.
inline std::int64_t to_ms(duration d) noexcept {
    return std::chrono::ceil<std::chrono::milliseconds>(d).count();
}

}  // namespace detail

/// One try for a log:
/// `{"number":1,"verdict":"throttled","certainty":"rejected","status":429,"ended_ms":80,
/// "wait_ms":1000,"hint_ms":1000}`; status, error and hint only where there was one.
inline void to_json(nlohmann::json& j, const past_try& t) {
    j = {{"number", t.number},
         {"verdict", to_string(t.found.verdict)},
         {"certainty", to_string(t.found.certainty)},
         {"ended_ms", detail::to_ms(t.ended)},
         {"wait_ms", detail::to_ms(t.wait)}};
    if (t.found.status != 0) j["status"] = t.found.status;
    if (t.found.error != 0) j["error"] = t.found.error;
    if (t.found.hint) j["hint_ms"] = detail::to_ms(*t.found.hint);
}

/// What is known of an operation, for a log or a queue: `nlohmann::json(outcome.facts())`. Numbers
/// and words of ours only: no URL, body or exception text.
inline void to_json(nlohmann::json& j, const record& r) {
    j = {{"ended", to_string(r.ended)},
         {"stopped_by", to_string(r.stopped_by)},
         {"certainty", to_string(r.certainty)},
         {"attempts", r.attempts},
         {"tries", nlohmann::json::array()}};
    if (r.elapsed) j["elapsed_ms"] = detail::to_ms(*r.elapsed);
    if (r.retry_in) j["retry_in_ms"] = detail::to_ms(*r.retry_in);
    if (r.refused_by != nullptr) j["refused_by"] = r.refused_by;
    for (const auto& t : r.tries) j["tries"].push_back(t);
}

}  // namespace bide::inline v1

#endif  // BIDE_JSON_RECORD_HPP
