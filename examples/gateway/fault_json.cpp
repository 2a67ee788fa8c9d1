// SPDX-License-Identifier: MIT
#include "gateway/fault_builder.hpp"

#include "common/duration.hpp"
#include "gateway/fault_plan.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using nlohmann::json;

/// A plan has few entries; more repetitions than this are a slip of the pen.
constexpr std::uint64_t most_times = 1'000'000;

[[noreturn]] void reject(const std::string& pointer, const std::string& allowed,
                         const json& value) {
    throw std::invalid_argument{(pointer.empty() ? "the document" : pointer) + " must be " +
                                allowed + ", got " + value.dump()};
}

[[noreturn]] void reject_key(const std::string& pointer, const std::string& key,
                             const std::string& allowed) {
    throw std::invalid_argument{pointer + "/" + key + " is not known, allowed: " + allowed};
}

std::chrono::nanoseconds duration_at(const std::string& pointer, const json& value) {
    const auto parsed = value.is_string()
                            ? common::parse_duration(value.get_ref<const std::string&>())
                            : std::optional<std::chrono::nanoseconds>{};
    if (!parsed) reject(pointer, R"(a duration such as "250ms" or "3s", at most 24h)", value);
    return *parsed;
}

std::uint64_t count_at(const std::string& pointer, const json& value, std::uint64_t most) {
    const auto number = value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
    if (number == 0 || number > most)
        reject(pointer, "a whole number from 1 to " + std::to_string(most), value);
    return number;
}

void read_probabilities(fault_builder& builder, const json& object) {
    const std::string pointer = "/probabilities";
    if (!object.is_object()) reject(pointer, "an object", object);
    for (const auto& [name, value] : object.items()) {
        const auto what = fault_or_throw(pointer, name);
        builder.set_probability(what, value.is_number() ? value.get<double>() : -1, value.dump());
    }
}

void read_step(fault_builder& builder, const std::string& pointer, const json& step) {
    if (!step.is_object()) reject(pointer, "an object", step);
    for (const auto& [key, value] : step.items())
        if (key != "request" && key != "id" && key != "fault" && key != "times")
            reject_key(pointer, key, "request, id, fault, times");
    if (step.contains("request") == step.contains("id"))
        reject(pointer, R"(an object with either "request" or "id")", step);
    const auto name = step.value("fault", json{});
    if (!name.is_string()) reject(pointer + "/fault", "a string", name);
    const auto what = fault_or_throw(pointer + "/fault", name.get_ref<const std::string&>());
    if (step.contains("request")) {
        if (step.contains("times")) reject(pointer, R"(without "times" beside "request")", step);
        return builder.add_request(count_at(pointer + "/request", step["request"], UINT64_MAX),
                                   what);
    }
    const auto& id = step["id"];
    if (!id.is_string() || id.get_ref<const std::string&>().empty())
        reject(pointer + "/id", "a string that is not empty", id);
    const auto times = step.value("times", json(1U));
    builder.add_id(id.get_ref<const std::string&>(), what,
                   count_at(pointer + "/times", times, most_times));
}

void read_script(fault_builder& builder, const json& steps) {
    if (!steps.is_array()) reject("/script", "an array", steps);
    for (std::size_t i = 0; i < steps.size(); ++i)
        read_step(builder, "/script/" + std::to_string(i), steps[i]);
}

json parse_or_throw(std::string_view text) {
    auto document = json::parse(text, nullptr, false);
    if (document.is_discarded()) throw std::invalid_argument{"the document is not valid JSON"};
    if (!document.is_object()) reject("", "an object", document);
    return document;
}

}  // namespace

fault_plan parse_fault_json(std::string_view text) {
    fault_builder builder;
    const auto document = parse_or_throw(text);
    for (const auto& [key, value] : document.items()) {
        if (key == "probabilities")
            read_probabilities(builder, value);
        else if (key == "script")
            read_script(builder, value);
        else if (key == "stall")
            builder.plan().stall = duration_at("/stall", value);
        else if (key == "refuse_for")
            builder.plan().refuse_for = duration_at("/refuse_for", value);
        else if (key == "idle_for")
            builder.plan().idle_for = duration_at("/idle_for", value);
        else
            reject_key("", key, "probabilities, script, stall, refuse_for, idle_for");
    }
    return builder.finish();
}

}  // namespace gateway
