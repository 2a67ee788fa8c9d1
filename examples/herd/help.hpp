// SPDX-License-Identifier: MIT
#ifndef HERD_HELP_HPP
#define HERD_HELP_HPP

/// What stands below the options in --help.
namespace herd {

inline constexpr auto footer =
    R"(Nothing waits and nothing is sent: time is virtual, and the same seed gives the same figures.

Exit status: 0 good, 2 bad usage, 1 anything else.
)";

inline constexpr auto plan_footer =
    R"(PLAN is a policy, with or without gates and a budget, as JSON such as '{"max_attempts":4,
"gates":{"cooldown":{}}}'; what it leaves out is the default. Instead of JSON, @FILE is
what a file holds, - is standard input.

)";

inline constexpr auto run_footer =
    R"(SCENARIO is JSON, @FILE for what a file holds, or - for standard input:

  {"per_second": 100, "seconds": 180, "seed": 1,
   "plan": {"max_attempts": 4, "gates": {"cooldown": {}}},
   "network": {"least": "5ms", "most": "50ms"},
   "server": {"kind": "metastable_server", "rate": 200, "queue": 400, "slower": 0.5},
   "outages": [{"begins": "30s", "ends": "90s", "hint": "5s"}]}

  per_second  operations that begin in each second, whatever became of others, 1 to 100000;
              or else
  clients     how many begin one 1 ms after their last is over, 1 to 100000
  seconds     how long, 1 to 3600 [60]
  seed        of everything that is random [1]
  plan        a policy, with or without gates and a budget [the default policy]
  network     one way: least [5ms] and most [50ms]
  server      by kind, which is required:
                fixed_window, sliding_window   limit [100], window [1s], tells
                token_bucket                   rate per second [100], burst [1], tells
                concurrency                    limit [10], takes [100ms]
                metastable_server              rate per second [1000], queue [1000], slower:
                                               by how much, with a full queue [1]
              tells is what the client hears of a limit: nothing, wait (with a refusal) or
              quota (with every answer, too) [wait]
  outages     when the server is down: begins, ends, hint [none], silent (true: it does not
              answer; else it says 503) [false]

server and one of the first two are required.

)";

}  // namespace herd

#endif  // HERD_HELP_HPP
