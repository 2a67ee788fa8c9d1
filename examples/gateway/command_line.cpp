// SPDX-License-Identifier: MIT
#include "gateway/command_line.hpp"

#include "gateway/faults.hpp"
#include "gateway/option_text.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace gateway {
namespace {

struct option_row {
    const char* name;
    const char* value;
    const char* help;
};

// --faults comes before the durations, so that a duration given here beats the one in a plan.
constexpr std::array rows{
    option_row{"--port", "N", "Port on 127.0.0.1; 0 = any free one [0]"},
    option_row{"--limit", "N", "Deliveries per window, or requests in flight; 0 = unlimited [0]"},
    option_row{"--window", "TIME", "Length of the window [1s]"},
    option_row{"--algorithm", "NAME", "fixed|sliding|bucket|concurrency [sliding]"},
    option_row{"--then-limit", "N@TIME", "Another limit, that long after the start [none]"},
    option_row{"--headers", "NAME",
               "none|retry-after|retry-after-date|draft6|draft7|draft8|x-delta|x-epoch [what the "
               "provider sends; retry-after for generic]"},
    option_row{"--shape", "NAME", "generic|vonage|vonage-sms|twilio|plivo|telnyx|audian [generic]"},
    option_row{"--faults", "FILE|SPEC", "Faults to inject, see below [none]"},
    option_row{"--seed", "N", "Seed of the faults and of the latency [1]"},
    option_row{"--latency", "TIME|A..B", "Time before each answer, fixed or uniform [0]"},
    option_row{"--stall", "TIME", "How long the stall faults hold a connection [3s]"},
    option_row{"--refuse-for", "TIME", "How long the fault refuse closes the listener [200ms]"},
    option_row{"--idle-for", "TIME", "When drop-idle closes the idle connection [20ms]"},
};

std::string footer() {
    return "Times: a number and ns, us, ms, s, m or h.\n"
           "Messages: POST {\"id\",\"to\",\"text\"} to any path (generic), else as the provider "
           "takes them. The\n"
           "id that the ledger counts by is client_ref (vonage), client-ref (vonage-sms), ref in "
           "the query\n"
           "of the callback's URL (twilio: StatusCallback, plivo: url), the first of tags "
           "(telnyx), "
           "or\n"
           "custom_vars.ref (audian). telnyx honours Idempotency-Key.\n"
           "Headers: draft6, draft7 and draft8 tell limit, remaining and reset with every answer, "
           "and a\n"
           "429 has a Retry-After too; x-delta and x-epoch tell the same without one. vonage-sms "
           "tells the\n"
           "wait in the body.\n"
           "Ledger: GET /_ledger, without its list of messages: GET /_ledger?messages=0. A message "
           "in\n"
           "messages_list was seen; it arrived if \"delivered\" is not 0.\n"
           "\n"
           "Faults, separated by commas: NAME=PROBABILITY of each try; @12:NAME for the 12th\n"
           "request; #ID:NAME for the first try of message ID, repeated for the next ones.\n"
           "Or a JSON file: {\"probabilities\":{\"stall\":0.002},\"script\":[{\"request\":12,"
           "\"fault\":\"stall\"},\n"
           "  {\"id\":\"m-7\",\"fault\":\"500\",\"times\":2}],\"stall\":\"3s\","
           "\"refuse_for\":\"200ms\",\"idle_for\":\"20ms\"}\n"
           "Faults that act come after the limiter, the others before it.\n\n" +
           fault_help();
}

command failure(const std::string& what) {
    command c;
    c.status = 2;
    c.text = "bide-gateway: " + what + "\n";
    return c;
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    CLI::App app{"An SMS gateway on loopback that throttles and fails as told.", "bide-gateway"};
    std::array<std::string, rows.size()> texts;
    std::array<CLI::Option*, rows.size()> given{};
    for (std::size_t i = 0; i < rows.size(); ++i)
        given.at(i) = app.add_option(rows.at(i).name, texts.at(i), rows.at(i).help)
                          ->type_name(rows.at(i).value);
    command c;
    app.add_flag("--verbose", c.is_verbose, "Print a line for each exchange");
    app.footer(footer());
    try {
        app.parse(argc, argv);
        options opts;
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (given.at(i)->count() > 0) set_option(opts, rows.at(i).name, texts.at(i));
        check(opts);
        c.serve = std::move(opts);
    } catch (const CLI::CallForHelp&) {
        c.text = app.help();
    } catch (const CLI::ParseError& e) {
        return failure(std::string{e.what()} + " (--help lists the options)");
    } catch (const std::invalid_argument& e) {
        return failure(e.what());
    }
    return c;
}

}  // namespace gateway
