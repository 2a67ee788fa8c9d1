// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_INSPECTION_HPP
#define INSPECTOR_INSPECTION_HPP

#include <bide/http/field.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/http/status.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace inspector {

/// The last second that the library's clock knows, in the year 2262.
inline constexpr std::int64_t last_second = 9'223'372'036;

/// What the response itself does not tell.
struct conditions {
    bide::http::request_traits request{.method = "POST"};
    /// Null if nobody said whose response it is.
    const bide::http::profile* provider = nullptr;
    std::optional<bide::wall_time> now{};  ///< When the response arrived.
};

/// Who says how long to wait.
enum class wait_source : std::uint8_t { nobody, fields, quotas, body };

/// A header field and the time that it alone would ask for.
struct told_wait {
    const bide::http::field* field = nullptr;
    std::chrono::milliseconds wait{};

    bool operator==(const told_wait&) const = default;
};

/// What the library makes of a response, and where it has that from. Texts and pointers are views
/// into the response and the profile.
struct inspection {
    const bide::http::profile* provider = nullptr;
    bool is_guessed = false;  ///< The provider was told by its body alone.
    bide::http::reading reading{};

    const bide::http::status_rule* rule = nullptr;  ///< Of the status.
    bool is_providers_rule = false;
    const bide::http::body_rule* body_rule = nullptr;  ///< If one decided instead.

    wait_source source = wait_source::nobody;
    /// If somebody does: the wait in the response's own words, before a profile's correction.
    std::chrono::milliseconds said{};
    std::vector<told_wait> asked{};            ///< Fields that ask for a wait outright.
    std::vector<told_wait> resets{};           ///< Fields that tell when a quota is reset.
    std::vector<std::string> body_pointers{};  ///< What in the body asks for the wait.
};

/// Looks at a response as the library does. Without a provider it is `generic`; only a success
/// whose body is a refusal in the form of a provider that we know is taken for his.
[[nodiscard]] inspection inspect(const bide::http::response_view& response,
                                 const conditions& known);

/// The instant from which instants in the response count.
[[nodiscard]] std::optional<std::chrono::sys_seconds> base_of(const bide::http::reading& reading,
                                                              std::optional<bide::wall_time> now);

}  // namespace inspector

#endif  // INSPECTOR_INSPECTION_HPP
