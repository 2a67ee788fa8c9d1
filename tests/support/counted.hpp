// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_COUNTED_HPP
#define BIDE_TESTS_SUPPORT_COUNTED_HPP

#include <cstdlib>

namespace support {

/// A value that counts how many of its kind live, and ends the program if one is destroyed twice,
/// was never constructed, or was moved as bytes.
class counted {
public:
    explicit counted(int value = 0) : value_{value} { ++live_; }
    counted(const counted& other) : value_{other.value()} { ++live_; }
    counted(counted&& other) noexcept : value_{other.value()} {
        other.value_ = moved_from;
        ++live_;
    }
    counted& operator=(const counted& other) {
        value_ = other.value();
        return *this;
    }
    counted& operator=(counted&& other) noexcept {
        value_ = other.value();
        if (this != &other) other.value_ = moved_from;
        return *this;
    }
    ~counted() {
        check();
        self_ = nullptr;
        --live_;
    }

    static constexpr int moved_from = -1;
    [[nodiscard]] int value() const {
        check();
        return value_;
    }
    [[nodiscard]] static int live() noexcept { return live_; }

private:
    void check() const {
        if (self_ != this) std::abort();
    }

    const counted* self_ = this;
    int value_;
    static inline thread_local int live_ = 0;
};

/// Checks at its end that as many live as at its beginning.
class no_leak {
public:
    no_leak() = default;
    no_leak(const no_leak&) = delete;
    no_leak& operator=(const no_leak&) = delete;
    [[nodiscard]] bool holds() const noexcept { return counted::live() == before_; }

private:
    int before_ = counted::live();
};

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_COUNTED_HPP
