// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_UNREAD_HPP
#define INSPECTOR_UNREAD_HPP

#include "inspect/inspection.hpp"

#include <bide/http/field.hpp>
#include <bide/http/response.hpp>
#include <bide/time.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace inspector {

/// A field that seems to be about waiting, and why nothing follows from it.
struct unread_field {
    const bide::http::field* field = nullptr;
    std::string_view why{};
};

[[nodiscard]] std::vector<unread_field> unread_fields(const inspection& found,
                                                      const bide::http::response_view& response,
                                                      std::optional<bide::wall_time> now);

}  // namespace inspector

#endif  // INSPECTOR_UNREAD_HPP
