// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_LINES_HPP
#define BIDE_JSON_LINES_HPP

#include <bide/json/record.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/runtime.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <ios>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace bide::inline v1 {

namespace detail {

/// RFC 3339 in UTC with milliseconds, downward: "2026-05-04T03:02:01.007Z".
inline std::string to_rfc3339(wall_time t) {
    using namespace std::chrono;
    const auto shown = floor<milliseconds>(t);  // first, as not every midnight fits nanoseconds
    const auto midnight = floor<days>(shown);
    const year_month_day date{midnight};
    const hh_mm_ss time{shown - midnight};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return text.data();
}

using json_line = nlohmann::ordered_json;

inline void add_finding(json_line& j, const finding& f) {
    j["verdict"] = to_string(f.verdict);
    j["certainty"] = to_string(f.certainty);
    if (f.status != 0) j["status"] = f.status;
    if (f.error != 0) j["error"] = f.error;
    if (f.hint) j["hint_ms"] = to_ms(*f.hint);
}

/// The keys are those of `to_json(record)`, where it has the same thing.
inline void add_event(json_line& j, const event& e) {
    j["event"] = to_string(e.kind);
    j[e.kind == event_kind::end ? "attempts" : "attempt"] = e.attempt;
    switch (e.kind) {
        case event_kind::attempt:
            add_finding(j, e.found);
            break;
        case event_kind::backoff:
            add_finding(j, e.found);
            j["wait_ms"] = to_ms(e.wait);
            break;
        case event_kind::gate:
            if (e.reason != nullptr) j["reason"] = e.reason;
            if (e.wait != duration::max()) j["wait_ms"] = to_ms(e.wait);
            break;
        case event_kind::end:
            j["ended"] = to_string(e.ended);
            j["stopped_by"] = to_string(e.stopped_by);
            j["certainty"] = to_string(e.certainty);
            if (e.reason != nullptr) j["refused_by"] = e.reason;
            break;
        case event_kind::nested:
            j["inner_retries"] = e.inner_retries;
            break;
    }
}

}  // namespace detail

/// An observer that writes each event as one line of JSON:
/// `{"time":"2026-05-04T03:02:01.007Z","operation":"send-sms","event":"backoff","attempt":1,
/// "verdict":"throttled","certainty":"rejected","status":429,"hint_ms":1000,"wait_ms":1043}`
///
/// Numbers and words of ours only, besides the `fields` that were given. A wait of a gate has no
/// "wait_ms" if only an event ends it.
///
/// Any number of plans and threads may share one: lines are written whole, one after the other,
/// under a lock. The stream must outlive it and is not flushed. Where writing fails lines are lost,
/// and nothing else happens. Fits `bide::observer`; the caller keeps it.
class json_lines {
public:
    /// `fields` is an object whose members stand in each line, such as
    /// `{{"operation", "send-sms"}}`; `clock` tells the time, called under the lock.
    /// @throws std::invalid_argument if `fields` is no object or uses a name of ours.
    explicit json_lines(std::ostream& to, const nlohmann::ordered_json& fields = {},
                        std::function<wall_time()> clock = &system_runtime::wall)
        : to_{&to}, clock_{std::move(clock)} {
        first_["time"] = "";
        if (fields.is_null()) return;
        if (!fields.is_object())
            throw std::invalid_argument{"bide::json_lines: fields must be an object, got " +
                                        std::string{fields.type_name()}};
        for (const auto& [name, value] : fields.items()) {
            check_name(name);
            first_[name] = value;
        }
    }
    json_lines(const json_lines&) = delete;
    json_lines& operator=(const json_lines&) = delete;
    ~json_lines() = default;

    void operator()(const event& e) {
        auto line = first_;
        detail::add_event(line, e);
        const std::lock_guard lock{mutex_};
        line["time"] = detail::to_rfc3339(clock_());
        // What is not UTF-8, in a field or a gate's word, is replaced instead of losing the line.
        auto text = line.dump(-1, ' ', false, detail::json_line::error_handler_t::replace);
        text += '\n';
        to_->write(text.data(), static_cast<std::streamsize>(text.size()));
    }

private:
    static void check_name(const std::string& name) {
        static constexpr auto ours = std::to_array<std::string_view>(
            {"time", "event", "attempt", "attempts", "verdict", "certainty", "status", "error",
             "hint_ms", "wait_ms", "reason", "ended", "stopped_by", "refused_by", "inner_retries"});
        if (std::ranges::find(ours, name) != ours.end())
            throw std::invalid_argument{
                "bide::json_lines: fields must not have a name of the library's own, got \"" +
                name + "\""};
    }

    std::ostream* to_;
    std::function<wall_time()> clock_;
    std::mutex mutex_;
    detail::json_line first_;
};
static_assert(observer<json_lines>);

}  // namespace bide::inline v1

#endif  // BIDE_JSON_LINES_HPP
