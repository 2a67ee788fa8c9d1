// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_REPORT_HPP
#define INSPECTOR_REPORT_HPP

#include "inspect/inspection.hpp"

#include <bide/http/response.hpp>

#include <string>
#include <string_view>

namespace inspector {

/// For people: what the response means, whether the request may be sent again, when, and why.
/// `reason` is what stands behind the status.
[[nodiscard]] std::string to_words(const inspection& found,
                                   const bide::http::response_view& response,
                                   std::string_view reason, const conditions& known);

/// May the request of `known` be sent again, and what would it take? One or two sentences.
[[nodiscard]] std::string may_be_repeated(const inspection& found, const conditions& known);

}  // namespace inspector

#endif  // INSPECTOR_REPORT_HPP
