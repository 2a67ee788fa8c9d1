// SPDX-License-Identifier: MIT
#ifndef SENDER_FORM_HPP
#define SENDER_FORM_HPP

#include "send/messages.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

/// Which provider the requests look like.
enum class shape : std::uint8_t {
    generic,     ///< POST of `{"id","to","text"}` to the URL, and `"from"` if the message has it.
    vonage,      ///< Messages API; the id as `client_ref`.
    vonage_sms,  ///< The older SMS API; the id as `client-ref`.
    twilio,      ///< The id in the query of `StatusCallback`.
    plivo,       ///< The id in the query of `url`.
    telnyx,      ///< The id as the one tag.
    audian,      ///< The id as `custom_vars.ref`.
};

/// Who sends: what is the same in all messages of a run.
struct identity {
    /// The sender's name or number where a message names none; `generic` leaves it out.
    std::string from = "bide";
    /// As it stands in the paths of twilio, plivo and audian.
    std::string account = "bide";
    /// Where twilio and plivo send their reports; what is after it there is the message.
    std::string callback = "https://callback.invalid/";
};

/// Who sends that message.
[[nodiscard]] std::string_view sender_of(const identity& who, const message& m) noexcept;

/// The shape of the requests to a provider that the library has a profile of: its own, or else
/// `generic`.
[[nodiscard]] shape shape_of(std::string_view profile) noexcept;

/// The name of the profile that goes with it.
[[nodiscard]] std::string_view name_of(shape looks) noexcept;

[[nodiscard]] std::vector<std::string_view> shape_names();

/// POST, or what the provider takes in its place.
[[nodiscard]] std::string_view method_of(shape looks) noexcept;
[[nodiscard]] std::string_view type_of(shape looks) noexcept;

/// Where the provider takes messages; "/" for `generic`.
[[nodiscard]] std::string path_of(shape looks, const identity& who);

/// The body of one message.
[[nodiscard]] std::string body_of(shape looks, const identity& who, const message& m);

}  // namespace sender

#endif  // SENDER_FORM_HPP
