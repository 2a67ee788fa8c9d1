// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_FINDING_HPP
#define BIDE_RETRY_FINDING_HPP

#include <bide/maybe.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <concepts>

namespace bide::inline v1 {

/// What a classifier says of one try. Verdict and certainty are independent: a 429 is throttled and
/// rejected, a reset after sending is transient and ambiguous.
struct finding {
    bide::verdict verdict = bide::verdict::transient;
    /// Without a better word it is the caller's: what is wrapped in `retry` may be repeated.
    bide::certainty certainty = bide::certainty::rejected;
    /// Wait at least this long, counted from now. Zero or more; absent means that nobody asked.
    maybe<duration> hint{};
    /// The answer also tells that an earlier ambiguous try did nothing.
    bool settles = false;
    int status = 0;  ///< The HTTP status, 0 if there was none.
    int error = 0;   ///< The transport's error code (for libcurl a CURLcode), 0 if there was none.
};

inline constexpr finding succeeded{verdict::success, certainty::answered};

/// A result that knows what happened, such as `curl::response`; the default classifier asks it.
template <class T>
concept self_describing = requires(const T& result) {
    { result.what_happened() } -> std::same_as<finding>;
};

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_FINDING_HPP
