// SPDX-License-Identifier: MIT
#include "copy.hpp"

#include <bide/bide.hpp>

#include <stdexcept>
#include <utility>

namespace {

using outcome = bide::outcome<int>;

auto tries_of(std::uint64_t n) {
    return bide::policy(bide::constant(bide::duration{1}), bide::max_attempts(n));
}

int fail() { throw std::runtime_error{"down"}; }

auto rejected_twice() {
    auto negative = bide::retry_if([](int n) { return n < 0; });
    return bide::retry(bide::policy(bide::constant(bide::duration{1}), bide::max_attempts(2),
                                    bide::classify(negative)),
                       [] { return -1; });
}

void give_up() { rejected_twice().value(); }

void fail_for_good() { throw bide::permanent(std::runtime_error{"no such number"}); }

int attempts_in(void (*throws)()) {
    try {
        throws();
        return 0;
    } catch (const bide::gave_up& e) {
        return static_cast<int>(e.facts().attempts);
    } catch (const std::runtime_error&) {
        return -1;
    }
}

int tries(void (*throws)()) {
    const auto done = bide::retry(tries_of(3), throws);
    return static_cast<int>(done.attempts());
}

void* make_failed() { return new outcome(bide::retry(tries_of(2), fail)); }
void move_from(void* from) { const auto mine = std::move(*static_cast<outcome*>(from)); }
void destroy(void* old) { delete static_cast<outcome*>(old); }

}  // namespace

extern "C" {
[[gnu::visibility("default")]] extern const copy bide_copy;
const copy bide_copy{sizeof(bide::record), give_up,   fail_for_good, attempts_in, tries,
                     make_failed,          move_from, destroy};
}
