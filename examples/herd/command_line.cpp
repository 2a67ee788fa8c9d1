// SPDX-License-Identifier: MIT
#include "herd/command_line.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace herd {
namespace {

constexpr auto footer =
    "Nothing waits and nothing is sent: time is virtual, and the same seed gives the same "
    "figures, but for gates of your own plan that draw: those are seeded by the system.\n"
    "\n"
    "Exit status: 0 good, 2 bad usage, 1 anything else.\n";

void add_count(CLI::App& scenario, const char* name, std::uint64_t& value, std::uint64_t most,
               const char* help) {
    scenario.add_option(name, value, help)
        ->check(CLI::Range(std::uint64_t{1}, most))
        ->capture_default_str()
        ->type_name("N");
}

CLI::App& add_scenario(CLI::App& app, const char* name, const char* question, request& r) {
    auto& scenario = *app.add_subcommand(name, question);
    scenario.add_option("--csv", r.csv, "Write all figures there; - is standard output")
        ->type_name("FILE");
    scenario.add_option("--svg", r.svg, "Write a picture there")->type_name("FILE");
    return scenario;
}

CLI::App& add_scenario(CLI::App& app, const char* name, const char* question, request& r,
                       std::uint64_t& seed) {
    auto& scenario = add_scenario(app, name, question, r);
    scenario.add_option("--seed", seed, "Of everything that is random")
        ->capture_default_str()
        ->type_name("N");
    return scenario;
}

void add_plan(CLI::App& scenario, std::string& plan) {
    scenario
        .add_option("--plan", plan,
                    "Show your own, too: a policy with or without gates and a budget, as JSON or "
                    "@FILE")
        ->type_name("PLAN");
}

CLI::App& add_aws(CLI::App& app, request& r, aws_options& o) {
    auto& aws =
        add_scenario(app, "aws", "Clients that update one row at once: work and time", r, o.seed);
    aws.add_option("--clients", o.clients, "How many, several after another [10,20,...,200]")
        ->delimiter(',')
        ->check(CLI::Range(std::uint64_t{1}, aws_options::most_clients))
        ->type_name("N,...");
    add_count(aws, "--trials", o.trials, 1'000'000, "Repetitions of each");
    aws.add_option("--algorithms", o.algorithms,
                   "Some of none, exponential, equal, full, decorrelated, which are those of the "
                   "study, and decorrelated_jitter, the library's, which never draws beyond the "
                   "cap where the study cuts what was drawn")
        ->delimiter(',')
        ->check(CLI::IsMember(aws_algorithms()))
        ->type_name("NAME,...");
    return aws;
}

CLI::App& add_vonage(CLI::App& app, request& r, vonage_options& o) {
    auto& vonage =
        add_scenario(app, "vonage", "Tasks that fail for minutes: calls over time", r, o.seed);
    add_count(vonage, "--tasks", o.tasks, 100'000, "How many");
    add_count(vonage, "--seconds", o.seconds, 86'400, "How long");
    add_plan(vonage, o.plan);
    return vonage;
}

CLI::App& add_outage(CLI::App& app, request& r, outage_options& o) {
    auto& outage = add_scenario(
        app, "outage", "A server that is down for a while: load, and time to recover", r, o.seed);
    add_count(outage, "--clients", o.clients, 100'000, "How many");
    add_count(outage, "--seconds", o.seconds, 3600, "How long it is down");
    add_plan(outage, o.plan);
    return outage;
}

CLI::App& add_sms(CLI::App& app, request& r, sms_options& o) {
    auto& sms = add_scenario(
        app, "sms", "Messages through a limit: sent, accepted and rejected over time", r, o.seed);
    add_count(sms, "--messages", o.messages, 10'000'000, "How many");
    add_count(sms, "--workers", o.workers, 100'000, "How many send at a time");
    add_count(sms, "--limit", o.limit, 1'000'000, "How many are accepted per second");
    add_plan(sms, o.plan);
    return sms;
}

CLI::App& add_explain(CLI::App& app, request& r, explain_options& o) {
    auto& explain =
        add_scenario(app, "explain", "One policy: the delays before its retries", r, o.seed);
    explain.add_option("PLAN", o.plan, "As JSON, or @FILE; what it leaves out is the default")
        ->capture_default_str();
    add_count(explain, "--samples", o.samples, 1'000'000,
              "Walks, where a delay depends on the one before it");
    return explain;
}

CLI::App& add_run(CLI::App& app, request& r, scenario_options& o) {
    auto& run = add_scenario(app, "run", "Your own scenario: load and success over time", r);
    run.add_option(
           "SCENARIO", o.scenario,
           "As JSON, or @FILE: per_second or clients, seconds, seed, plan, network, server, "
           "outages")
        ->required();
    return run;
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    CLI::App app{"Simulates many clients and their server, and shows what a way to retry does.",
                 "bide-herd"};
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
    app.footer(footer);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return {.wanted = {}, .status = 0, .text = app.help()};
    } catch (const CLI::ParseError& e) {
        return {.wanted = {},
                .status = 2,
                .text = std::string{"bide-herd: "} + e.what() + " (--help lists the options)\n"};
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
