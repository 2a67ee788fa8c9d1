// SPDX-License-Identifier: MIT
#include "send/command_line.hpp"
#include "send/counters.hpp"
#include "send/messages.hpp"
#include "send/progress.hpp"
#include "send/report.hpp"
#include "send/sender.hpp"
#include "send/stop_signals.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<sender::message> messages_of(const sender::command& c) {
    const auto prefix = c.id_prefix.empty() ? sender::random_id_prefix() : c.id_prefix;
    return c.file.empty() ? sender::generate_messages(c.count, prefix)
                          : sender::load_messages(c.file, prefix);
}

sender::report send(const sender::options& how, const std::vector<sender::message>& messages,
                    bool quiet) {
    const sender::stop_signals signals;  // before any other thread
    sender::counters live;
    const sender::progress shown{live, messages.size(), sender::style_for_stderr(quiet)};
    return sender::run(how, messages, signals.token(), live);
}

int run(const sender::command& c, const sender::options& how) {
    const auto messages = messages_of(c);
    const auto report = send(how, messages, c.quiet);
    const auto sum = sender::count(report);
    sender::list_undelivered(std::cerr, report, messages);
    if (c.json)
        std::cout << sender::to_json(sum) << '\n';
    else if (!c.quiet)
        std::cout << sender::to_text(sum) << '\n';
    std::cout.flush();
    if (!std::cout) throw std::runtime_error{"standard output cannot be written"};
    return sum.delivered == sum.requested ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader of our output that leaves must not end the sending
    const auto command = sender::read_command_line(argc, argv);
    if (!command.send) {
        (command.status == 0 ? std::cout : std::cerr) << command.text;
        return command.status;
    }
    try {
        return run(command, *command.send);
    } catch (const std::invalid_argument& e) {
        std::cerr << "bide-send: " << e.what() << '\n';
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "bide-send: " << e.what() << '\n';
        return 1;
    }
}
