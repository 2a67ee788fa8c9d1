// SPDX-License-Identifier: MIT
#include "gateway/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

/// Dates count by another clock than the ledger, and both are steered.
constexpr std::chrono::milliseconds clock_error{1};

void add_sums(ledger_snapshot& all) {
    for (const auto& m : all.messages_list) {
        ++all.messages;
        all.delivered += m.delivered > 0 ? 1 : 0;
        all.duplicates += m.delivered > 1 ? 1 : 0;
        all.max_deliveries = std::max(all.max_deliveries, m.delivered);
        all.early += m.early;
        all.replayed += m.replayed;
        all.cut_after_read += m.cut > 0 ? 1 : 0;
        all.ambiguous += m.ambiguous > 0 ? 1 : 0;
    }
}

}  // namespace

void ledger::connection_opened() {
    const std::lock_guard lock{mutex_};
    ++counts_.connections;
}

void ledger::protocol_error() {
    const std::lock_guard lock{mutex_};
    ++counts_.protocol_errors;
}

std::uint64_t ledger::request_read() {
    const std::lock_guard lock{mutex_};
    return ++counts_.requests;
}

void ledger::malformed() {
    const std::lock_guard lock{mutex_};
    ++counts_.malformed;
}

std::uint64_t ledger::see(std::string_view id, instant when) {
    const std::lock_guard lock{mutex_};
    auto& m = record(id);
    ++counts_.in_progress;
    if (when < m.not_before - clock_error) ++m.early;
    ++m.read;
    return ++m.seen;
}

void ledger::ask_to_wait(std::string_view id, instant until) {
    const std::lock_guard lock{mutex_};
    record(id).not_before = until;
}

void ledger::replay(std::string_view id) {
    const std::lock_guard lock{mutex_};
    ++record(id).replayed;
}

std::uint64_t ledger::in_progress() const {
    const std::lock_guard lock{mutex_};
    return counts_.in_progress;
}

void ledger::finish() {
    const std::lock_guard lock{mutex_};
    --counts_.in_progress;
}

void ledger::deliver(std::string_view id, instant when) {
    const std::lock_guard lock{mutex_};
    ++record(id).delivered;
    ++counts_.deliveries;
    deliveries_.push_back(when);
}

void ledger::reject(std::string_view id) {
    const std::lock_guard lock{mutex_};
    ++record(id).rejected;
    ++counts_.rejected;
}

void ledger::inject(std::string_view id, fault what) {
    const std::lock_guard lock{mutex_};
    const auto& row = row_of(what);
    auto& m = record(id);
    m.injected.push_back(what);
    ++counts_.faults[static_cast<std::size_t>(what)];
    if (!row.answers) ++m.cut;
    if (is_ambiguous(row)) ++m.ambiguous;
    if (row.status == 429) {
        ++m.rejected;
        ++counts_.rejected;
    }
}

void ledger::skip_fault() {
    const std::lock_guard lock{mutex_};
    ++counts_.not_injected;
}

void ledger::cut(std::string_view id) {
    const std::lock_guard lock{mutex_};
    auto& m = record(id);
    ++m.cut;
    ++m.ambiguous;
}

void ledger::cross(std::string_view id) {
    const std::lock_guard lock{mutex_};
    auto& m = record(id);
    ++counts_.crossed;
    ++m.read;
    ++m.cut;
    ++m.ambiguous;
}

ledger_snapshot ledger::snapshot() const {
    // Sums and sorting happen outside of the lock, so that looking does not slow the senders.
    ledger_snapshot all;
    std::vector<instant> instants;
    {
        const std::lock_guard lock{mutex_};
        all = counts_;
        instants = deliveries_;
    }
    add_sums(all);
    all.peak_rate_per_s = peak_per_second(std::move(instants));
    return all;
}

message_record& ledger::record(std::string_view id) {
    const auto [at, is_new] = index_.try_emplace(std::string{id}, counts_.messages_list.size());
    if (is_new) counts_.messages_list.emplace_back().id = id;
    return counts_.messages_list[at->second];
}

std::uint64_t peak_per_second(std::vector<instant> instants) {
    std::sort(instants.begin(), instants.end());
    std::size_t peak = 0;
    std::size_t oldest = 0;
    for (std::size_t newest = 0; newest < instants.size(); ++newest) {
        while (instants[oldest] <= instants[newest] - std::chrono::seconds{1}) ++oldest;
        peak = std::max(peak, newest - oldest + 1);
    }
    return peak;
}

}  // namespace gateway
