// SPDX-License-Identifier: MIT
#ifndef SENDER_OPTIONS_HPP
#define SENDER_OPTIONS_HPP

#include "send/delivery_policy.hpp"
#include "send/pace.hpp"
#include "send/provider.hpp"

#include <bide/http/profile.hpp>
#include <bide/json/profile.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace sender {

inline constexpr std::size_t most_in_flight = 1024;
inline constexpr std::size_t most_messages = 10'000'000;

/// Everything that a run can be told; the defaults are those of the program.
struct options {
    std::string gateway;  ///< An http or https URL; the provider's path is added if it has none.
    shape looks = shape::generic;
    /// What the library is told of the provider's answers; null: what it knows of `looks`. Must
    /// outlive the run.
    const bide::http::profile* profile = nullptr;
    std::optional<bide::json::owned_profile> own_profile{};  ///< What `profile` is, from a file.
    identity who;
    std::size_t concurrency = 16;          ///< Messages in flight.
    pace speed{.how = pace::kind::found};  ///< Of the whole run.
    pace per_sender;                       ///< Of the messages of one sender, on top; not `found`.
    std::optional<bide::timespan> deadline;  ///< Of the whole run.
    /// After a stop request: how long answers to what is in flight are waited for.
    bide::timespan stop_grace = std::chrono::milliseconds{500};
    patience per_message;
};

/// What the library is told of the provider's answers.
[[nodiscard]] const bide::http::profile& profile_for(const options& opts) noexcept;

/// The pace of the run; where it is to be found, it begins with what the provider publishes, and
/// it is left to the gates of a policy that know it.
[[nodiscard]] pace speed_for(const options& opts);

/// @throws std::invalid_argument that names the option, what is allowed and the value.
void check(const options& opts);

}  // namespace sender

#endif  // SENDER_OPTIONS_HPP
