// SPDX-License-Identifier: MIT
#include "send/progress_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace sender {
namespace {

constexpr std::string_view green = "32";
constexpr std::string_view yellow = "33";
constexpr std::string_view red = "31";
constexpr std::string_view dim = "2";

/// Text that fills a line; colours take no columns.
class strip {
public:
    strip(std::size_t columns, bool coloured) : left_{columns}, coloured_{coloured} {}

    void add(const std::string& text, std::string_view colour = {}) {
        if (text.size() > left_) left_ = 0;  // and nothing that follows may take the place
        if (text.empty() || text.size() > left_) return;
        left_ -= text.size();
        if (coloured_ && !colour.empty())
            text_ += "\x1b[" + std::string{colour} + "m" + text + "\x1b[0m";
        else
            text_ += text;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::size_t left_;
    bool coloured_;
    std::string text_;
};

std::string with_one_decimal(double rate) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f", rate);
    return text.data();
}

std::string padded(std::uint64_t number, std::size_t width) {
    auto text = std::to_string(number);
    if (text.size() < width) text.insert(0, width - text.size(), ' ');
    return text;
}

void add_bar(strip& line, const progress_view& v) {
    constexpr std::size_t cells = 24;
    const auto ended = v.delivered + v.unknown + v.failed + v.deferred;
    const auto whole = std::max<std::uint64_t>(v.requested, 1);
    const auto done = static_cast<std::size_t>(v.delivered * cells / whole);
    const auto lost = static_cast<std::size_t>(ended * cells / whole) - done;
    line.add("[");
    line.add(std::string(done, '#'), green);
    line.add(std::string(lost, '!'), yellow);
    line.add(std::string(cells - done - lost, '.'), dim);
    line.add("] ");
}

}  // namespace

progress_view look(const counters& c, std::uint64_t requested) {
    return {.requested = requested,
            .delivered = c.ended(group::delivered),
            .unknown = c.ended(group::unknown),
            .failed = c.ended(group::failed),
            .deferred = c.ended(group::deferred),
            .waiting = c.waiting(),
            .throttled = c.throttled(),
            .paced_at = c.paced_at()};
}

double recent_rate::update(instant now, std::uint64_t delivered) {
    constexpr auto window = std::chrono::seconds{2};
    samples_.push_back({now, delivered});
    while (samples_.size() > 2 && samples_[1].when <= now - window) samples_.pop_front();
    const auto& from = samples_.front();
    const auto seconds = std::chrono::duration<double>{now - from.when}.count();
    return seconds > 0 ? static_cast<double>(delivered - from.delivered) / seconds : 0;
}

std::string live_line(const progress_view& v, std::size_t columns, bool coloured) {
    strip line{columns > 0 ? columns - 1 : 0, coloured};
    if (columns >= 72) add_bar(line, v);
    const auto width = std::to_string(v.requested).size();
    line.add(padded(v.delivered, width) + "/" + std::to_string(v.requested) + " sent", green);
    line.add("  " + padded(v.waiting, 2) + " waiting", v.waiting > 0 ? yellow : dim);
    const auto pace = v.paced_at > 0 ? " of " + with_one_decimal(v.paced_at) : "";
    line.add("  " + with_one_decimal(v.rate_per_s) + pace + "/s");
    line.add("  429s " + std::to_string(v.throttled), v.throttled > 0 ? yellow : dim);
    if (v.unknown > 0) line.add("  unknown " + std::to_string(v.unknown), red);
    if (v.failed > 0) line.add("  failed " + std::to_string(v.failed), red);
    if (v.deferred > 0) line.add("  deferred " + std::to_string(v.deferred), red);
    return line.text();
}

std::string plain_line(const progress_view& v) {
    auto text = std::to_string(v.delivered) + " of " + std::to_string(v.requested) + " sent, " +
                std::to_string(v.waiting) + " waiting, " + with_one_decimal(v.rate_per_s) + "/s";
    if (v.paced_at > 0) text += ", paced at " + with_one_decimal(v.paced_at) + "/s";
    text += ", 429s: " + std::to_string(v.throttled);
    if (v.unknown > 0) text += ", unknown: " + std::to_string(v.unknown);
    if (v.failed > 0) text += ", failed: " + std::to_string(v.failed);
    if (v.deferred > 0) text += ", deferred: " + std::to_string(v.deferred);
    return text;
}

}  // namespace sender
