// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SERVER_HPP
#define GATEWAY_SERVER_HPP

#include "gateway/ledger.hpp"
#include "gateway/options.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace gateway {

/// An SMS gateway on 127.0.0.1 that throttles and fails as told, and keeps the ledger of what it
/// really did. Serves from construction to `stop`.
class server {
public:
    /// @throws std::invalid_argument for options without meaning, std::system_error if the port is
    /// taken.
    explicit server(options opts);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server();

    [[nodiscard]] std::uint16_t port() const noexcept;

    /// "http://127.0.0.1:PORT".
    [[nodiscard]] std::string url() const;

    /// What happened so far. Exact after `stop`; before, wait until `in_progress` is 0, and know
    /// that an answer that a client has just refused to read needs a moment to be counted as cut.
    [[nodiscard]] ledger_snapshot ledger() const;

    /// Closes all connections and joins all threads, within about 200 ms. Idempotent.
    void stop() noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace gateway

#endif  // GATEWAY_SERVER_HPP
