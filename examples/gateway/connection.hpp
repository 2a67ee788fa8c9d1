// SPDX-License-Identifier: MIT
#ifndef GATEWAY_CONNECTION_HPP
#define GATEWAY_CONNECTION_HPP

#include "gateway/http_request.hpp"
#include "gateway/net.hpp"
#include "gateway/options.hpp"
#include "gateway/service.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gateway {

/// What a connection needs of its server; all of it outlives the connection.
struct surroundings {
    const options& opts;
    service& rules;
    const signal_pipe& stop;
    std::function<void()> refuse;                  ///< Closes the listener for a while.
    std::function<void(const std::string&)> note;  ///< Writes a line to the log.
};

/// Serves one client until either side closes: reads requests, asks the service, and does on the
/// wire what the verdict says.
class connection {
public:
    /// `era` is raised when all connections of this time have to end (the fault `refuse`).
    connection(file socket, std::shared_ptr<const signal_pipe> era, const surroundings& around);

    void run();

private:
    enum class outcome : std::uint8_t { request, over, gone, unreadable, stopped };

    [[nodiscard]] outcome read_request();
    [[nodiscard]] outcome wait_for_bytes();
    [[nodiscard]] bool exchange(verdict v);
    void spoil(verdict& v, const rendered_reply& reply, bool closes);
    [[nodiscard]] bool answer(verdict& v, const rendered_reply& reply, bool closes);
    void note(const verdict& v) const;
    void answer_unreadable();
    void hold_in_silence();
    void finish_politely();
    void settle(bool was_reset);
    [[nodiscard]] bool pause(std::chrono::nanoseconds time) const;

    file socket_;
    std::shared_ptr<const signal_pipe> era_;
    const surroundings& around_;
    request_parser parser_;
    http_request request_;
    bool reused_ = false;
    std::string unsettled_;  ///< Id whose answer was sent, but perhaps not read by the client.
};

}  // namespace gateway

#endif  // GATEWAY_CONNECTION_HPP
