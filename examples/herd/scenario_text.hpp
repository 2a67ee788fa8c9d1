// SPDX-License-Identifier: MIT
#ifndef HERD_SCENARIO_TEXT_HPP
#define HERD_SCENARIO_TEXT_HPP

#include <bide/json/plan.hpp>
#include <bide/testing/failing_servers.hpp>
#include <bide/testing/limited_answer.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace herd {

/// One of the servers of bide/testing, whichever the text names.
class any_server {
public:
    using serve_function =
        std::function<bide::simulated::limited_answer(bide::simulated::visit&, bide::time_point)>;

    explicit any_server(serve_function serve) : serve_{std::move(serve)} {}

    bide::simulated::limited_answer serve(bide::simulated::visit& v, bide::time_point now) {
        return serve_(v, now);
    }

private:
    serve_function serve_;
};

/// What a text says of a scenario.
struct scenario {
    std::uint64_t per_second = 0;  ///< Operations that begin in each second, or
    std::uint64_t clients = 0;     ///< how many begin one 1 ms after their last is over.
    std::uint64_t seconds = 60;
    std::uint64_t seed = 1;
    bide::json_plan<> plan;
    bide::simulated::uniform_delay network;
    any_server server;
    std::vector<bide::simulated::outage> outages{};
};

/// Reads a scenario:
///
///     {"per_second": 100, "seconds": 180, "seed": 1,
///      "plan": {"max_attempts": 4, "gates": {"cooldown": {}}},
///      "network": {"least": "5ms", "most": "50ms"},
///      "server": {"kind": "metastable_server", "rate": 200, "queue": 400, "slower": 0.5},
///      "outages": [{"begins": "30s", "ends": "90s", "hint": "5s"}]}
///
/// | key          | value                                                                    |
/// |--------------|--------------------------------------------------------------------------|
/// | `per_second` | how many operations begin in each second, whatever became of others; or  |
/// | `clients`    | how many clients begin one 1 ms after their last is over: one of the two |
/// | `seconds`    | how long, 60                                                             |
/// | `seed`       | of all that is random but the plan's gates, 1                            |
/// | `plan`       | see bide/json/plan.hpp; the default policy                               |
/// | `network`    | `least` and `most`, one way; 5ms and 50ms                                |
/// | `server`     | by `kind`, see below; required                                           |
/// | `outages`    | of each `begins`, `ends`, `hint` (0s: none), `silent` (false: it says 503) |
///
/// | kind                             | keys beside `kind`                                    |
/// |----------------------------------|-------------------------------------------------------|
/// | `fixed_window`, `sliding_window` | `limit`, `window`, `tells` (nothing, wait, quota)     |
/// | `token_bucket`                   | `rate`, `burst`, `tells`                              |
/// | `concurrency`                    | `limit`, `takes`                                      |
/// | `metastable_server`              | `rate`, `queue`, `slower`                             |
///
/// @throws std::invalid_argument with the place as a JSON pointer, what is allowed there, and what
/// was found.
[[nodiscard]] scenario scenario_from_json(std::string_view text);

}  // namespace herd

#endif  // HERD_SCENARIO_TEXT_HPP
