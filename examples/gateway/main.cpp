// SPDX-License-Identifier: MIT
#include "gateway/command_line.hpp"
#include "gateway/server.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace {

/// Blocked before any thread starts, so that only `sigwait` sees these signals.
sigset_t block_stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return set;
}

int serve(gateway::options opts, bool is_verbose) {
    const auto signals = block_stop_signals();
    if (is_verbose)
        opts.log = [](const std::string& line) { std::cout << line << '\n' << std::flush; };
    gateway::server server{std::move(opts)};
    std::cout << "listening on " << server.url() << '\n' << std::flush;
    int received = 0;
    sigwait(&signals, &received);
    server.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    auto command = gateway::read_command_line(argc, argv);
    if (!command.serve) {
        (command.status == 0 ? std::cout : std::cerr) << command.text;
        return command.status;
    }
    try {
        return serve(std::move(*command.serve), command.is_verbose);
    } catch (const std::exception& e) {
        std::cerr << "bide-gateway: " << e.what() << '\n';
        return 1;
    }
}
