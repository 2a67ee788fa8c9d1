// SPDX-License-Identifier: MIT
#ifndef HERD_SMS_HPP
#define HERD_SMS_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <string>

namespace herd {

/// Messages through an account that takes so many a second: who sends in vain? The server tells
/// with a refusal when its second is over.
struct sms_options {
    std::uint64_t messages = 3000;
    std::uint64_t workers = 50;  ///< Each sends its next message when the last one is over.
    std::uint64_t limit = 30;    ///< Messages per second.
    std::uint64_t seed = 1;
    std::string plan{};  ///< One more client: JSON text, see bide/json/plan.hpp.
};

/// Messages that arrive, are accepted and are rejected in each second: with backoff that does not
/// listen, with backoff that does, and with a `quota_pacer`.
[[nodiscard]] report run_sms(const sms_options& how);

}  // namespace herd

#endif  // HERD_SMS_HPP
