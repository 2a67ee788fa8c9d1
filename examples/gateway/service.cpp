// SPDX-License-Identifier: MIT
#include "gateway/service.hpp"

#include "gateway/hashing.hpp"
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

}  // namespace

service::service(const options& opts)
    : opts_{opts},
      looks_{provider_of(opts.looks)},
      limiter_{opts.how, opts.limit, opts.window, start_} {}

verdict service::decide(const http_request& request, bool reused) {
    if (request.path() == ledger_path) return {.reply = show_ledger(request)};
    const auto number = ledger_.request_read();
    auto message = looks_.read(request);
    const auto now = std::chrono::system_clock::now();
    if (message.id.empty()) {
        ledger_.malformed();
        add_quota(message.refusal, opts_, room(), now);
        sign(message.refusal);
        return {.reply = std::move(message.refusal)};
    }
    const auto came = std::chrono::steady_clock::now();
    const attempt a{message, request, ledger_.see(message.id, came), came, now};
    const auto* const row = draw(number, a, reused);
    auto v = row != nullptr && !row->acts ? turn_away(a, *row) : act(a, row);
    sign(v.reply);
    // As with the permit, the pointer is only a token whose end is the news.
    v.open = {&ledger_, [](ledger* book) { book->finish(); }};
    v.latency = latency_of(a);
    v.id = std::move(message.id);
    return v;
}

void service::cross(const http_request& request) {
    if (request.path() == ledger_path) return;
    const auto message = looks_.read(request);
    if (!message.id.empty()) ledger_.cross(message.id);
}

http_reply service::refuse(http_failure failure) {
    ledger_.protocol_error();
    auto reply = problem_reply(failure.status, failure.reason);
    add_quota(reply, opts_, room(), std::chrono::system_clock::now());
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
    const auto drawn = opts_.faults.draw(opts_.seed, number, a.message.id, a.seen);
    if (!drawn) return nullptr;
    const auto& row = row_of(*drawn);
    if (!row.only_reused || reused) return &row;
    ledger_.skip_fault();
    return nullptr;
}

/// Faults that do not act stand in front of the limiter, as a broken proxy would, and use nothing.
verdict service::turn_away(const attempt& a, const fault_row& row) {
    ledger_.inject(a.message.id, row.id);
    return {.reply = reply_of(a, row, room()), .strikes = &row};
}

/// Faults that act come after the limiter, so that not even they exceed the limit.
verdict service::act(const attempt& a, const fault_row* row) {
    const auto [room, when] = admit();
    if (!room.accepted) {
        if (row != nullptr) ledger_.skip_fault();
        ledger_.reject(a.message.id);
        return {.reply = reply_of(a, row_of(fault::status_429), room)};
    }
    verdict v;
    v.permit = make_permit();
    v.reply = deliver(a, when);
    if (row != nullptr) ledger_.inject(a.message.id, row->id);
    v.strikes = row;
    if (row != nullptr && row->how == ending::answer)
        v.reply = reply_of(a, *row, room);
    else
        add_quota(v.reply, opts_, room, a.now);
    return v;
}

/// Acts upon a message, unless its key says that this was done.
http_reply service::deliver(const attempt& a, instant when) {
    auto success = looks_.accepted(a.message, occasion_of(a));
    auto [use, saved] = saved_.claim(a.message.key, a.request.body, success);
    switch (use) {
        case saved_answers::use::first:
            ledger_.deliver(a.message.id, when);
            return success;
        case saved_answers::use::again:
            ledger_.replay(a.message.id);
            return std::move(saved);
        case saved_answers::use::for_another:
            break;
    }
    return problem_reply(422, "the idempotency key was used for another request");
}

/// Changes the limit when it is time; the instant is the limiter's next one.
instant service::keep_limit() {
    const auto now = std::chrono::steady_clock::now();
    if (opts_.then && !has_changed_ && now >= start_ + opts_.then->after) {
        limiter_.set_limit(opts_.then->limit, now);
        has_changed_ = true;
    }
    return now;
}

service::admission service::admit() {
    const std::lock_guard lock{mutex_};
    const auto now = keep_limit();
    return {limiter_.take(now), now};
}

quota service::room() {
    const std::lock_guard lock{mutex_};
    return limiter_.peek(keep_limit());
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
    const auto extra = span * draw_unit(opts_.seed, a.message.id, a.seen, purpose::latency);
    return low + std::chrono::nanoseconds{static_cast<std::int64_t>(extra)};
}

}  // namespace gateway
