// SPDX-License-Identifier: MIT
#include "gateway/service.hpp"

#include "gateway/hashing.hpp"
#include "gateway/message.hpp"
#include "gateway/wait_headers.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::string_view ledger_path = "/_ledger";

/// What `503-retry-after` asks for; short, because a demo waits for it.
constexpr std::chrono::seconds outage{1};

}  // namespace

service::service(const options& opts)
    : opts_{opts}, limiter_{opts.how, opts.limit, opts.window, std::chrono::steady_clock::now()} {}

verdict service::decide(const http_request& request, bool reused) {
    if (request.path() == ledger_path) return {.reply = show_ledger(request)};
    const auto number = ledger_.request_read();
    auto message = parse_message(opts_.looks, request);
    if (message.id.empty()) {
        ledger_.malformed();
        add_quota(message.refusal, opts_, room());
        return {.reply = std::move(message.refusal)};
    }
    const attempt a{message.id, ledger_.see(message.id), std::chrono::system_clock::now()};
    const auto* const row = draw(number, a, reused);
    auto v = row != nullptr && !row->acts ? turn_away(a, *row) : act(a, row);
    v.id = a.id;
    // As with the permit, the pointer is only a token whose end is the news.
    v.open = {&ledger_, [](ledger* book) { book->finish(); }};
    v.latency = latency_of(a);
    return v;
}

void service::cross(const http_request& request) {
    if (request.path() == ledger_path) return;
    const auto message = parse_message(opts_.looks, request);
    if (!message.id.empty()) ledger_.cross(message.id);
}

http_reply service::refuse(http_failure failure) {
    ledger_.protocol_error();
    auto reply = problem_reply(failure.status, failure.reason);
    add_quota(reply, opts_, room());
    return reply;
}

http_reply service::show_ledger(const http_request& request) const {
    if (request.method == "GET")
        return {.body = to_json(ledger_.snapshot(), request.query() != "messages=0")};
    auto reply = problem_reply(405, "the ledger is read with GET");
    reply.fields.emplace_back("Allow", "GET");
    return reply;
}

const fault_row* service::draw(std::uint64_t number, const attempt& a, bool reused) {
    const auto drawn = opts_.faults.draw(opts_.seed, number, a.id, a.seen);
    if (!drawn) return nullptr;
    const auto& row = row_of(*drawn);
    if (!row.only_reused || reused) return &row;
    ledger_.skip_fault();
    return nullptr;
}

/// Faults that do not act stand in front of the limiter, as a broken proxy would, and use nothing.
verdict service::turn_away(const attempt& a, const fault_row& row) {
    ledger_.inject(a.id, row.id);
    return {.reply = reply_of(a, row, room()), .strikes = &row};
}

/// Faults that act come after the limiter, so that not even they exceed the limit.
verdict service::act(const attempt& a, const fault_row* row) {
    const auto [room, when] = admit();
    if (!room.accepted) {
        if (row != nullptr) ledger_.skip_fault();
        ledger_.reject(a.id);
        return {.reply = reply_of(a, row_of(fault::status_429), room)};
    }
    verdict v;
    v.permit = make_permit();
    ledger_.deliver(a.id, when);
    if (row != nullptr) ledger_.inject(a.id, row->id);
    v.strikes = row;
    if (row != nullptr && row->how == ending::answer) {
        v.reply = reply_of(a, *row, room);
    } else {
        v.reply = accepted_reply(opts_.looks, a.id, a.seen);
        add_quota(v.reply, opts_, room);
    }
    return v;
}

http_reply service::reply_of(const attempt& a, const fault_row& row, quota room) const {
    if (row.how != ending::answer) return {};
    auto reply = row.status == 429 ? throttled_reply(opts_.looks, a.id) : failed_reply(row.status);
    if (row.names_no_wait) return reply;
    add_quota(reply, opts_, room);
    if (row.status == 429) add_retry_after(reply, opts_.headers, room.more_in, a.now);
    if (row.asks_to_wait) {
        const bool date = opts_.headers == header_style::retry_after_date;
        add_retry_after(reply, date ? opts_.headers : header_style::retry_after, outage, a.now);
    }
    return reply;
}

service::admission service::admit() {
    const std::lock_guard lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    return {limiter_.take(now), now};
}

quota service::room() {
    const std::lock_guard lock{mutex_};
    return limiter_.peek(std::chrono::steady_clock::now());
}

std::shared_ptr<void> service::make_permit() {
    return {this, [](service* s) {
                const std::lock_guard lock{s->mutex_};
                s->limiter_.give_back();
            }};
}

std::chrono::nanoseconds service::latency_of(const attempt& a) const {
    const auto& [low, high] = opts_.latency;
    const auto span = static_cast<double>((high - low).count());
    const auto extra = span * draw_unit(opts_.seed, a.id, a.seen, purpose::latency);
    return low + std::chrono::nanoseconds{static_cast<std::int64_t>(extra)};
}

}  // namespace gateway
