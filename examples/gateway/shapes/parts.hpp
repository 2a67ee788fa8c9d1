// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SHAPES_PARTS_HPP
#define GATEWAY_SHAPES_PARTS_HPP

#include "gateway/provider.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// What several providers' forms have in common.
namespace gateway::shapes {

// Ordered, so that answers look like those in the providers' documentation.
using json = nlohmann::ordered_json;

/// How a provider writes what is wrong with a request.
using problem_form = http_reply (*)(int status, std::string_view detail);

inline constexpr auto injected = "This failure was injected by bide-gateway.";

/// An answer of JSON. Bytes that are no UTF-8 are replaced.
[[nodiscard]] http_reply reply(int status, const json& body,
                               std::string_view type = "application/json");

/// A text in the form of a version 4 UUID that depends on nothing but its arguments.
[[nodiscard]] std::string uuid_like(std::string_view id, std::uint64_t seen);

/// That many hexadecimal digits, likewise.
[[nodiscard]] std::string hex_like(std::string_view id, std::uint64_t seen, std::size_t digits);

[[nodiscard]] parsed_message refuse(problem_form form, int status, std::string_view detail);

/// Why a message cannot be posted there: another path (404) or method (405).
[[nodiscard]] std::optional<parsed_message> misplaced(const http_request& request,
                                                      std::string_view method, bool is_path,
                                                      std::string_view path, problem_form form);

/// What stands between `before` and `after` in the path; empty if it is another path.
[[nodiscard]] std::string_view account_in(std::string_view path, std::string_view before,
                                          std::string_view after);

/// The text of a member; empty if it is missing or of another type.
[[nodiscard]] std::string text_of(const json& body, const char* name);

[[nodiscard]] bool has_texts(const json& body, std::initializer_list<const char*> names);

/// 1 to 256 bytes.
[[nodiscard]] bool is_id(std::string_view id);

/// The value of `ref` in the query of a callback's URL: where a provider takes no reference of the
/// client's own, this is how its reports are told apart. Empty if there is none.
[[nodiscard]] std::string reference_in(std::string_view url);

}  // namespace gateway::shapes

#endif  // GATEWAY_SHAPES_PARTS_HPP
