// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_BODY_PLACES_HPP
#define INSPECTOR_BODY_PLACES_HPP

#include <bide/http/profile.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/time.hpp>

#include <optional>
#include <string>
#include <vector>

namespace inspector {

/// The JSON pointers of the values in the body without which the response would ask for another
/// wait. Found by leaving out one value after the other; only the first 64 are tried.
[[nodiscard]] std::vector<std::string> waits_in_body(const bide::http::response_view& response,
                                                     const bide::http::request_traits& request,
                                                     const bide::http::profile& provider,
                                                     std::optional<bide::wall_time> now);

}  // namespace inspector

#endif  // INSPECTOR_BODY_PLACES_HPP
