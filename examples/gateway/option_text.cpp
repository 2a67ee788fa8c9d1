// SPDX-License-Identifier: MIT
#include "gateway/option_text.hpp"

#include "common/duration.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace gateway {
namespace {

template <class T, std::size_t N>
using words = std::array<std::pair<std::string_view, T>, N>;

constexpr words<algorithm, 4> algorithms{{{"fixed", algorithm::fixed},
                                          {"sliding", algorithm::sliding},
                                          {"bucket", algorithm::bucket},
                                          {"concurrency", algorithm::concurrency}}};
constexpr words<header_style, 8> header_styles{
    {{"none", header_style::none},
     {"retry-after", header_style::retry_after},
     {"retry-after-date", header_style::retry_after_date},
     {"draft6", header_style::draft6},
     {"draft7", header_style::draft7},
     {"draft8", header_style::draft8},
     {"x-delta", header_style::x_delta},
     {"x-epoch", header_style::x_epoch}}};
constexpr words<shape, 7> shapes{{{"generic", shape::generic},
                                  {"vonage", shape::vonage},
                                  {"vonage-sms", shape::vonage_sms},
                                  {"twilio", shape::twilio},
                                  {"plivo", shape::plivo},
                                  {"telnyx", shape::telnyx},
                                  {"audian", shape::audian}}};

[[noreturn]] void reject(std::string_view name, const std::string& allowed,
                         const std::string& text) {
    throw std::invalid_argument{std::string{name} + " must be " + allowed + ", got \"" + text +
                                "\""};
}

template <class T, std::size_t N>
T word(std::string_view name, const words<T, N>& known, const std::string& text) {
    std::string allowed;
    for (const auto& [key, value] : known) {
        if (key == text) return value;
        allowed += (allowed.empty() ? "" : "|") + std::string{key};
    }
    reject(name, allowed, text);
}

template <class T>
T number(std::string_view name, const std::string& text, T most) {
    T value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value > most)
        reject(name, "a whole number from 0 to " + std::to_string(most), text);
    return value;
}

constexpr auto duration_rule = "a duration of at most 24h such as 250ms, 1.5s or 2m";

std::chrono::nanoseconds duration(std::string_view name, const std::string& text) {
    if (const auto value = common::parse_duration(text)) return *value;
    reject(name, duration_rule, text);
}

std::chrono::nanoseconds window(std::string_view name, const std::string& text) {
    const auto value = common::parse_duration(text);
    if (!value || *value < std::chrono::milliseconds{1})
        reject(name, "a duration from 1ms to 24h such as 250ms, 1.5s or 2m", text);
    return *value;
}

/// "50@2s"
limit_change change(std::string_view name, const std::string& text) {
    const auto at = text.find('@');
    const auto after =
        at == std::string::npos ? std::nullopt : common::parse_duration(text.substr(at + 1));
    if (!after) reject(name, "a limit and when it begins such as 50@2s", text);
    return {number<std::uint32_t>(name, text.substr(0, at), largest_limit), *after};
}

latency_range latency(std::string_view name, const std::string& text) {
    const auto dots = text.find("..");
    const auto low = common::parse_duration(text.substr(0, dots));
    const auto high =
        dots == std::string::npos ? low : common::parse_duration(text.substr(dots + 2));
    if (!low || !high || *high < *low)
        reject(name, "a duration such as 20ms or a range such as 5ms..50ms", text);
    return {*low, *high};
}

fault_plan faults(std::string_view name, const std::string& text) {
    try {
        return load_faults(text);
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument{std::string{name} + ": " + e.what()};
    }
}

}  // namespace

std::string name_of(header_style style) {
    for (const auto& [word, value] : header_styles)
        if (value == style) return std::string{word};
    return {};
}

void set_option(options& opts, std::string_view name, const std::string& text) {
    if (name == "--port")
        opts.port = number<std::uint16_t>(name, text, std::numeric_limits<std::uint16_t>::max());
    else if (name == "--limit")
        opts.limit = number<std::uint32_t>(name, text, largest_limit);
    else if (name == "--then-limit")
        opts.then = change(name, text);
    else if (name == "--window")
        opts.window = window(name, text);
    else if (name == "--algorithm")
        opts.how = word(name, algorithms, text);
    else if (name == "--headers")
        opts.headers = word(name, header_styles, text);
    else if (name == "--shape")
        opts.looks = word(name, shapes, text);
    else if (name == "--faults")
        opts.faults = faults(name, text);
    else if (name == "--seed")
        opts.seed = number<std::uint64_t>(name, text, std::numeric_limits<std::uint64_t>::max());
    else if (name == "--latency")
        opts.latency = latency(name, text);
    else if (name == "--stall")
        opts.faults.stall = duration(name, text);
    else if (name == "--refuse-for")
        opts.faults.refuse_for = duration(name, text);
    else if (name == "--idle-for")
        opts.faults.idle_for = duration(name, text);
    else
        throw std::invalid_argument{std::string{name} + " is not an option"};
}

}  // namespace gateway
