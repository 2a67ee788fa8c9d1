// SPDX-License-Identifier: MIT
#ifndef HERD_OUTAGE_HPP
#define HERD_OUTAGE_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <string>

namespace herd {

/// A server of twice the capacity that it needs is down for a while: what do its clients do to it,
/// and when is all well again? Each client begins an operation every second, whatever became of
/// those before, and waits a second for an answer; the server finishes what nobody waits for any
/// more, and the fuller its queue, the slower it is.
struct outage_options {
    std::uint64_t clients = 1000;
    std::uint64_t seconds = 60;  ///< How long it is down.
    std::uint64_t seed = 1;
    std::string plan{};  ///< One more client: JSON text, see bide/json/plan.hpp.
};

/// Tries that arrive and operations that succeed in each second, for four kinds of client.
[[nodiscard]] report run_outage(const outage_options& how);

}  // namespace herd

#endif  // HERD_OUTAGE_HPP
