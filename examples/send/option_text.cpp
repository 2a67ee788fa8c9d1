// SPDX-License-Identifier: MIT
#include "send/option_text.hpp"

#include "common/duration.hpp"
#include "plan/policy_text.hpp"

#include <bide/http/profiles.hpp>
#include <bide/json/plan.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/json/profile.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace sender {
namespace {

[[noreturn]] void reject(std::string_view name, const std::string& allowed,
                         const std::string& text) {
    throw std::invalid_argument{std::string{name} + " must be " + allowed + ", got \"" + text +
                                "\""};
}

template <class T>
T number(std::string_view name, const std::string& text, T most) {
    T value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value < 1 || value > most)
        reject(name, "a whole number from 1 to " + std::to_string(most), text);
    return value;
}

bide::timespan duration(std::string_view name, const std::string& text) {
    const auto value = common::parse_duration(text);
    if (value && *value > std::chrono::nanoseconds::zero()) return *value;
    reject(name, "a duration up to 24h such as 250ms, 1.5s or 2m", text);
}

/// "a, b or c" of all names.
std::string alternatives(std::span<const std::string_view> names) {
    std::string text;
    for (const auto name : names) {
        if (!text.empty()) text += name == names.back() ? " or " : ", ";
        text += name;
    }
    return text;
}

std::vector<std::string_view> profile_names() {
    std::vector<std::string_view> names;
    names.reserve(bide::http::profiles::all.size());
    for (const auto* const p : bide::http::profiles::all) names.push_back(p->name);
    return names;
}

/// A known one, or one's own from a file.
void set_profile(options& o, std::string_view name, const std::string& text) {
    if (text.starts_with('@')) {
        try {
            o.own_profile = bide::json::profile_from(planner::policy_text(text));
        } catch (const bide::policy_error& e) {
            throw std::invalid_argument{std::string{"--"} + e.what()};  // "--profile: /name …"
        } catch (const std::invalid_argument& e) {
            throw std::invalid_argument{std::string{name} + ": " + e.what()};
        }
        o.profile = o.own_profile->get();
        return;
    }
    o.profile = bide::http::profiles::find(text);
    if (o.profile == nullptr) reject(name, "@FILE, " + alternatives(profile_names()), text);
    o.looks = shape_of(text);
}

shape shape_named(std::string_view name, const std::string& text) {
    const auto looks = shape_of(text);
    if (name_of(looks) != text) reject(name, alternatives(shape_names()), text);
    return looks;
}

/// What may stand in a path as it is.
std::string account(std::string_view name, const std::string& text) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (text.empty() || text.size() > 64 || text.find_first_not_of(allowed) != std::string::npos)
        reject(name, "1 to 64 letters, digits, '-' or '_'", text);
    return text;
}

/// The id of the message follows as its query.
std::string callback(std::string_view name, const std::string& text) {
    const bool is_web = text.starts_with("http://") || text.starts_with("https://");
    if (!is_web || text.find_first_of("?# ") != std::string::npos)
        reject(name, "an http or https URL without a query", text);
    return text;
}

std::string id_prefix(std::string_view name, const std::string& text) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (text.empty() || text.size() > 40 || text.find_first_not_of(allowed) != std::string::npos)
        reject(name, "1 to 40 letters, digits, '-', '_' or '.'", text);
    return text;
}

std::string sender_name(std::string_view name, const std::string& text) {
    if (!is_sender(text)) reject(name, "1 to 15 characters", text);
    return text;
}

double per_second(std::string_view name, const std::string& before, const std::string& text) {
    const auto value = common::parse_number(text);
    if (!value || *value < slowest_pace || *value > fastest_pace)
        reject(name, before + "messages per second, from 0.001 to 1000000", text);
    return *value;
}

pace pace_of_run(std::string_view name, const std::string& text) {
    if (text == "auto") return {.how = pace::kind::found};
    if (text == "none") return {};
    return {.how = pace::kind::fixed, .per_s = per_second(name, "auto, none or ", text)};
}

message_plan policy(const std::string& text) {
    try {
        return bide::plan_from_json(planner::policy_text(text), judge{});
    } catch (const bide::policy_error& e) {
        throw std::invalid_argument{std::string{"--"} + e.what()};  // "--policy: /backoff/…"
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument{std::string{"--policy: "} + e.what()};
    }
}

}  // namespace

void set_option(command& c, options& o, std::string_view name, const std::string& text) {
    if (name == "--gateway")
        o.gateway = text;
    else if (name == "--profile")
        set_profile(o, name, text);
    else if (name == "--shape")
        o.looks = shape_named(name, text);
    else if (name == "--count")
        c.count = number<std::size_t>(name, text, most_messages);
    else if (name == "--concurrency")
        o.concurrency = number<std::size_t>(name, text, most_in_flight);
    else if (name == "--pace")
        o.speed = pace_of_run(name, text);
    else if (name == "--per-sender")
        o.per_sender = {.how = pace::kind::fixed, .per_s = per_second(name, "", text)};
    else if (name == "--deadline")
        o.deadline = duration(name, text);
    else if (name == "--max-elapsed")
        o.per_message.max_elapsed = duration(name, text);
    else if (name == "--max-attempts")
        o.per_message.max_attempts =
            number<std::uint64_t>(name, text, std::numeric_limits<std::uint64_t>::max());
    else if (name == "--try-timeout")
        o.per_message.try_timeout = duration(name, text);
    else if (name == "--policy")
        o.per_message.policy = policy(text);
    else if (name == "--from")
        o.who.from = sender_name(name, text);
    else if (name == "--account")
        o.who.account = account(name, text);
    else if (name == "--callback")
        o.who.callback = callback(name, text);
    else if (name == "--id-prefix")
        c.id_prefix = id_prefix(name, text);
    else
        throw std::invalid_argument{std::string{name} + " is not an option"};
}

}  // namespace sender
