// SPDX-License-Identifier: MIT
#include "demo/table.hpp"

#include "gateway/faults.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace demo {
namespace {

std::string right(const std::string& text) {
    constexpr std::size_t width = 9;
    return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

using number = std::optional<std::uint64_t>;

std::string row(const char* name, number sender, number gateway, const std::string& note = {}) {
    const auto cell = [](number n) { return right(n ? std::to_string(*n) : ""); };
    std::string text{"  "};
    text += name;
    text.resize(14, ' ');
    text += cell(sender) + cell(gateway);
    if (!note.empty()) text.append("   ").append(note);
    text.erase(text.find_last_not_of(' ') + 1);
    return text += '\n';
}

std::string with_one_decimal(double value) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

}  // namespace

std::string injected(const gateway::ledger_snapshot& ledger) {
    constexpr std::size_t width = 78;
    std::string text = "  injected:";
    auto left = width - text.size();
    for (std::size_t i = 0; i < gateway::fault_count; ++i) {
        const auto n = ledger.faults.at(i);
        if (n == 0) continue;
        std::string item{" "};
        item.append(std::to_string(n)).append(" x ").append(gateway::fault_table.at(i).name);
        if (item.size() + 1 > left) {
            text += "\n           ";
            left = width - 11;
        }
        text += item + ",";
        left -= item.size() + 1;
    }
    if (text.back() == ',') text.pop_back();
    return text + "\n";
}

std::string table(const figures& f) {
    const auto& s = f.sender;
    const auto& g = f.gateway;
    const auto& a = f.compared;
    const auto fate = std::to_string(a.unknown_delivered) + " had arrived, " +
                      std::to_string(a.unknown_not) + " had not: none was sent again";
    return std::string(14, ' ') + right("sender") + right("gateway") + "\n" +
           row("requested", s.requested, g.messages) +
           row("delivered", s.delivered, a.delivered_once, "each exactly once") +
           row("unknown", s.unknown, g.ambiguous, s.unknown > 0 ? fate : "") +
           row("failed", s.failed, {}) + row("deferred", s.deferred, {}) +
           row("429s", s.rejected, g.rejected, "waited for, then sent again") +
           row("retries", f.retries, {}) + row("duplicates", {}, g.duplicates) + "\n  " +
           with_one_decimal(s.elapsed_s) + " s, " + with_one_decimal(s.rate_per_s) +
           " deliveries per second, at most " + std::to_string(g.peak_rate_per_s) +
           " in any second\n";
}

}  // namespace demo
