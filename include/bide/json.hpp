// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_HPP
#define BIDE_JSON_HPP

/// JSON at the borders, by nlohmann_json: policies and plans from text, what a response says in its
/// body, and what became of an operation, for logs, queues and going on with it later.

#include <bide/json/body.hpp>
#include <bide/json/lines.hpp>
#include <bide/json/plan.hpp>
#include <bide/json/policy.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/json/profile.hpp>
#include <bide/json/progress.hpp>
#include <bide/json/read.hpp>
#include <bide/json/record.hpp>

#endif  // BIDE_JSON_HPP
