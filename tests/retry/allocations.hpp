// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_RETRY_ALLOCATIONS_HPP
#define BIDE_TESTS_RETRY_ALLOCATIONS_HPP

#include <cstdint>

// The thread sanitizer has operators new of its own, which cannot be replaced.
#if defined(__SANITIZE_THREAD__)
#define BIDE_TESTS_COUNT_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define BIDE_TESTS_COUNT_ALLOCATIONS 0
#endif
#endif
#if !defined(BIDE_TESTS_COUNT_ALLOCATIONS)
#define BIDE_TESTS_COUNT_ALLOCATIONS 1
#endif

namespace support {

/// Watches what this thread allocates by `new`, from its construction to its destruction, and lets
/// one of these allocations fail. This program's operators new and delete are in allocations.cpp.
class allocations {
public:
    static constexpr bool are_counted = BIDE_TESTS_COUNT_ALLOCATIONS != 0;
    static constexpr std::int64_t none = 0;

    /// The `failing`-th allocation fails, counted from 1.
    explicit allocations(std::int64_t failing = none) noexcept;
    allocations(const allocations&) = delete;
    allocations& operator=(const allocations&) = delete;
    ~allocations();

    [[nodiscard]] std::int64_t count() const noexcept;
    /// Allocated since the construction and not freed.
    [[nodiscard]] std::int64_t live() const noexcept;

private:
    std::int64_t live_before_;
};

}  // namespace support

#endif  // BIDE_TESTS_RETRY_ALLOCATIONS_HPP
