// SPDX-License-Identifier: MIT
#include "send/report.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ostream>
#include <span>
#include <string>
#include <utility>

namespace sender {
namespace {

const char* name_of(group g) noexcept {
    switch (g) {
        case group::delivered:
            return "delivered";
        case group::unknown:
            return "unknown";
        case group::failed:
            return "failed";
        case group::deferred:
            return "deferred";
    }
    return "?";
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

std::string with_one_decimal(double value) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

}  // namespace

tally count(const report& r) {
    tally t;
    t.requested = r.fates.size();
    for (const auto& f : r.fates) {
        t.attempts += f.attempts;
        ++t.ends.at(static_cast<std::size_t>(f.ended));
        switch (f.where) {
            case group::delivered:
                ++t.delivered;
                break;
            case group::unknown:
                ++t.unknown;
                break;
            case group::failed:
                ++t.failed;
                break;
            case group::deferred:
                ++t.deferred;
                break;
        }
    }
    t.rejected = r.rejected;
    t.paced_at_per_s = r.paced_at;
    t.elapsed_s = std::chrono::duration<double>{r.elapsed}.count();
    if (t.elapsed_s > 0) t.rate_per_s = static_cast<double>(t.delivered) / t.elapsed_s;
    return t;
}

std::string to_json(const tally& t) {
    auto ends = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < t.ends.size(); ++i)
        if (t.ends.at(i) > 0) ends[bide::to_string(static_cast<bide::end>(i))] = t.ends.at(i);
    return nlohmann::ordered_json{{"requested", t.requested},
                                  {"delivered", t.delivered},
                                  {"unknown", t.unknown},
                                  {"failed", t.failed},
                                  {"deferred", t.deferred},
                                  {"attempts", t.attempts},
                                  {"rejected", t.rejected},
                                  {"elapsed_s", rounded(t.elapsed_s)},
                                  {"rate_per_s", rounded(t.rate_per_s)},
                                  {"paced_at_per_s", rounded(t.paced_at_per_s)},
                                  {"ends", ends}}
        .dump();
}

std::string to_text(const tally& t) {
    return std::to_string(t.delivered) + " of " + std::to_string(t.requested) + " delivered in " +
           with_one_decimal(t.elapsed_s) + " s (" + with_one_decimal(t.rate_per_s) + "/s); " +
           std::to_string(t.unknown) + " unknown, " + std::to_string(t.failed) + " failed, " +
           std::to_string(t.deferred) + " deferred; " + std::to_string(t.attempts) + " tries, " +
           std::to_string(t.rejected) + " of them throttled" +
           (t.paced_at_per_s > 0 ? "; paced at " + with_one_decimal(t.paced_at_per_s) + "/s" : "");
}

void list_undelivered(std::ostream& out, const report& r, std::span<const message> messages) {
    constexpr std::size_t block = std::size_t{1}
                                  << 16;  // standard error writes each piece by itself
    std::string text;
    for (std::size_t i = 0; i < r.fates.size(); ++i) {
        const auto& f = r.fates[i];
        if (f.where == group::delivered) continue;
        text.append(messages[i].id).append(": ").append(name_of(f.where)).append(": ");
        text.append(f.why).append("\n");
        if (text.size() >= block) out << std::exchange(text, {});
    }
    out << text;
}

}  // namespace sender
