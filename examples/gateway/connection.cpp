// SPDX-License-Identifier: MIT
#include "gateway/connection.hpp"

#include "gateway/faults.hpp"
#include "gateway/http_reply.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t buffer_bytes = 16'384;
constexpr seconds idle_timeout{60};
constexpr seconds request_timeout{30};

/// How long a closed connection still listens for a request that crossed our FIN.
constexpr seconds farewell{1};

}  // namespace

connection::connection(file socket, std::shared_ptr<const signal_pipe> era,
                       const surroundings& around)
    : socket_{std::move(socket)}, era_{std::move(era)}, around_{around} {}

void connection::run() {
    for (;;) {
        switch (read_request()) {
            case outcome::request:
                if (!exchange(around_.rules.decide(request_, std::exchange(reused_, true)))) return;
                break;
            case outcome::over:
                return finish_politely();
            case outcome::unreadable:
                return answer_unreadable();
            case outcome::gone:
            case outcome::stopped:
                if (parser_.has_begun()) around_.rules.book().protocol_error();
                return;
        }
    }
}

connection::outcome connection::read_request() {
    bool has_continued = false;
    for (;;) {
        const auto progress = parser_.advance();
        if (progress == request_parser::progress::failed) return outcome::unreadable;
        if (progress == request_parser::progress::complete) {
            request_ = parser_.take();
            return outcome::request;
        }
        if (parser_.awaits_continue() && !std::exchange(has_continued, true) &&
            !send_all(socket_.fd(), around_.stop, "HTTP/1.1 100 Continue\r\n\r\n"))
            return outcome::gone;
        if (const auto end = wait_for_bytes(); end != outcome::request) return end;
    }
}

/// Feeds the parser once; `request` means that there may be one now.
connection::outcome connection::wait_for_bytes() {
    const bool begun = parser_.has_begun();
    const auto which =
        begun ? wait_readable({around_.stop.fd(), socket_.fd()}, request_timeout)
              : wait_readable({around_.stop.fd(), socket_.fd(), era_->fd()}, idle_timeout);
    if (which != 1 && which != 0) return begun ? outcome::gone : outcome::over;

    std::array<char, buffer_bytes> buffer{};
    const auto got = receive(socket_.fd(), buffer.data(), buffer.size());
    if (got.what == receipt::closed || got.what == receipt::reset) {
        settle(got.what == receipt::reset);
        return outcome::gone;
    }
    if (which == 0) return outcome::stopped;
    if (got.what == receipt::bytes) {
        unsettled_.clear();  // A client that goes on has read the answer before.
        parser_.feed({buffer.data(), got.size});
    }
    return outcome::request;
}

/// Answers one request or spoils it; false if that was the connection's end.
bool connection::exchange(verdict v) {
    const auto* const row = v.strikes;
    const bool answers = row == nullptr || row->answers;
    if (!pause(v.latency)) {
        if (answers && !v.id.empty()) around_.rules.book().cut(v.id);
        return false;
    }
    note(v);
    const bool closes = !request_.keeps_alive() || era_->is_raised();
    auto reply = render(v.reply, std::chrono::system_clock::now(), closes);
    if (request_.method == "HEAD") reply.bytes.resize(reply.header_bytes);
    if (row == nullptr || row->how == ending::answer) return answer(v, reply, closes);
    spoil(v, reply, closes);
    return false;
}

bool connection::answer(verdict& v, const rendered_reply& reply, bool closes) {
    // Given back before the answer goes out: a client that then sends its next request must find
    // the slot free.
    v.permit.reset();
    if (!send_all(socket_.fd(), around_.stop, reply.bytes)) {
        if (!v.id.empty()) around_.rules.book().cut(v.id);
        return false;
    }
    unsettled_ = v.id;
    // A client that left while we were working is noted before the try counts as over.
    const auto seen = peek(socket_.fd());
    const bool has_left = seen == receipt::closed || seen == receipt::reset;
    if (has_left) settle(seen == receipt::reset);
    v.open.reset();
    if (closes && !has_left) finish_politely();
    return !closes && !has_left;
}

void connection::answer_unreadable() {
    const auto reply =
        render(around_.rules.refuse(parser_.failure()), std::chrono::system_clock::now(), true);
    if (send_all(socket_.fd(), around_.stop, reply.bytes)) finish_politely();
}

/// Sends FIN and listens on for a moment.
///
/// A request that crosses the FIN is read and entered into the ledger as cut: its sender cannot
/// know its fate, and the ledger must know of every message that may end as unknown. Reading it
/// also keeps the kernel from answering it with RST, which would destroy our last answer.
void connection::finish_politely() {
    const bool readable = parser_.failure().status == 0;
    if (const auto seen = peek(socket_.fd()); seen == receipt::closed || seen == receipt::reset)
        return settle(seen == receipt::reset);
    close_sending_side(socket_.fd());
    const auto until = steady_clock::now() + farewell;
    for (;;) {
        const auto left = until - steady_clock::now();
        const auto which = wait_readable({around_.stop.fd(), socket_.fd()}, left);
        std::array<char, buffer_bytes> buffer{};
        const auto got = receive(socket_.fd(), buffer.data(), buffer.size());
        if (got.what == receipt::closed || got.what == receipt::reset)
            return settle(got.what == receipt::reset);
        if (readable && got.what == receipt::bytes) {
            parser_.feed({buffer.data(), got.size});
            while (parser_.advance() == request_parser::progress::complete)
                around_.rules.cross(parser_.take());
        }
        if (which != 1) return;  // That was the last look.
    }
}

/// Decides whether the client has read the last answer, now that it has left: a socket closed with
/// unread bytes, or closed before they came, answers with RST instead of a plain FIN.
void connection::settle(bool was_reset) {
    const auto id = std::exchange(unsettled_, {});
    if (id.empty()) return;
    if (was_reset || was_reset_by_peer(socket_.fd())) around_.rules.book().cut(id);
}

void connection::note(const verdict& v) const {
    if (!around_.note || v.id.empty()) return;
    around_.note(v.id + ": " +
                 (v.strikes != nullptr ? std::string{v.strikes->name} + " (injected)"
                                       : std::to_string(v.reply.status)));
}

/// Waits without listening to the client; false if the server stops meanwhile.
bool connection::pause(nanoseconds time) const {
    return time <= nanoseconds::zero() || wait_readable({around_.stop.fd()}, time) == -1;
}

}  // namespace gateway
