// SPDX-License-Identifier: MIT
#include <bide/retry/finding.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <type_traits>

using bide::finding;
using namespace std::chrono_literals;

namespace {

// Without a better word: it tends to pass, and by the caller's word it may be repeated.
static_assert(finding{}.verdict == bide::verdict::transient);
static_assert(finding{}.certainty == bide::certainty::rejected);
static_assert(!finding{}.hint.has_value());
static_assert(!finding{}.settles);
static_assert(finding{}.status == 0);
static_assert(finding{}.error == 0);

static_assert(bide::succeeded.verdict == bide::verdict::success);
static_assert(bide::succeeded.certainty == bide::certainty::answered);
static_assert(!bide::succeeded.hint.has_value());

static_assert(std::is_trivially_copyable_v<finding>);
static_assert(*finding{.hint = 2s}.hint == 2s);

struct response {
    [[nodiscard]] finding what_happened() const noexcept { return {.status = 503}; }
};
struct says_nothing {};
struct says_a_verdict {
    [[nodiscard]] static bide::verdict what_happened() noexcept { return {}; }
};
static_assert(bide::self_describing<response>);
static_assert(!bide::self_describing<says_nothing>);
static_assert(!bide::self_describing<says_a_verdict>);
static_assert(!bide::self_describing<int>);

}  // namespace

TEST_CASE("finding: a self-describing result tells its status", "[retry][finding]") {
    CHECK(response{}.what_happened().status == 503);
}
