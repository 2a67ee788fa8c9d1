// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_VERDICT_HPP
#define BIDE_RETRY_VERDICT_HPP

#include <cstdint>

namespace bide::inline v1 {

/// What happened to a try: may the same thing work a little later?
enum class verdict : std::uint8_t {
    success,     ///< It worked.
    throttled,   ///< We are too fast; the service is healthy.
    overloaded,  ///< The service has trouble of its own.
    transient,   ///< Something else that tends to pass: a connection, a timeout.
    permanent,   ///< The same request will fail again.
};

/// What is known of the server's side of a try, weakest claim first.
enum class certainty : std::uint8_t {
    not_sent,   ///< No byte of the request was sent: safe to repeat.
    rejected,   ///< The server says that it did not act: safe to repeat.
    ambiguous,  ///< It may have acted: repeated only if the operation is idempotent.
    answered,   ///< A final answer.
};

/// Why an operation ended.
enum class end : std::uint8_t {
    done,         ///< Success.
    permanent,    ///< The failure will not pass.
    exhausted,    ///< No attempts left.
    out_of_time,  ///< No time left for another try.
    deferred,     ///< Not now, but again from `retry_at()`; nothing was done.
    unknown,      ///< It may have been done: reconcile before sending it again.
    refused,      ///< A gate said no.
    cancelled,    ///< The caller asked to stop.
};

[[nodiscard]] constexpr const char* to_string(verdict v) noexcept {
    switch (v) {
        case verdict::success:
            return "success";
        case verdict::throttled:
            return "throttled";
        case verdict::overloaded:
            return "overloaded";
        case verdict::transient:
            return "transient";
        case verdict::permanent:
            return "permanent";
    }
    return "?";
}

[[nodiscard]] constexpr const char* to_string(certainty c) noexcept {
    switch (c) {
        case certainty::not_sent:
            return "not_sent";
        case certainty::rejected:
            return "rejected";
        case certainty::ambiguous:
            return "ambiguous";
        case certainty::answered:
            return "answered";
    }
    return "?";
}

[[nodiscard]] constexpr const char* to_string(end e) noexcept {
    switch (e) {
        case end::done:
            return "done";
        case end::permanent:
            return "permanent";
        case end::exhausted:
            return "exhausted";
        case end::out_of_time:
            return "out_of_time";
        case end::deferred:
            return "deferred";
        case end::unknown:
            return "unknown";
        case end::refused:
            return "refused";
        case end::cancelled:
            return "cancelled";
    }
    return "?";
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_VERDICT_HPP
