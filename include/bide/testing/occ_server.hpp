// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_OCC_SERVER_HPP
#define BIDE_TESTING_OCC_SERVER_HPP

#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <cstdint>

namespace bide::inline v1::simulated {

/// One row that clients update by optimistic concurrency control: a try reads its version, then
/// writes, which fails if the version is another by then. Takes no time.
///
/// Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015, and the
/// simulator that belongs to it.
class occ_server {
public:
    answer serve(visit& v, time_point) noexcept {
        if (v.message == 1) {
            v.note = version_;
            return {.go_on = true};
        }
        ++writes_;
        if (v.note != version_) return {.found = {.status = 409}};
        ++version_;
        return {.found = succeeded};
    }

    /// Writes that arrived, in vain or not.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

private:
    std::uint64_t version_ = 0;
    std::uint64_t writes_ = 0;
};
static_assert(server<occ_server>);

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_OCC_SERVER_HPP
