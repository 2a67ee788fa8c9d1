// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_TRAIL_HPP
#define BIDE_RETRY_DETAIL_TRAIL_HPP

#include <bide/retry/explain.hpp>
#include <bide/retry/record.hpp>

#include <exception>
#include <new>
#include <utility>

namespace bide::inline v1::detail {

/// Everything of an outcome but the value; made at the first failure only.
struct trail {
    record facts{};
    std::exception_ptr error{};
    bool has_value = false;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void no_value(const trail& t) {
    if (t.error && t.facts.ended != end::unknown) std::rethrow_exception(t.error);
    throw gave_up{"bide: " + explain(t.facts), t.facts, t.error};
}

/// Keeps the exception that is being handled, or lets it pass where that can't be done: an
/// unwinding that is not an exception (a thread is cancelled), or no memory.
[[gnu::cold, gnu::noinline]] inline trail* caught() {
    auto error = std::current_exception();
    auto* kept = error ? new (std::nothrow) trail : nullptr;
    if (kept == nullptr) throw;  // NOLINT(misc-throw-*): called inside a handler
    kept->error = std::move(error);
    return kept;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_TRAIL_HPP
