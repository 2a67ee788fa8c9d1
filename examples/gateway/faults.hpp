// SPDX-License-Identifier: MIT
#ifndef GATEWAY_FAULTS_HPP
#define GATEWAY_FAULTS_HPP

#include "gateway/fault_row.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The one list of faults: the parser, the injector, `--help` and the ledger all read it.
///
/// Every fault reads the request first: which fault strikes depends on the message's id. Requests
/// that the gateway never reads are a consequence, namely connecting while the listener is closed.
inline constexpr std::array fault_table{
    fault_row{.id = fault::refuse,
              .name = "refuse",
              .reads = true,
              .how = ending::refuse,
              .wire = "FIN; listener and idle connections closed"},
    fault_row{.id = fault::close_before_reply,
              .name = "close-before-reply",
              .reads = true,
              .how = ending::close,
              .wire = "FIN without a byte"},
    fault_row{.id = fault::close_before_reply_acted,
              .name = "close-before-reply-acted",
              .reads = true,
              .acts = true,
              .how = ending::close,
              .wire = "FIN without a byte"},
    fault_row{.id = fault::drop_reused,
              .name = "drop-reused",
              .reads = true,
              .only_reused = true,
              .how = ending::close,
              .wire = "FIN without a byte; reused connections only"},
    fault_row{.id = fault::drop_reused_acted,
              .name = "drop-reused-acted",
              .reads = true,
              .acts = true,
              .only_reused = true,
              .how = ending::close,
              .wire = "FIN without a byte; reused connections only"},
    fault_row{.id = fault::drop_idle,
              .name = "drop-idle",
              .reads = true,
              .acts = true,
              .answers = true,
              .how = ending::close_idle,
              .wire = "full answer, FIN after --idle-for"},
    fault_row{.id = fault::reset_mid_body,
              .name = "reset-mid-body",
              .reads = true,
              .acts = true,
              .how = ending::reset_mid_body,
              .wire = "header and half of the body, then RST"},
    fault_row{.id = fault::truncated_headers,
              .name = "truncated-headers",
              .reads = true,
              .acts = true,
              .how = ending::cut_header,
              .wire = "half of the header, then FIN"},
    fault_row{.id = fault::garbage,
              .name = "garbage",
              .reads = true,
              .acts = true,
              .how = ending::garbage,
              .wire = "bytes that are not HTTP, then FIN"},
    fault_row{.id = fault::stall,
              .name = "stall",
              .reads = true,
              .how = ending::silence,
              .wire = "silence for --stall, then FIN"},
    fault_row{.id = fault::stall_acted,
              .name = "stall-acted",
              .reads = true,
              .acts = true,
              .how = ending::silence,
              .wire = "silence for --stall, then FIN"},
    fault_row{.id = fault::status_429,
              .name = "429",
              .reads = true,
              .answers = true,
              .how = ending::answer,
              .status = 429,
              .wire = "429, headers by --headers"},
    fault_row{.id = fault::status_500,
              .name = "500",
              .reads = true,
              .answers = true,
              .how = ending::answer,
              .status = 500,
              .wire = "500"},
    fault_row{.id = fault::status_500_acted,
              .name = "500-acted",
              .reads = true,
              .acts = true,
              .answers = true,
              .how = ending::answer,
              .status = 500,
              .wire = "500"},
    fault_row{.id = fault::status_502,
              .name = "502",
              .reads = true,
              .answers = true,
              .how = ending::answer,
              .status = 502,
              .wire = "502"},
    fault_row{.id = fault::status_502_acted,
              .name = "502-acted",
              .reads = true,
              .acts = true,
              .answers = true,
              .how = ending::answer,
              .status = 502,
              .wire = "502"},
    fault_row{.id = fault::status_503,
              .name = "503",
              .reads = true,
              .answers = true,
              .how = ending::answer,
              .status = 503,
              .wire = "503"},
    fault_row{.id = fault::status_503_retry_after,
              .name = "503-retry-after",
              .reads = true,
              .answers = true,
              .asks_to_wait = true,
              .how = ending::answer,
              .status = 503,
              .wire = "503 with Retry-After of one second"},
    fault_row{.id = fault::status_429_bare,
              .name = "429-bare",
              .reads = true,
              .answers = true,
              .names_no_wait = true,
              .how = ending::answer,
              .status = 429,
              .wire = "429 without any header that names a wait"},
};
inline constexpr std::size_t fault_count = fault_table.size();

/// The row of `id`; the table is in the order of the enumeration.
[[nodiscard]] constexpr const fault_row& row_of(fault id) noexcept {
    return fault_table[static_cast<std::size_t>(id)];
}

namespace detail {
consteval bool table_is_in_order() {
    for (std::size_t i = 0; i < fault_count; ++i)
        if (static_cast<std::size_t>(fault_table[i].id) != i) return false;
    return true;
}
}  // namespace detail
static_assert(detail::table_is_in_order());

/// Finds a fault by its name in the table.
[[nodiscard]] std::optional<fault> fault_named(std::string_view name) noexcept;

/// All names, joined by ", ": the "allowed" part of messages.
[[nodiscard]] std::string fault_names();

/// The table as text for `--help`.
[[nodiscard]] std::string fault_help();

}  // namespace gateway

#endif  // GATEWAY_FAULTS_HPP
