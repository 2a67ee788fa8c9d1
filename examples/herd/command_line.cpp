// SPDX-License-Identifier: MIT
#include "herd/command_line.hpp"

#include "common/option_text.hpp"
#include "herd/help.hpp"
#include "herd/option_text.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace herd {
namespace {

/// An option of which `set` makes something of its text, or complains.
template <class Set>
CLI::Option& add_text(CLI::App& scenario, const char* name, const char* type, const char* help,
                      Set set) {
    const auto read = [set](const CLI::results_t& said) {
        set(said.front());
        return true;
    };
    return *scenario.add_option(name, read, help)->type_name(type);
}

void add_count(CLI::App& scenario, const char* name, std::uint64_t& value, std::uint64_t most,
               const char* help) {
    const auto text = help + (" [" + std::to_string(value) + ']');
    add_text(scenario, name, "N", text.c_str(), [=, &value](const std::string& said) {
        value = common::whole_number(name, said, 1, most);
    });
}

template <class Seed>
void add_seed(CLI::App& scenario, Seed& seed, const char* help) {
    add_text(scenario, "--seed", "N", help,
             [&seed](const std::string& said) { seed = seed_of("--seed", said); });
}

void add_plan(CLI::App& scenario, const char* name, const char* type, const char* help,
              std::string& plan) {
    add_text(scenario, name, type, help,
             [=, &plan](const std::string& said) { plan = plan_of(name, said); });
    scenario.footer(std::string{plan_footer} + footer);
}

CLI::App& add_scenario(CLI::App& app, const char* name, const char* question, request& r) {
    auto& scenario = *app.add_subcommand(name, question);
    add_text(scenario, "--csv", "FILE", "Write all figures there; - is standard output",
             [&r](const std::string& said) { r.csv = csv_of("--csv", said); });
    add_text(scenario, "--svg", "FILE", "Write a picture there",
             [&r](const std::string& said) { r.svg = svg_of("--svg", said); });
    return scenario;
}

CLI::App& add_scenario(CLI::App& app, const char* name, const char* question, request& r,
                       std::uint64_t& seed) {
    auto& scenario = add_scenario(app, name, question, r);
    add_seed(scenario, seed, "Of everything that is random [1]");
    return scenario;
}

CLI::App& add_aws(CLI::App& app, request& r, aws_options& o) {
    auto& aws =
        add_scenario(app, "aws", "Clients that update one row at once: work and time", r, o.seed);
    add_text(aws, "--clients", "N,...", "How many, several after another [10,20,...,200]",
             [&o](const std::string& said) { o.clients = clients_of("--clients", said); });
    add_count(aws, "--trials", o.trials, 1'000'000, "Repetitions of each");
    add_text(aws, "--algorithms", "NAME,...",
             "Some of none, exponential, equal, full, decorrelated, which are those of the "
             "study, and decorrelated_jitter, the library's, which never draws beyond the "
             "cap where the study cuts what was drawn",
             [&o](const std::string& said) { o.algorithms = algorithms_of("--algorithms", said); });
    return aws;
}

CLI::App& add_vonage(CLI::App& app, request& r, vonage_options& o) {
    auto& vonage =
        add_scenario(app, "vonage", "Tasks that fail for minutes: calls over time", r, o.seed);
    add_count(vonage, "--tasks", o.tasks, 100'000, "How many");
    add_count(vonage, "--seconds", o.seconds, 86'400, "How long");
    add_plan(vonage, "--plan", "PLAN", "Show your own, too", o.plan);
    return vonage;
}

CLI::App& add_outage(CLI::App& app, request& r, outage_options& o) {
    auto& outage = add_scenario(
        app, "outage", "A server that is down for a while: load, and time to recover", r, o.seed);
    add_count(outage, "--clients", o.clients, 100'000, "How many");
    add_count(outage, "--seconds", o.seconds, 3600, "How long it is down");
    add_plan(outage, "--plan", "PLAN", "Show your own, too", o.plan);
    return outage;
}

CLI::App& add_sms(CLI::App& app, request& r, sms_options& o) {
    auto& sms = add_scenario(
        app, "sms", "Messages through a limit: sent, accepted and rejected over time", r, o.seed);
    add_count(sms, "--messages", o.messages, 10'000'000, "How many, at most a day of them");
    add_count(sms, "--workers", o.workers, 100'000, "How many send at a time");
    add_count(sms, "--limit", o.limit, 1'000'000, "How many are accepted per second");
    add_plan(sms, "--plan", "PLAN", "Show your own, too", o.plan);
    return sms;
}

CLI::App& add_explain(CLI::App& app, request& r, explain_options& o) {
    auto& explain =
        add_scenario(app, "explain", "One policy: the delays before its retries", r, o.seed);
    add_plan(explain, "PLAN", "", "[the default policy]", o.plan);
    add_count(explain, "--samples", o.samples, 1'000'000,
              "Walks, where a delay depends on the one before it");
    return explain;
}

CLI::App& add_run(CLI::App& app, request& r, scenario_options& o) {
    auto& run = add_scenario(app, "run", "Your own scenario: load and success over time", r);
    add_seed(run, o.seed, "Instead of the scenario's");
    add_text(run, "SCENARIO", "", "See below", [&o](const std::string& said) {
        o.scenario = json_of("SCENARIO", said);
    }).required();
    run.footer(std::string{run_footer} + footer);
    return run;
}

/// The parser itself would say that there is no subcommand, and not what it was instead.
void check_first(const CLI::App& app, int argc, const char* const* argv) {
    if (argc < 2 || argv[1][0] == '-') return;
    std::string names = "one of";
    for (const auto* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (each->get_name() == argv[1]) return;
        names += ' ' + each->get_name();
    }
    common::reject("the scenario", names, argv[1]);
}

/// What no option says alone.
void check(const request& r, const sms_options& sms) {
    if (!r.svg.empty() && r.svg == r.csv)
        common::reject("--svg", "another file than that of --csv", r.svg);
    constexpr std::uint64_t day = 86'400;
    if (sms.messages / day > sms.limit)
        common::reject("--messages", "at most a day of them, 86400 times --limit",
                       std::to_string(sms.messages));
}

command failure(const std::string& what) {
    return {
        .wanted = {}, .status = 2, .text = "bide-herd: " + what + " (--help lists the options)\n"};
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    CLI::App app{"Simulates many clients and their server, and shows what a way to retry does.",
                 "bide-herd"};
    app.footer(footer);
    request r;
    aws_options aws;
    vonage_options vonage;
    outage_options outage;
    sms_options sms;
    explain_options explain;
    scenario_options own;
    const auto& runs_aws = add_aws(app, r, aws);
    const auto& runs_vonage = add_vonage(app, r, vonage);
    const auto& runs_outage = add_outage(app, r, outage);
    const auto& runs_sms = add_sms(app, r, sms);
    const auto& runs_explain = add_explain(app, r, explain);
    const auto& runs_own = add_run(app, r, own);
    app.require_subcommand(1);
    try {
        check_first(app, argc, argv);
        app.parse(argc, argv);
        check(r, sms);
    } catch (const CLI::CallForHelp&) {
        return {.wanted = {}, .status = 0, .text = app.help()};
    } catch (const CLI::ParseError& e) {
        return failure(e.what());
    } catch (const std::invalid_argument& e) {
        return failure(e.what());
    }
    if (runs_aws.parsed()) r.scenario = aws;
    if (runs_vonage.parsed()) r.scenario = vonage;
    if (runs_outage.parsed()) r.scenario = outage;
    if (runs_sms.parsed()) r.scenario = sms;
    if (runs_explain.parsed()) r.scenario = explain;
    if (runs_own.parsed()) r.scenario = own;
    return {.wanted = r, .status = 0, .text = {}};
}

}  // namespace herd
