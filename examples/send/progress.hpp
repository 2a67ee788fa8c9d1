// SPDX-License-Identifier: MIT
#ifndef SENDER_PROGRESS_HPP
#define SENDER_PROGRESS_HPP

#include "send/counters.hpp"

#include <cstdint>
#include <stop_token>
#include <thread>

namespace sender {

enum class progress_style : std::uint8_t {
    silent,
    plain,     ///< A line about every second.
    live,      ///< One line, redrawn ten times a second.
    coloured,  ///< The same in colours.
};

/// What suits standard error: a terminal that can move its cursor has a live line, in colours
/// unless NO_COLOR is set (no-color.org).
[[nodiscard]] progress_style style_for_stderr(bool quiet);

/// Shows the counters on standard error from construction to destruction.
class progress {
public:
    progress(const counters& live, std::uint64_t requested, progress_style style);
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress() = default;

private:
    void show_live(const std::stop_token& token, bool coloured) const;
    void show_plain(const std::stop_token& token) const;

    const counters& live_;
    std::uint64_t requested_;
    std::jthread painter_;
};

}  // namespace sender

#endif  // SENDER_PROGRESS_HPP
