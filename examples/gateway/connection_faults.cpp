// SPDX-License-Identifier: MIT
#include "gateway/connection.hpp"
#include "gateway/faults.hpp"
#include "gateway/http_reply.hpp"
#include "gateway/net.hpp"

#include <chrono>
#include <string_view>

namespace gateway {
namespace {

/// The first bytes of a TLS handshake: what a client meets that talks to the wrong port.
constexpr std::string_view garbage{"\x16\x03\x01\x02\x00\x01\xfc not HTTP\r\n\r\n", 20};

}  // namespace

/// Does on the wire what the row of the fault says; the connection ends with it.
void connection::spoil(verdict& v, const rendered_reply& reply, bool closes) {
    const auto fd = socket_.fd();
    const std::string_view bytes{reply.bytes};
    const auto half_body = reply.header_bytes + (bytes.size() - reply.header_bytes) / 2;
    switch (v.strikes->how) {
        case ending::refuse:
            return around_.refuse();
        case ending::close_idle:
            if (answer(v, reply, closes) && pause(around_.opts.idle_for)) finish_politely();
            return;
        case ending::reset_mid_body:
            (void)send_all(fd, around_.stop, bytes.substr(0, half_body));
            return reset_on_close(fd);
        case ending::cut_header:
            (void)send_all(fd, around_.stop, bytes.substr(0, reply.header_bytes / 2));
            return;
        case ending::garbage:
            (void)send_all(fd, around_.stop, garbage);
            return;
        case ending::silence:
            return hold_in_silence();
        case ending::close:
        case ending::answer:
            return;
    }
}

/// Stalls, but not for a client that has given up already.
void connection::hold_in_silence() {
    const auto until = std::chrono::steady_clock::now() + around_.opts.stall;
    const auto which = wait_readable({around_.stop.fd(), socket_.fd()}, around_.opts.stall);
    if (which == 1 && peek(socket_.fd()) == receipt::bytes)
        (void)pause(until - std::chrono::steady_clock::now());
}

}  // namespace gateway
