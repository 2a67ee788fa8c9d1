// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_HPP
#define BIDE_JSON_HPP

/// JSON at the borders, by nlohmann_json: what became of an operation, for logs and queues.

#include <bide/json/record.hpp>

#endif  // BIDE_JSON_HPP
