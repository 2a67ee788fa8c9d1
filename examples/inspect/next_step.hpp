// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_NEXT_STEP_HPP
#define INSPECTOR_NEXT_STEP_HPP

#include <bide/maybe.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

namespace inspector {

/// What the policy `http::sender()` does if this was the answer to its first try, at once.
struct next_step {
    bool again = false;
    bide::duration least{};  ///< If again: the wait before the next try.
    bide::duration most{};
    bide::end ended = bide::end::done;  ///< If not.
    bide::maybe<bide::duration> retry_in{};
};

[[nodiscard]] next_step next_of(const bide::finding& first, bool idempotent);

}  // namespace inspector

#endif  // INSPECTOR_NEXT_STEP_HPP
