// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_EVENT_LOG_HPP
#define BIDE_TESTS_SUPPORT_EVENT_LOG_HPP

#include <bide/observe/observer.hpp>

#include <string>
#include <vector>

namespace support {

/// An observer that writes everything down.
struct event_log {
    std::vector<bide::event> events;
    void operator()(const bide::event& e) { events.push_back(e); }

    /// The kinds in order: "attempt backoff attempt end".
    [[nodiscard]] std::string kinds() const {
        std::string text;
        for (const auto& e : events) {
            if (!text.empty()) text += ' ';
            text += to_string(e.kind);
        }
        return text;
    }
};

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_EVENT_LOG_HPP
