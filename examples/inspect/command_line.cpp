// SPDX-License-Identifier: MIT
#include "inspect/command_line.hpp"

#include "common/option_text.hpp"
#include "inspect/inspection.hpp"

#include <bide/http/profiles.hpp>
#include <bide/time.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace inspector {
namespace {

constexpr auto footer =
    "Reads what `curl -i` prints from standard input; of several header blocks the last counts.\n"
    "\n"
    "  curl -si https://api.example.com/messages | bide-inspect --method GET\n"
    "\n"
    "--json prints one object with delay_ms (the wait that the response asks for), limit,\n"
    "remaining, reset_ms and window_ms of the quota that binds, verdict, certainty, why, and the\n"
    "rest. Times are milliseconds from the arrival of the response, upward; null is unknown, and\n"
    "what is more than 2^53-1 is 2^53-1.\n"
    "\n"
    "--lines reads one response a line,\n"
    "  "
    "{\"now\":seconds|null,\"status\":n,\"headers\":[[\"Name\",\"value\"],...],\"body\":string|"
    "null}\n"
    "and answers each at once with the first eight members of that object on a line; a bad line\n"
    "with {\"error\":\"...\"}.\n"
    "\n"
    "Exit status: 0 good, 1 a bad line or an output that cannot be written, 2 bad usage or an\n"
    "input that is no response.\n";

bide::wall_time time_of(const std::string& text) {
    const auto seconds =
        common::whole_number("--now", text, 0, last_second, "whole seconds since 1970");
    return bide::wall_time{std::chrono::seconds{seconds}};
}

/// Names of methods know upper and lower case, and `get` would count as one that nobody knows.
void check_method(const std::string& method) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    if (method.empty() || method.find_first_not_of(allowed) != std::string::npos)
        common::reject("--method", "a method in capitals such as POST or GET", method);
}

void check_profile(const std::string& profile) {
    if (profile.starts_with('@') || bide::http::profiles::find(profile) != nullptr) return;
    std::string names;
    for (const auto* p : bide::http::profiles::all) names.append(p->name).append(", ");
    common::reject("--profile", names + "or @FILE", profile);
}

command failure(const std::string& what) {
    return {.wanted = {},
            .status = 2,
            .text = "bide-inspect: " + what + " (--help lists the options)\n"};
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    CLI::App app{
        "Tells what bide would do with an HTTP response: may the request be sent again, "
        "when, and why.",
        "bide-inspect"};
    request r;
    std::string now;
    bool json_wanted = false;
    bool lines_wanted = false;
    app.add_flag("--json", json_wanted, "Print one JSON object");
    app.add_flag("--lines", lines_wanted, "Answer many responses, one JSON object a line");
    app.add_option("--method", r.method, "Of the request [" + r.method + "]")->type_name("METHOD");
    auto* const profile =
        app.add_option("--profile", r.profile,
                       "Who answered: a profile of the library, or @FILE with one as JSON "
                       "[generic, unless the body of a 2xx is a known provider's refusal]")
            ->type_name("NAME");
    app.add_flag("--idempotency-key", r.has_key, "The request carried an idempotency key");
    auto* const at =
        app.add_option("--now", now, "When the response arrived [now]")->type_name("SECONDS");
    app.footer(footer);
    try {
        app.parse(argc, argv);
        if (lines_wanted && json_wanted)
            common::reject("--json", "left out with --lines", "--json");
        if (lines_wanted && at->count() > 0)
            common::reject("--now", "left out with --lines, where each line tells its own", now);
        if (json_wanted) r.form = form::json;
        if (lines_wanted) r.form = form::lines;
        if (at->count() > 0) r.now = time_of(now);
        check_method(r.method);
        if (profile->count() > 0) check_profile(r.profile);
    } catch (const CLI::CallForHelp&) {
        return {.wanted = {}, .status = 0, .text = app.help()};
    } catch (const CLI::ParseError& e) {
        return failure(e.what());
    } catch (const std::invalid_argument& e) {
        return failure(e.what());
    }
    return {.wanted = r, .status = 0, .text = {}};
}

}  // namespace inspector
