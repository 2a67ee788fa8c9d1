// SPDX-License-Identifier: MIT
#include "gateway/provider.hpp"

#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>

namespace gateway {

const provider& provider_of(shape looks) noexcept {
    switch (looks) {
        case shape::generic:
            break;
        case shape::vonage:
            return shapes::vonage;
        case shape::vonage_sms:
            return shapes::vonage_sms;
        case shape::twilio:
            return shapes::twilio;
        case shape::plivo:
            return shapes::plivo;
        case shape::telnyx:
            return shapes::telnyx;
        case shape::audian:
            return shapes::audian;
    }
    return shapes::generic;
}

header_style headers_of(const options& opts) noexcept {
    return opts.headers.value_or(provider_of(opts.looks).headers);
}

http_reply problem_reply(int status, std::string_view detail) {
    return shapes::reply(status,
                         {{"type", "about:blank"},
                          {"title", std::string{reason_phrase(status)}},
                          {"status", status},
                          {"detail", std::string{detail}}},
                         "application/problem+json");
}

}  // namespace gateway
