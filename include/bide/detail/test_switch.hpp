// SPDX-License-Identifier: MIT
#ifndef BIDE_DETAIL_TEST_SWITCH_HPP
#define BIDE_DETAIL_TEST_SWITCH_HPP

namespace bide::inline v1::detail {

/// On while it is held at least once, by whichever thread; what `bide/testing.hpp` switches and
/// drivers look at after a failure.
///
/// By the compiler's builtins, because <atomic> would be a tenth of the core.
class test_switch {
public:
    void hold() noexcept { __atomic_fetch_add(&holders_, 1, __ATOMIC_SEQ_CST); }
    void let_go() noexcept { __atomic_fetch_sub(&holders_, 1, __ATOMIC_SEQ_CST); }
    [[nodiscard]] bool is_on() const noexcept {
        return __atomic_load_n(&holders_, __ATOMIC_SEQ_CST) != 0;
    }

private:
    unsigned holders_ = 0;
};

inline constinit test_switch waiting_is_off{};
inline constinit test_switch retrying_is_off{};

}  // namespace bide::inline v1::detail

#endif  // BIDE_DETAIL_TEST_SWITCH_HPP
