// SPDX-License-Identifier: MIT
#include "send/queue.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sender {
namespace {

constexpr std::chrono::seconds longest_line{1};

}  // namespace

queue::queue(std::span<const message> messages, const identity& who, const pace& each,
             const pace_gate& run)
    : run_{run} {
    std::unordered_map<std::string_view, lane*> of;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto key =
            each.how == pace::kind::free ? std::string_view{} : sender_of(who, messages[i]);
        auto*& its = of[key];
        if (its == nullptr) its = &lanes_.emplace_back(each);
        its->messages.push_back(i);
    }
    for (auto& l : lanes_) open_.push(&l);
}

queue::offer queue::next(bide::time_point now) {
    if (open_.empty() && closed_.empty()) return {};
    turn_ = std::max(turn_, run_.opens(now));
    if (turn_ > now + longest_line) return {.until = turn_ - longest_line};
    for (; !closed_.empty() && closed_.top()->opens <= now; closed_.pop())
        open_.push(closed_.top());
    while (!open_.empty()) {
        auto* const its = open_.top();
        open_.pop();
        its->opens = its->gate.opens(now);
        if (its->opens > now) {
            closed_.push(its);
            continue;
        }
        const auto first = its->front();
        ++its->taken;
        its->opens = now + its->gate.gap();
        turn_ += run_.gap();
        if (!its->is_empty()) closed_.push(its);
        return {.message = first, .gate = &its->gate};
    }
    return {.until = closed_.top()->opens};
}

std::vector<std::size_t> queue::take_rest() {
    open_ = {};
    closed_ = {};
    std::vector<std::size_t> rest;
    for (auto& l : lanes_) {
        rest.insert(rest.end(), std::next(l.messages.begin(), static_cast<std::ptrdiff_t>(l.taken)),
                    l.messages.end());
        l.taken = l.messages.size();
    }
    return rest;
}

}  // namespace sender
