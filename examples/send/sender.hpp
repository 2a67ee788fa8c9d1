// SPDX-License-Identifier: MIT
#ifndef SENDER_SENDER_HPP
#define SENDER_SENDER_HPP

#include "send/counters.hpp"
#include "send/messages.hpp"
#include "send/options.hpp"
#include "send/report.hpp"

#include <span>
#include <stop_token>

namespace sender {

/// Sends the messages and answers what came of each; `live` may be read meanwhile.
///
/// A stop request ends what waits at once, and what is in flight within `stop_grace`. Every message
/// has a fate then, too.
/// @throws std::invalid_argument for options without meaning.
[[nodiscard]] report run(const options& opts, std::span<const message> messages,
                         std::stop_token token, counters& live);

}  // namespace sender

#endif  // SENDER_SENDER_HPP
