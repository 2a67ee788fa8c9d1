// SPDX-License-Identifier: MIT
#include "gateway/service.hpp"

#include "gateway/wait_headers.hpp"

#include <chrono>

namespace gateway {
namespace {

/// What `503-retry-after` asks for; short, because a demo waits for it.
constexpr std::chrono::seconds outage{1};

/// In the unit of the body, rounded up; a second where nobody knows, as in the headers.
std::chrono::milliseconds wait_in_body(const quota& room) {
    if (room.more_in <= std::chrono::nanoseconds::zero()) return std::chrono::seconds{1};
    return std::chrono::ceil<std::chrono::milliseconds>(room.more_in);
}

}  // namespace

http_reply service::reply_of(const attempt& a, const fault_row& row, quota room) {
    if (row.how != ending::answer) return {};
    return row.status == 429 ? throttle(a, room, !row.names_no_wait) : fail(a, row, room);
}

http_reply service::throttle(const attempt& a, quota room, bool names_wait) {
    auto now = occasion_of(a);
    if (names_wait && looks_.tells_wait_in_body) now.wait = wait_in_body(room);
    auto reply = looks_.throttled(a.message, now);
    if (!names_wait) return reply;
    const auto reset = add_quota(reply, opts_, room, a.now);
    const auto asked = add_retry_after(reply, headers_of(opts_), room.more_in, a.now);
    // The reset of a quota that is not used up is no reason to wait for it.
    const auto implied = room.remaining == 0 ? reset : std::chrono::nanoseconds::zero();
    const std::chrono::nanoseconds outright = now.wait ? *now.wait : asked;
    ledger_.ask_to_wait(
        a.message.id, a.came + (outright > std::chrono::nanoseconds::zero() ? outright : implied));
    return reply;
}

http_reply service::fail(const attempt& a, const fault_row& row, quota room) {
    auto reply = looks_.failed(row.status);
    add_quota(reply, opts_, room, a.now);
    if (!row.asks_to_wait) return reply;
    const bool date = opts_.headers == header_style::retry_after_date;
    const auto style = date ? header_style::retry_after_date : header_style::retry_after;
    ledger_.ask_to_wait(a.message.id, a.came + add_retry_after(reply, style, outage, a.now));
    return reply;
}

occasion service::occasion_of(const attempt& a) const {
    return {.seen = a.seen, .in_progress = ledger_.in_progress()};
}

void service::sign(http_reply& reply) const {
    if (looks_.sign != nullptr) looks_.sign(reply, {.in_progress = ledger_.in_progress()});
}

}  // namespace gateway
