// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_MEANING_HPP
#define INSPECTOR_MEANING_HPP

#include "inspect/inspection.hpp"

#include <bide/http/response.hpp>
#include <bide/http/status.hpp>

#include <string>
#include <string_view>

namespace inspector {

/// What a rule of `status_table` says in words, with its source; empty for another rule.
[[nodiscard]] std::string_view words_of(const bide::http::status_rule& rule);

/// What the response means and who says so, in one sentence without a full stop.
[[nodiscard]] std::string meaning_of(const inspection& found,
                                     const bide::http::response_view& response);

/// How long to wait and who says so: a clause.
[[nodiscard]] std::string wait_of(const inspection& found,
                                  const bide::http::response_view& response);

}  // namespace inspector

#endif  // INSPECTOR_MEANING_HPP
