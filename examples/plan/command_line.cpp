// SPDX-License-Identifier: MIT
#include "plan/command_line.hpp"

#include "common/option_text.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

namespace planner {
namespace {

constexpr auto footer =
    "POLICY is JSON such as '{\"backoff\":{\"kind\":\"exponential\",\"base\":\"500ms\"},"
    "\"jitter\":\"full\",\n"
    "\"max_attempts\":4,\"max_elapsed\":\"30s\"}'; what it leaves out is the library's default, so "
    "'{}'\n"
    "is the default policy.\n"
    "\n"
    "For each retry that can happen: the least, the mean and the greatest delay that the backoff\n"
    "draws. Means are computed; only where a delay depends on the one before they come from N\n"
    "random walks, the same for the same seed (in the table: ~). If more than 1000 retries can\n"
    "happen, the first 20 are listed.\n"
    "\n"
    "total_max_ms is the longest that the waits can take together: the sum of the greatest delays,"
    "\n"
    "but at most max_elapsed. null stands for no limit: of attempts, or of waits where the list\n"
    "was cut and there is no max_elapsed. What a server asks for (Retry-After) is not foreseen.\n"
    "Gates and a budget, {\"gates\":{\"pace\":{\"kind\":\"quota_pacer\"}},"
    "\"budget\":{\"kind\":\"retry_budget\"}},\n"
    "are listed; waits for gates are not foreseen either.\n"
    "All _ms are milliseconds with their fractions.\n"
    "\n"
    "Exit status: 0 good, 2 bad usage or a bad policy, 1 anything else.\n";

bide::verdict verdict_of(const char* name, const std::string& text) {
    for (const auto v :
         {bide::verdict::transient, bide::verdict::throttled, bide::verdict::overloaded})
        if (text == to_string(v)) return v;
    common::reject(name, "transient, throttled or overloaded", text);
}

command failure(const std::string& what) {
    return {
        .wanted = {}, .status = 2, .text = "bide-plan: " + what + " (--help lists the options)\n"};
}

}  // namespace

command read_command_line(int argc, const char* const* argv) {
    constexpr std::uint64_t most_samples = 1'000'000;
    constexpr auto most_seed = std::numeric_limits<std::uint64_t>::max();
    CLI::App app{"Shows how a retry policy waits: every retry, before anything fails.",
                 "bide-plan"};
    request r;
    auto samples = std::to_string(r.look.samples);
    auto seed = std::to_string(r.look.seed);
    std::string because = to_string(r.look.because);
    app.add_option("POLICY", r.policy, "The policy as JSON, or @FILE")->required();
    app.add_flag("--json", r.json, "Print one JSON object");
    app.add_option("--samples", samples,
                   "Walks for means that cannot be computed [" + samples + "]")
        ->type_name("N");
    app.add_option("--seed", seed, "Of these walks [" + seed + "]")->type_name("S");
    app.add_option("--because", because,
                   "What every try ends with: transient|throttled|overloaded [" + because + "]")
        ->type_name("VERDICT");
    app.footer(footer);
    try {
        app.parse(argc, argv);
        r.look.samples = common::whole_number("--samples", samples, 1, most_samples);
        r.look.seed = common::whole_number("--seed", seed, 0, most_seed);
        r.look.because = verdict_of("--because", because);
    } catch (const CLI::CallForHelp&) {
        return {.wanted = {}, .status = 0, .text = app.help()};
    } catch (const CLI::ParseError& e) {
        return failure(e.what());
    } catch (const std::invalid_argument& e) {
        return failure(e.what());
    }
    return {.wanted = r, .status = 0, .text = {}};
}

}  // namespace planner
