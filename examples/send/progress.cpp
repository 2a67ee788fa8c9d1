// SPDX-License-Identifier: MIT
#include "send/progress.hpp"

#include "send/pause.hpp"
#include "send/progress_line.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <sys/ioctl.h>
#include <unistd.h>

namespace sender {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string_view environment(const char* name) {
    const auto* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return value != nullptr ? value : "";
}

/// Asked for each redraw, so that a window may change its size.
std::size_t columns_of_terminal() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

progress_style style_for_stderr(bool quiet) {
    if (quiet) return progress_style::silent;
    const auto kind = environment("TERM");
    if (isatty(STDERR_FILENO) == 0 || kind.empty() || kind == "dumb") return progress_style::plain;
    return environment("NO_COLOR").empty() ? progress_style::coloured : progress_style::live;
}

progress::progress(const counters& live, std::uint64_t requested, progress_style style)
    : live_{live}, requested_{requested} {
    if (style == progress_style::silent) return;
    painter_ = std::jthread{[this, style](const std::stop_token& token) {
        if (style == progress_style::plain)
            show_plain(token);
        else
            show_live(token, style == progress_style::coloured);
    }};
}

void progress::show_live(const std::stop_token& token, bool coloured) const {
    constexpr std::string_view erase_rest = "\x1b[K";
    recent_rate rate{steady_clock::now()};
    for (bool goes_on = true; goes_on;) {
        goes_on = pause(token, milliseconds{100});
        auto view = look(live_, requested_);
        view.rate_per_s = rate.update(steady_clock::now(), view.delivered);
        std::cerr << "\r" + live_line(view, columns_of_terminal(), coloured).append(erase_rest) +
                         (goes_on ? "" : "\n")
                  << std::flush;
    }
}

void progress::show_plain(const std::stop_token& token) const {
    recent_rate rate{steady_clock::now()};
    while (pause(token, milliseconds{1000})) {
        auto view = look(live_, requested_);
        view.rate_per_s = rate.update(steady_clock::now(), view.delivered);
        std::cerr << plain_line(view) + "\n" << std::flush;
    }
}

}  // namespace sender
