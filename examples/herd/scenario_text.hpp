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
#include <optional>
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

/// Reads a scenario, as `run_footer` describes it; `seed`, if there is one, instead of the text's.
/// @throws std::invalid_argument with the place as a JSON pointer, what is allowed there, and what
/// was found.
[[nodiscard]] scenario scenario_from_json(std::string_view text,
                                          std::optional<std::uint64_t> seed = {});

}  // namespace herd

#endif  // HERD_SCENARIO_TEXT_HPP
