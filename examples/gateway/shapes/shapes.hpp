// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SHAPES_SHAPES_HPP
#define GATEWAY_SHAPES_SHAPES_HPP

#include "gateway/provider.hpp"

/// The providers, one file each. What is marked "unverified" there was not found documented. Each
/// file has a namespace for its functions, since a unity build makes one file of all.
namespace gateway::shapes {

extern const provider generic;
extern const provider vonage;
extern const provider vonage_sms;
extern const provider twilio;
extern const provider plivo;
extern const provider telnyx;
extern const provider audian;

}  // namespace gateway::shapes

#endif  // GATEWAY_SHAPES_SHAPES_HPP
