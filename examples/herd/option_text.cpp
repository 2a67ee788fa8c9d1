// SPDX-License-Identifier: MIT
#include "herd/option_text.hpp"

#include "common/option_text.hpp"
#include "herd/aws.hpp"
#include "plan/policy_text.hpp"

#include <bide/json/plan.hpp>
#include <bide/json/policy_error.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace herd {
namespace {

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts(1);
    for (const char c : text)
        if (c == ',')
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

template <class T>
std::vector<T> each_once(const std::string& option, const std::string& text, std::vector<T> all) {
    auto sorted = all;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        common::reject(option, "a list that names none twice", text);
    return all;
}

}  // namespace

std::uint64_t seed_of(const std::string& option, const std::string& text) {
    return common::whole_number(option, text, 0, std::numeric_limits<std::uint64_t>::max());
}

std::vector<std::uint64_t> clients_of(const std::string& option, const std::string& text) {
    std::vector<std::uint64_t> all;
    for (const auto& part : parts_of(text))
        all.push_back(common::whole_number(option, part, 1, aws_options::most_clients));
    return each_once(option, text, std::move(all));
}

std::vector<std::string> algorithms_of(const std::string& option, const std::string& text) {
    const auto& known = aws_algorithms();
    auto all = parts_of(text);
    for (const auto& name : all) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string allowed = "some of ";
        for (const auto& each : known) allowed += (&each == &known.front() ? "" : ", ") + each;
        common::reject(option, allowed, name);
    }
    return each_once(option, text, std::move(all));
}

std::string csv_of(const std::string& option, const std::string& text) {
    if (text.empty()) common::reject(option, "a file, or - for standard output", text);
    return text;
}

std::string svg_of(const std::string& option, const std::string& text) {
    if (text.empty() || text == "-") common::reject(option, "a file", text);
    return text;
}

std::string json_of(const std::string& option, const std::string& text) {
    if (text == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
    try {
        return planner::policy_text(text);
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument{option + ": " + e.what()};
    }
}

std::string plan_of(const std::string& option, const std::string& text) {
    auto plan = json_of(option, text);
    try {
        (void)bide::plan_from_json(plan);
        return plan;
    } catch (const bide::policy_error& e) {
        constexpr std::string_view policy = "policy";
        throw std::invalid_argument{option + (e.what() + policy.size())};
    }
}

}  // namespace herd
