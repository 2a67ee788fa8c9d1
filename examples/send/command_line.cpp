// SPDX-License-Identifier: MIT
#include "send/command_line.hpp"

#include "send/option_text.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sender {
namespace {

struct option_row {
    const char* name;
    const char* value;
    const char* help;
};

constexpr std::array rows{
    option_row{"--gateway", "URL", "Where to send to, http or https (required)"},
    option_row{"--profile", "NAME|@FILE", "Who answers, see below; or a profile of JSON [generic]"},
    option_row{"--shape", "NAME", "What requests look like [as the profile's provider takes them]"},
    option_row{"--count", "N", "Send N generated messages instead of a file"},
    option_row{"--concurrency", "N", "Messages in flight at a time, 1 to 1024 [16]"},
    option_row{"--pace", "auto|none|N", "Messages per second; auto finds out what is taken [auto]"},
    option_row{"--per-sender", "N", "Messages per second of each sender, on top [no limit]"},
    option_row{"--deadline", "TIME", "Ends the run; what is under way may be answered [none]"},
    option_row{"--max-elapsed", "TIME", "Gives up on a message after this time [5m]"},
    option_row{"--max-attempts", "N", "Gives up on a message after N tries [no limit]"},
    option_row{"--try-timeout", "TIME", "How long one try may take [10s]"},
    option_row{"--policy", "JSON|@FILE", "How to retry, instead of the three above [built in]"},
    option_row{"--from", "NAME", "Sender's name or number where FILE has none [bide]"},
    option_row{"--account", "ID", "In the paths of twilio, plivo and audian [bide]"},
    option_row{"--callback", "URL", "Where twilio and plivo report to [https://callback.invalid/]"},
    option_row{"--id-prefix", "TEXT", "Message ids are TEXT1, TEXT2, ... [m-RANDOM-]"},
};

constexpr auto footer =
    "Times: a number and ms, s, m or h.\n"
    "\n"
    "FILE is CSV in UTF-8 with the header line to,text or to,text,from; fields in \"quotes\" may "
    "hold\n"
    "commas, line ends and doubled quotes. It is checked whole before anything is sent. A from is "
    "the\n"
    "sender's name or number of that message, of at most 15 characters; if it is empty, --from "
    "is.\n"
    "\n"
    "--pace auto begins with the rate that the provider publishes, or else slowly, and learns from "
    "429s\n"
    "and quota headers how much is taken; a 429 then waits for its turn and for nothing else. With "
    "N\n"
    "messages go evenly, never more than N in a second. A sender that has used up its --per-sender "
    "N is\n"
    "passed over for messages of others. Numbers may have decimals. Retries count as messages.\n"
    "\n"
    "Profiles: generic, vonage, vonage-sms, twilio, plivo, telnyx and audian, which are shapes, "
    "too:\n"
    "a message goes to the URL, or to the provider's path there if it has none, as the provider "
    "takes\n"
    "it, with the message's id in its reference, callback or tag. With bandwidth, sinch, bird, "
    "infobip,\n"
    "github, stripe and @FILE it goes as generic, {\"id\",\"to\",\"text\"}, if --shape does not "
    "say\n"
    "otherwise. Any 2xx is a delivery, unless the body says more. Where the provider honours "
    "idempotency\n"
    "keys, the id is the key.\n"
    "\n"
    "A policy says backoff, limits and timeouts, for example\n"
    "  "
    "{\"backoff\":{\"kind\":\"linear\",\"base\":\"1s\"},\"max_attempts\":9,\"max_elapsed\":\"2m\"}"
    "\n"
    "What it leaves out has the library's default; bide-plan shows what one comes to. It may have\n"
    "gates and a budget, too; a \"pace\" among them takes the place of --pace auto.\n"
    "\n"
    "No message is sent twice: after a try that may have arrived it is reported as unknown "
    "instead.\n"
    "Always requested = delivered + unknown + failed + deferred. Deferred messages were not "
    "accepted\n"
    "by anybody and can be sent later; Ctrl-C defers what is left, a second one kills.\n"
    "\n"
    "Progress and messages that were not delivered, by id, go to standard error, the result goes "
    "to\n"
    "standard output. NO_COLOR is honoured.\n"
    "Exit status: 0 all delivered, 1 some not, 2 bad usage.\n";

command failure(const std::string& what) {
    command c;
    c.status = 2;
    c.text = "bide-send: " + what + " (--help lists the options)\n";
    return c;
}

void check_source(const command& c) {
    if (c.file.empty() && c.count == 0)
        throw std::invalid_argument{"give a FILE, or --count N for generated messages"};
    if (!c.file.empty() && c.count != 0)
        throw std::invalid_argument{"--count must not be given together with a FILE, got both"};
}

/// A policy says what these options say.
void check_policy(const patience& p, std::string_view name) {
    if (!p.policy) return;
    if (name == "--max-elapsed" || name == "--max-attempts" || name == "--try-timeout")
        throw std::invalid_argument{std::string{name} +
                                    " must not be given together with --policy, got both"};
    if (name == "--pace" && has_pace(gates_of(p)))
        throw std::invalid_argument{
            "--pace must not be given together with a --policy that has a pace, got both"};
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    CLI::App app{"Sends messages through a rate-limited gateway: none lost, none twice.",
                 "bide-send"};
    std::array<std::string, rows.size()> texts;
    std::array<CLI::Option*, rows.size()> given{};
    command c;
    app.add_option("FILE", c.file, "CSV with the messages, '-' for standard input");
    for (std::size_t i = 0; i < rows.size(); ++i)
        given.at(i) = app.add_option(rows.at(i).name, texts.at(i), rows.at(i).help)
                          ->type_name(rows.at(i).value);
    app.add_flag("--json", c.json, "Print one JSON object on standard output");
    app.add_flag("--quiet", c.quiet, "No progress and no summary");
    app.footer(footer);
    try {
        app.parse(argc, argv);
        options o;
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (given.at(i)->count() > 0) set_option(c, o, rows.at(i).name, texts.at(i));
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (given.at(i)->count() > 0) check_policy(o.per_message, rows.at(i).name);
        check(o);
        check_source(c);
        c.send = std::move(o);
    } catch (const CLI::CallForHelp&) {
        c.text = app.help();
    } catch (const CLI::ParseError& e) {
        return failure(e.what());
    } catch (const std::invalid_argument& e) {
        return failure(e.what());
    }
    return c;
}

}  // namespace sender
