// SPDX-License-Identifier: MIT
#include "herd/scenario_text.hpp"

#include <bide/json/detail/document.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>
#include <bide/testing/limiting_servers.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace herd {
namespace {

namespace simulated = bide::simulated;
using bide::detail::fields;
using bide::detail::place;
using bide::detail::read;  // settings
using namespace std::chrono_literals;

constexpr bide::detail::named<simulated::tells> tells_names[] = {
    {"nothing", simulated::tells::nothing},
    {"wait", simulated::tells::wait},
    {"quota", simulated::tells::quota}};

void read(const place& p, simulated::tells& to) {
    if (p.exists()) to = bide::detail::read_word(p, tells_names);
}

void read_in(const place& p, std::uint64_t most, std::uint64_t& to) {
    read(p, to);
    if (p.exists() && (to == 0 || to > most)) p.refuse("1 to " + std::to_string(most));
}

template <class Server>
any_server served_by(Server server) {
    return any_server{
        [server = std::move(server)](simulated::visit& v, bide::time_point now) mutable {
            return simulated::limited_answer{server.serve(v, now)};
        }};
}

template <class Server>
any_server made(const fields& all, const typename Server::options& options) {
    all.nothing_else();
    return served_by(all.checked([&] { return Server{options}; }));
}

template <class Window>
any_server read_window(fields& all) {
    typename Window::options options;
    read(all["limit"], options.limit);
    read(all["window"], options.window);
    read(all["tells"], options.tells);
    return made<Window>(all, options);
}

any_server read_token_bucket(fields& all) {
    simulated::token_bucket::options options;
    read(all["rate"], options.rate);
    read(all["burst"], options.burst);
    read(all["tells"], options.tells);
    return made<simulated::token_bucket>(all, options);
}

any_server read_concurrency(fields& all) {
    simulated::concurrency::options options;
    read(all["limit"], options.limit);
    read(all["takes"], options.takes);
    return made<simulated::concurrency>(all, options);
}

any_server read_metastable_server(fields& all) {
    simulated::metastable_server::options options;
    read(all["rate"], options.rate);
    read(all["queue"], options.queue);
    read(all["slower"], options.slower);
    return made<simulated::metastable_server>(all, options);
}

struct server_kind {
    std::string_view name;
    any_server (*read)(fields&);
};
constexpr server_kind server_kinds[] = {{"fixed_window", read_window<simulated::fixed_window>},
                                        {"sliding_window", read_window<simulated::sliding_window>},
                                        {"token_bucket", read_token_bucket},
                                        {"concurrency", read_concurrency},
                                        {"metastable_server", read_metastable_server}};

any_server read_server(const place& p) {
    fields all{p, R"(an object such as {"kind": "fixed_window"})"};
    return bide::detail::one_of(all["kind"], server_kinds, &server_kind::name).read(all);
}

simulated::uniform_delay read_network(const place& p) {
    simulated::uniform_delay::options options{.least = 5ms, .most = 50ms};
    if (!p.exists()) return simulated::uniform_delay{options};
    fields all{p};
    read(all["least"], options.least);
    read(all["most"], options.most);
    all.nothing_else();
    return all.checked([&] { return simulated::uniform_delay{options}; });
}

simulated::outage read_outage(const place& p) {
    fields all{p};
    bide::timespan begins = 0s;
    bide::timespan ends = 0s;
    bide::timespan hint = 0s;
    simulated::outage o;
    read(all["begins"], begins);
    const auto end = all["ends"];
    read(end, ends);
    read(all["hint"], hint);
    read(all["silent"], o.silent);
    all.nothing_else();
    o.begins += begins;
    o.ends += ends;
    o.found.hint = hint;
    if (o.ends <= o.begins) end.refuse("after begins");
    return o;
}

std::vector<simulated::outage> read_outages(const place& p) {
    std::vector<simulated::outage> all;
    if (!p.exists()) return all;
    for (const auto& each : p.elements(0, 100, "outages")) all.push_back(read_outage(each));
    return all;
}

/// A message of the library's loader, about a text of which `parent` is the place.
[[noreturn]] void refuse(const bide::policy_error& e, const std::string& parent) {
    const std::string_view message{e.what()};
    const auto rest = message.substr(message.find(" must be "));
    const auto where = parent + e.pointer();
    throw std::invalid_argument{"scenario: " + (where.empty() ? "the text" : where) +
                                std::string{rest}};
}

std::uint64_t read_seed(const place& p, std::optional<std::uint64_t> instead) {
    std::uint64_t seed = 1;
    read(p, seed);
    if (p.exists() && p.value() < 0) p.refuse("a whole number >= 0");
    return instead.value_or(seed);
}

bide::json_plan<> read_plan(const place& p, std::uint64_t seed) {
    try {
        return bide::plan_from_json(p.exists() ? p.value() : nlohmann::json::object(), {}, seed);
    } catch (const bide::policy_error& e) {
        refuse(e, p.pointer());
    }
}

scenario read_scenario(const nlohmann::json& value, std::optional<std::uint64_t> instead) {
    fields all{{&value, {}}};
    const auto rate = all["per_second"];
    const auto clients = all["clients"];
    const auto seconds = all["seconds"];
    const auto seed = read_seed(all["seed"], instead);
    scenario s{.seed = seed,
               .plan = read_plan(all["plan"], seed),
               .network = read_network(all["network"]),
               .server = read_server(all["server"]),
               .outages = read_outages(all["outages"])};
    all.nothing_else();
    if (!rate.exists() && !clients.exists()) rate.refuse("a whole number, or else /clients");
    if (rate.exists() && clients.exists()) clients.refuse("absent, as /per_second is there");
    read_in(rate, 100'000, s.per_second);
    read_in(clients, 100'000, s.clients);
    read_in(seconds, 3600, s.seconds);
    return s;
}

}  // namespace

scenario scenario_from_json(std::string_view text, std::optional<std::uint64_t> seed) {
    try {
        return read_scenario(bide::detail::read_document(text), seed);
    } catch (const bide::policy_error& e) {
        refuse(e, {});
    }
}

}  // namespace herd
