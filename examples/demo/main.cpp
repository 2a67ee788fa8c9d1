// SPDX-License-Identifier: MIT
#include "demo/audit.hpp"
#include "demo/scene.hpp"
#include "demo/table.hpp"
#include "gateway/server.hpp"
#include "send/counters.hpp"
#include "send/progress.hpp"
#include "send/sender.hpp"
#include "send/stop_signals.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>

namespace {

struct choice {
    std::uint64_t seed = 1;
    std::size_t messages = 500;
};

void introduce(const gateway::server& server, const choice& c) {
    std::cout
        << "bide-demo: " << c.messages
        << " messages through a gateway that throttles, fails and hangs up\n\n"
        << "  gateway  " << server.url() << ", at most " << demo::limit_per_s
        << " messages per second; on purpose (seed " << c.seed << "):\n"
        << "           429s with and without a wait, 503s, dropped connections, stalls\n"
        << "  sender   16 in flight, one thread; the gateway knows no idempotency key, so what\n"
        << "           may have arrived must not be sent again\n\n"
        << std::flush;
}

void conclude(const demo::figures& f) {
    constexpr std::size_t enough = 20;
    std::cout << '\n' << demo::injected(f.gateway) << '\n' << demo::table(f) << '\n';
    const auto& objections = f.compared.objections;
    for (std::size_t i = 0; i < objections.size() && i < enough; ++i)
        std::cout << "  disagreement: " << objections[i] << '\n';
    std::cout << (objections.empty()
                      ? "The gateway's ledger agrees: every message is accounted for, "
                        "none was delivered twice.\n"
                      : "The gateway's ledger does NOT agree.\n")
              << std::flush;
}

int run(const choice& c) {
    const sender::stop_signals signals;  // before any other thread
    gateway::server server{demo::gateway_options(c.seed)};
    introduce(server, c);
    const auto messages = sender::generate_messages(c.messages, "m-");

    sender::counters live;
    sender::report report;
    {
        const sender::progress shown{live, messages.size(), sender::style_for_stderr(false)};
        report = sender::run(demo::sender_options(server.url()), messages, signals.token(), live);
    }
    const auto sum = sender::count(report);
    demo::figures f{.sender = sum,
                    .retries = live.retries(),
                    .gateway = demo::close_books(server, sum.unknown),
                    .compared = {}};
    f.compared = demo::compare(report, messages, f.gateway);
    conclude(f);
    if (signals.token().stop_requested()) std::cout << "Stopped before the end.\n";
    const auto complete = f.sender.failed == 0 && f.sender.deferred == 0;
    return complete && f.compared.objections.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        choice c;
        CLI::App app{
            "Sends messages through a gateway that throttles and fails on purpose, and holds both "
            "sides' books against each other.",
            "bide-demo"};
        app.add_option("--seed", c.seed, "Seed of what goes wrong [1]")->type_name("N");
        app.add_option("--messages", c.messages, "How many messages, 1 to 500 [500]")
            ->type_name("N")
            ->check(CLI::Range(1, 500));
        app.footer(
            "Exit status: 0 every message is accounted for and none was delivered twice, 1 not so, "
            "2 bad usage.");
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& e) {
            return app.exit(e) == 0 ? 0 : 2;
        }
        return run(c);
    } catch (const std::exception& e) {
        std::cerr << "bide-demo: " << e.what() << '\n';
        return 1;
    }
}
