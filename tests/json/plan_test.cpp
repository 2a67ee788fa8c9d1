// SPDX-License-Identifier: MIT
#include <bide/json/plan.hpp>

#include "json/corpus.hpp"
#include "json/facts.hpp"
#include "json/mutate.hpp"
#include "support/catch.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using bide::duration;
using bide::end;
using bide::plan_from_json;
using bide::retry;
using bide::virtual_clock;
using bide::with;
using facts::bands_of;
using facts::facts_of;
using nlohmann::json;

static_assert(std::same_as<decltype(plan_from_json("{}")), bide::json_plan<>>);
static_assert(std::copyable<bide::json_gates>);
static_assert(bide::detail::permits<bide::json_plan<>::gates_type>::hears_quotas);

namespace {

bide::json_plan<> gated(const std::string& gates, const std::string& rest = "") {
    return plan_from_json(R"({"gates":)" + gates + rest + "}");
}
bide::json_plan<> paced(const std::string& pace) { return gated(R"({"pace":)" + pace + "}"); }

[[noreturn]] int fail() { throw std::runtime_error{"down"}; }
int succeed() { return 1; }

/// When five operations got through, each begun at once after the one before.
std::vector<duration> times_of_five(const bide::json_plan<>& plan) {
    virtual_clock clock;
    std::vector<duration> times;
    for (int i = 0; i < 5; ++i) {
        CHECK(retry(with(clock, plan), succeed).ended() == end::done);
        times.push_back(clock.elapsed());
    }
    return times;
}

/// How many tries a plan makes of 20 operations that all fail.
int tries_of_an_outage(const std::string& budget) {
    const auto plan = plan_from_json(
        R"({"backoff":{"kind":"constant","base":"0s"},"max_attempts":3,"budget":)" + budget + "}");
    virtual_clock clock;
    int tries = 0;
    for (int i = 0; i < 20; ++i)
        (void)retry(with(clock, plan), [&] {
            ++tries;
            fail();
        });
    return tries;
}

/// The message without "policy: ".
std::string refusal_of(const std::string& text) {
    try {
        (void)plan_from_json(text);
    } catch (const bide::policy_error& e) {
        const std::string what = e.what();
        const auto place = "policy: " + bide::detail::shown_pointer(e.pointer()) + " must be ";
        return what.starts_with(place) ? what.substr(8) : "no place: " + what;
    }
    return "accepted";
}

/// A result that says what happened, and what is left.
struct answer {
    bide::finding found = bide::succeeded;

    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }
    [[nodiscard]] static bide::quotas quotas() noexcept {
        bide::quotas told;
        told.keep({.limit = 500, .remaining = 499, .reset = 10s, .window = 10s});
        return told;
    }
};

}  // namespace

TEST_CASE("plan: the policy is that of policy_from_json", "[json][plan]") {
    const std::string rules = R"("backoff":{"kind":"linear"},"max_attempts":7,"grace":false)";
    const auto plan = plan_from_json("{" + rules + R"(,"gates":{"cooldown":{}}})");
    CHECK(facts_of(plan.rules()) == facts_of(bide::policy_from_json("{" + rules + "}")));
    CHECK(facts_of(plan_from_json("{}").rules()) == facts_of(bide::policy()));

    const auto judged =
        plan_from_json(R"({"max_attempts":2})",
                       bide::classify(bide::on<std::logic_error>(bide::verdict::success)));
    static_assert(!std::same_as<decltype(judged), decltype(plan)>);
    const auto file = json::parse(R"({"sms":{"gates":{"concurrency_limit":{"in_flight":1}}}})");
    CHECK(plan_from_json(file["sms"]).gates().get<bide::concurrency_limit>() != nullptr);
}

TEST_CASE("plan: has what the text names, and nothing else", "[json][plan]") {
    const auto none = plan_from_json("{}").gates();
    CHECK(none.get<bide::circuit_breaker>() == nullptr);
    CHECK(none.get<bide::token_bucket>() == nullptr);
    CHECK(none.get<bide::retry_budget>() == nullptr);
    CHECK_FALSE(none.has_budget());
    CHECK(times_of_five(plan_from_json("{}")).back() == 0s);

    const auto all = plan_from_json(R"({"budget":{"kind":"concurrent_retries"},"gates":{
        "pace":{"kind":"quota_pacer"},"concurrency_limit":{"in_flight":3},"cooldown":{},
        "circuit_breaker":{},"initial_jitter":"1s"}})");
    CHECK(all.gates().get<bide::initial_jitter>() != nullptr);
    CHECK(all.gates().get<bide::circuit_breaker>() != nullptr);
    CHECK(all.gates().get<bide::cooldown>() != nullptr);
    CHECK(all.gates().get<bide::concurrency_limit>() != nullptr);
    CHECK(all.gates().get<bide::quota_pacer>() != nullptr);
    CHECK(all.gates().get<bide::token_bucket>() == nullptr);
    CHECK(all.gates().has_budget());
    CHECK(all.gates().get<bide::concurrent_retries>() != nullptr);
    CHECK(all.gates().get<bide::retry_budget>() == nullptr);
    virtual_clock clock;
    CHECK(retry(with(clock, all), succeed).value() == 1);
    CHECK(all.gates().get<bide::concurrency_limit>()->in_flight() == 0);
}

TEST_CASE("plan: a breaker opens for all copies, and outlives the plan it came with",
          "[json][plan]") {
    virtual_clock clock;
    auto plan = gated(R"({"circuit_breaker":{"opens":{"kind":"failure_count","failures":2},
                          "open_for":{"kind":"constant","base":"7s"}}})",
                      R"(,"max_attempts":1)");
    const auto copy = plan;
    plan = plan_from_json("{}");
    (void)retry(with(clock, copy), fail);
    CHECK(retry(with(clock, copy), fail).ended() == end::exhausted);
    const auto refused = retry(with(clock, copy), succeed);
    CHECK(refused.ended() == end::refused);
    CHECK(refused.retry_in() == duration{7s});
    CHECK(copy.gates().get<bide::circuit_breaker>()->opened() == 1);
    clock.advance(7s);
    CHECK(retry(with(clock, copy), succeed).value() == 1);
}

TEST_CASE("plan: every pace is what its type is", "[json][plan]") {
    using times = std::vector<duration>;
    CHECK(times_of_five(paced(R"({"kind":"token_bucket","rate":2,"burst":3})")) ==
          times{0s, 0s, 0s, 500ms, 1s});
    CHECK(times_of_five(paced(R"({"kind":"leaky_bucket","rate":1,"per":"2s"})")) ==
          times{0s, 2s, 4s, 6s, 8s});
    CHECK(times_of_five(paced(R"({"kind":"sliding_window","limit":2,"window":"3s"})")) ==
          times{0s, 0s, 3s, 3s, 6s});
    const auto learnt = times_of_five(paced(R"({"kind":"quota_pacer","start_rate":4})")).back();
    CHECK(learnt > 900ms);
    CHECK(learnt <= 1s);
    CHECK(times_of_five(paced(R"({"kind":"cubic_pacer"})")).back() == 0s);
}

TEST_CASE("plan: a pacer hears the quotas of results", "[json][plan]") {
    virtual_clock clock;
    const auto plan = paced(R"({"kind":"quota_pacer"})");
    const auto& pacer = *plan.gates().get<bide::quota_pacer>();
    CHECK(pacer.rate() == 20);
    (void)retry(with(clock, plan), [] { return answer{}; });
    CHECK(pacer.rate() == Approx(49.75).epsilon(0.01));
}

TEST_CASE("plan: who waits is woken", "[json][plan]") {
    virtual_clock clock;
    const auto plan = gated(R"({"concurrency_limit":{"in_flight":1,"queue":1}})");
    auto& limit = *plan.gates().get<bide::concurrency_limit>();
    int woken = 0;
    bide::ticket other{[](void* its) noexcept { ++*static_cast<int*>(its); }, &woken};
    REQUIRE(limit.ask(other, {}, clock.now()).says_go());
    clock.at(3s, [&] { limit.give_back(other, clock.now()); });
    CHECK(retry(with(clock, plan), succeed).value() == 1);
    CHECK(clock.elapsed() == 3s);
}

TEST_CASE("plan: a server's wait parks all, first tries are spread", "[json][plan]") {
    virtual_clock clock;
    const auto parked =
        gated(R"({"cooldown":{"spread":0,"least_spread":"0s"}})", R"(,"max_attempts":1)");
    (void)retry(with(clock, parked), [] {
        return answer{{bide::verdict::throttled, bide::certainty::rejected, duration{4s}}};
    });
    CHECK(retry(with(clock, parked), succeed).value() == 1);
    CHECK(clock.elapsed() == 4s);

    const auto spread = times_of_five(gated(R"({"initial_jitter":"2s"})"));
    CHECK(spread.back() > 0s);
    CHECK(spread.back() <= 10s);
}

TEST_CASE("plan: what a gate draws depends on the seed alone", "[json][plan]") {
    const auto drawn = [](const std::string& gates, std::uint64_t seed) {
        const auto plan = plan_from_json(R"({"max_attempts":1,"gates":{)" + gates + "}}", {}, seed);
        virtual_clock clock;
        (void)retry(with(clock, plan), [] {
            return answer{{bide::verdict::throttled, bide::certainty::rejected, duration{4s}}};
        });
        const auto next = retry(with(clock, plan), succeed);
        return next.retry_in() ? *next.retry_in() : clock.elapsed();
    };
    const std::string spread = R"("initial_jitter":"1s")";
    const std::string pause = R"("cooldown":{})";
    const std::string breaker =
        R"("circuit_breaker":{"opens":{"kind":"failure_count","failures":1},
           "counts_throttled":true,"open_for":{"kind":"constant","base":"1h","jitter":"full"}})";
    for (const auto& gate : {spread, pause, breaker}) {
        CAPTURE(gate);
        CHECK(drawn(gate, 1) == drawn(gate, 1));
        CHECK(drawn(gate, 1) != drawn(gate, 2));
    }
    CHECK(drawn(pause, 1) == drawn(R"("initial_jitter":"0s",)" + pause, 1));
}

TEST_CASE("plan: every budget is what its type is", "[json][plan]") {
    CHECK(tries_of_an_outage(R"({"kind":"retry_budget","ratio":0,"reserve_per_second":0})") == 20);
    CHECK(tries_of_an_outage(
              R"({"kind":"retry_budget","ratio":0.5,"reserve_per_second":0,"window":"1s"})") == 30);
    CHECK(tries_of_an_outage(R"({"kind":"retry_quota","capacity":9,"cost":1,"timeout_cost":3})") ==
          23);
    CHECK(tries_of_an_outage(R"({"kind":"retry_throttle","max_tokens":4})") == 21);
    CHECK(tries_of_an_outage(R"({"kind":"concurrent_retries","ratio":0,"least":0})") == 20);
    CHECK(tries_of_an_outage(R"({"kind":"concurrent_retries","ratio":0,"least":1})") == 60);

    virtual_clock clock;
    const auto refused = retry(
        with(clock,
             plan_from_json(R"({"budget":{"kind":"concurrent_retries","ratio":0,"least":0}})")),
        fail);
    CHECK(refused.ended() == end::exhausted);
    CHECK_THAT(refused.explain(),
               Catch::Matchers::ContainsSubstring("too many retries are under way"));
}

TEST_CASE("plan: settings of one type and one default are told apart", "[json][plan]") {
    const auto costs = plan_from_json(
        R"({"budget":{"kind":"retry_quota","cost":2,"timeout_cost":3,"throttled_cost":4}})");
    const auto& quota = *costs.gates().get<bide::retry_quota>();
    CHECK(quota.cost_after({.verdict = bide::verdict::overloaded, .status = 503}) == 2);
    CHECK(quota.cost_after({.verdict = bide::verdict::transient}) == 3);
    CHECK(quota.cost_after({.verdict = bide::verdict::throttled, .status = 429}) == 4);

    virtual_clock clock;
    const auto end_of_throttled = [&](const std::string& word) {
        const auto plan = gated(R"({"circuit_breaker":{"opens":{"kind":"failure_count",
                                    "failures":1},")" +
                                word + R"(":true}})");
        return retry(with(clock, plan), [] { return answer{{bide::verdict::throttled}}; }).ended();
    };
    CHECK(end_of_throttled("counts_throttled") == end::refused);
    CHECK(end_of_throttled("hears_all_probes") == end::exhausted);
}

TEST_CASE("plan: a retry that a gate then refuses is given back to the budget", "[json][plan]") {
    virtual_clock clock;
    const auto plan =
        gated(R"({"circuit_breaker":{"opens":{"kind":"failure_count","failures":1}}})",
              R"(,"budget":{"kind":"concurrent_retries"})");
    CHECK(retry(with(clock, plan), fail).ended() == end::refused);
    CHECK(plan.gates().get<bide::concurrent_retries>()->retries() == 0);
}

TEST_CASE("plan: its gates go with other policies and other gates", "[json][plan]") {
    virtual_clock clock;
    const auto read = plan_from_json(R"({"gates":{"pace":{"kind":"leaky_bucket","rate":1}},
        "budget":{"kind":"concurrent_retries","ratio":0,"least":0}})");
    bide::leaky_bucket slower({.rate = 1, .per = 3s});
    const auto own = bide::policy(bide::constant(0s), bide::max_attempts(9));
    const auto behind = with(read.gates(), slower, own);
    CHECK(retry(with(clock, behind), fail).attempts() == 1);
    CHECK(retry(with(clock, behind), succeed).value() == 1);
    CHECK(clock.elapsed() == 3s);
    bide::concurrency_limit one({.in_flight = 1});
    const auto in_front = with(clock, one, read.gates(), own);
    CHECK(retry(in_front, [&] { return one.in_flight(); }).value() == 1);
    CHECK(clock.elapsed() == 4s);
    CHECK(retry(with(clock, read), succeed).value() == 1);
    CHECK(clock.elapsed() == 5s);
}

TEST_CASE("plan: gates are asked in the right order, whatever the text says", "[json][plan]") {
    virtual_clock clock;
    const auto plan = gated(R"({"pace":{"kind":"leaky_bucket","rate":1},
        "concurrency_limit":{"in_flight":1},"cooldown":{},"circuit_breaker":{},
        "initial_jitter":"0s"})");
    const auto& gates = plan.gates();
    const auto why = [&] { return retry(with(clock, plan), succeed).explain(); };
    const auto contains = [](const char* text) { return Catch::Matchers::ContainsSubstring(text); };
    REQUIRE(retry(with(clock, plan), succeed).ended() == end::done);
    gates.get<bide::leaky_bucket>()->set_rate({.rate = 1, .per = 1h}, clock.now());
    CHECK_THAT(why(), contains("the leaky bucket has no slot before the deadline"));
    bide::ticket other{[](void*) noexcept {}, nullptr};
    REQUIRE(gates.get<bide::concurrency_limit>()->ask(other, {}, clock.now()).says_go());
    const auto before = clock.elapsed();
    CHECK(retry(with(clock, plan), succeed).ended() == end::out_of_time);  // waits for an event
    CHECK(clock.elapsed() > before);
    gates.get<bide::cooldown>()->park(clock.now() + 1h, clock.now());
    const auto parked = retry(with(clock, plan), succeed);
    CHECK(parked.ended() == end::deferred);
    CHECK(*parked.retry_in() >= 1h);
    gates.get<bide::circuit_breaker>()->isolate(clock.now());
    CHECK(retry(with(clock, plan), succeed).ended() == end::refused);
    gates.get<bide::concurrency_limit>()->give_back(other, clock.now());
}

TEST_CASE("plan: what is wrong is named with its place", "[json][plan][errors]") {
    struct row {
        std::string_view text;
        std::string_view message;
    };
    const auto [text, message] = GENERATE(values<row>({
        {R"("gates":[])", "/gates must be an object, got an array"},
        {R"("gates":{"rate":1})",
         "/gates/rate must be one of the keys initial_jitter, circuit_breaker, cooldown, "
         "concurrency_limit, pace, got \"rate\""},
        {R"("gate":{})",
         "/gate must be one of the keys backoff, jitter, max_attempts, max_elapsed, max_hint, "
         "try_timeout, connect_timeout, grace, gates, budget, got \"gate\""},
        {R"("gates":{"initial_jitter":10})",
         "/gates/initial_jitter must be a duration such as \"1.5s\" (units: ns, us, ms, s, m, h), "
         "got 10"},
        {R"("gates":{"cooldown":true})", "/gates/cooldown must be an object, got true"},
        {R"("gates":{"cooldown":{"spreads":1}})",
         "/gates/cooldown/spreads must be one of the keys spread, least_spread, probe_from, "
         "probe_patience, longest, got \"spreads\""},
        {R"("gates":{"cooldown":{"spread":2}})",
         "/gates/cooldown/spread must be from 0 to 1, got 2"},
        {R"("gates":{"cooldown":{"longest":"0s"}})",
         "/gates/cooldown/longest must be > 0, got \"0s\""},
        {R"("gates":{"concurrency_limit":{}})",
         "/gates/concurrency_limit/in_flight must be a whole number, got nothing"},
        {R"("gates":{"concurrency_limit":{"in_flight":-4}})",
         "/gates/concurrency_limit/in_flight must be >= 1, got -4"},
        {R"("gates":{"concurrency_limit":{"in_flight":4,"queue":-1}})",
         "/gates/concurrency_limit/queue must be null or a whole number >= 0, got -1"},
        {R"("gates":{"circuit_breaker":{"opens":"failure_count"}})",
         "/gates/circuit_breaker/opens must be an object such as {\"kind\":\"failure_count\"}, got "
         "\"failure_count\""},
        {R"("gates":{"circuit_breaker":{"opens":{"kind":"failures"}}})",
         "/gates/circuit_breaker/opens/kind must be one of \"failure_count\", \"failure_rate\", "
         "got \"failures\""},
        {R"("gates":{"circuit_breaker":{"opens":{"kind":"failure_rate","failures":1}}})",
         "/gates/circuit_breaker/opens/failures must be one of the keys kind, rate, minimum, "
         "within, steps, of_last, slow_from, slow_rate, got \"failures\""},
        {R"("gates":{"circuit_breaker":{"opens":{"kind":"failure_count","of_last":4}}})",
         "/gates/circuit_breaker/opens/of_last must be 0 or from failures to 1000000, got 4"},
        {R"("gates":{"circuit_breaker":{"opens":{"kind":"failure_count","of_last":-1}}})",
         "/gates/circuit_breaker/opens/of_last must be a whole number >= 0, got -1"},
        {R"("gates":{"circuit_breaker":{"opens":{"kind":"failure_rate","slow_rate":0}}})",
         "/gates/circuit_breaker/opens/slow_rate must be > 0 and <= 1, got 0"},
        {R"("gates":{"circuit_breaker":{"open_for":"30s"}})",
         "/gates/circuit_breaker/open_for must be an object such as {\"kind\":\"exponential\"}, "
         "got \"30s\""},
        {R"("gates":{"circuit_breaker":{"open_for":{"kind":"exponential","factor":0.5}}})",
         "/gates/circuit_breaker/open_for/factor must be finite and >= 1, got 0.5"},
        {R"("gates":{"circuit_breaker":{"failed_probes":1}})",
         "/gates/circuit_breaker/failed_probes must be < probes, got 1"},
        {R"("gates":{"circuit_breaker":{"on_change":"log"}})",
         "/gates/circuit_breaker/on_change must be one of the keys opens, open_for, longest_hint, "
         "probes, failed_probes, hears_all_probes, probe_patience, counts_throttled, got "
         "\"on_change\""},
        {R"("gates":{"pace":{"rate":1}})",
         "/gates/pace/kind must be one of \"quota_pacer\", \"cubic_pacer\", \"token_bucket\", "
         "\"leaky_bucket\", \"sliding_window\", got nothing"},
        {R"("gates":{"pace":"auto"})",
         "/gates/pace must be an object such as {\"kind\":\"quota_pacer\"}, got \"auto\""},
        {R"("gates":{"pace":{"kind":"token_bucket"}})",
         "/gates/pace/rate must be a whole number, got nothing"},
        {R"("gates":{"pace":{"kind":"token_bucket","rate":0.5}})",
         "/gates/pace/rate must be a whole number, got 0.5"},
        {R"("gates":{"pace":{"kind":"token_bucket","rate":0}})",
         "/gates/pace/rate must be 1 to 1000000000, got 0"},
        {R"("gates":{"pace":{"kind":"token_bucket","rate":1,"per":"1h","burst":1000000000}})",
         "/gates/pace/burst must be refilled within 100 years, got 1000000000"},
        {R"("gates":{"pace":{"kind":"token_bucket","rate":1,"per_key":"from"}})",
         "/gates/pace/per_key must be one of the keys kind, rate, per, burst, queue, got "
         "\"per_key\""},
        {R"("gates":{"pace":{"kind":"leaky_bucket","rate":1,"per":"0s"}})",
         "/gates/pace/per must be > 0, got \"0s\""},
        {R"("gates":{"pace":{"kind":"sliding_window","limit":1e7}})",
         "/gates/pace/limit must be 1 to 1000000, got 10000000.0"},
        {R"("gates":{"pace":{"kind":"quota_pacer","utilisation":0}})",
         "/gates/pace/utilisation must be > 0 and <= 1, got 0"},
        {R"("gates":{"pace":{"kind":"cubic_pacer","max_wait":"0s"}})",
         "/gates/pace/max_wait must be > 0, got \"0s\""},
        {R"("budget":{})",
         "/budget/kind must be one of \"retry_budget\", \"retry_quota\", \"retry_throttle\", "
         "\"concurrent_retries\", got nothing"},
        {R"("budget":null)",
         "/budget must be an object such as {\"kind\":\"retry_budget\"}, got null"},
        {R"("budget":{"kind":"retry_budget","window":"2m"})",
         "/budget/window must be from 1s to 60s, got \"2m\""},
        {R"("budget":{"kind":"retry_quota","capacity":-1})",
         "/budget/capacity must be a whole number >= 0, got -1"},
        {R"("budget":{"kind":"retry_throttle","token_ratio":0})",
         "/budget/token_ratio must be from 0.001 to 1000, got 0"},
        {R"("budget":{"kind":"concurrent_retries","least":1e16})",
         "/budget/least must be at most 2^53, got 1e+16"},
    }));
    CHECK(refusal_of("{" + std::string{text} + "}") == message);
}

TEST_CASE("plan: a policy alone has no gates and says who takes them", "[json][plan][errors]") {
    CHECK_THROWS_WITH(bide::policy_from_json(R"({"gates":{},"a":1})"),
                      "policy: /gates must be absent, for a policy shares nothing: plan_from_json "
                      "takes it, got an object");
    CHECK_THROWS_WITH(bide::policy_from_json(R"({"budget":"retry_budget"})"),
                      "policy: /budget must be absent, for a policy shares nothing: plan_from_json "
                      "takes it, got \"retry_budget\"");
}

TEST_CASE("plan: agrees with the corpus", "[json][plan][corpus]") {
    std::size_t plans = 0;
    for (const auto& [verdict, text] : corpus::rows()) {
        CAPTURE(verdict, text);
        if (verdict == "plan") ++plans;
        if (verdict == "good" || verdict == "plan")
            CHECK_NOTHROW(plan_from_json(text));
        else
            CHECK_THROWS_AS(plan_from_json(text), bide::policy_error);
    }
    CHECK(plans >= 30);
}

TEST_CASE("plan: a changed text is a plan or refused with a place", "[json][plan][mutation]") {
    constexpr std::size_t mutants = 500;
    const auto plans = corpus::texts("plan");
    mutator mutate{20261122};
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < mutants; ++i) {
        const auto text = mutate(plans.at(mutate.below(plans.size())));
        CAPTURE(text);
        const auto said = refusal_of(text);
        CHECK_FALSE(said.starts_with("no place"));
        if (said == "accepted") ++accepted;
    }
    CHECK(accepted > mutants / 10);
    CHECK(accepted < mutants * 9 / 10);
}

namespace {

/// Compares the keys and defaults of an object of the schema with the settings that it visits.
class defaults_check {
public:
    defaults_check(const json& schema, const json& object) : schema_{schema}, object_{object} {}

    void operator()(std::string_view key, const bide::timespan& is) {
        CHECK(bide::detail::to_duration(given(key)) == is.get());
    }
    void operator()(std::string_view key, double is) { CHECK(given(key) == is); }
    void operator()(std::string_view key, std::uint64_t is) { CHECK(given(key) == is); }
    void operator()(std::string_view key, bool is) { CHECK(given(key) == is); }
    void operator()(std::string_view key, const bide::any_backoff& is) {
        const auto text = json{{"backoff", given(key)}, {"jitter", "none"}};
        CHECK(bands_of(bide::policy_from_json(text).delays()) == bands_of(is));
    }
    template <class First, class... Rest>
    void operator()(std::string_view key, const std::variant<First, Rest...>& is) {
        CHECK(is.index() == 0);
        CHECK(given(key) == json{{"kind", kind_of(bide::detail::tag<First>{})}});
    }
    void count(std::string_view key, std::uint64_t is) { (*this)(key, is); }
    void required(std::string_view key, std::uint64_t is) {
        CHECK(is == 0);
        CHECK(object_["required"] == json::array({key}));
        CHECK(given(key).is_discarded());
    }
    void or_none(std::string_view key, std::uint64_t is) {
        CHECK(is == UINT64_MAX);
        CHECK(given(key) == nullptr);
    }
    void or_none(std::string_view key, const bide::timespan& is) {
        CHECK(is.get() == duration::max());
        CHECK(given(key) == nullptr);
    }

    [[nodiscard]] std::size_t visited() const { return visited_; }

private:
    json given(std::string_view key) {
        ++visited_;
        CAPTURE(key);
        const auto* property = &object_.at("properties").at(std::string{key});
        if (!property->contains("default") && property->contains("$ref"))
            property =
                &schema_.at(json::json_pointer{(*property)["$ref"].get<std::string>().substr(1)});
        return property->value("default", json(json::value_t::discarded));
    }

    const json& schema_;
    const json& object_;
    std::size_t visited_ = 0;
};

template <class Options>
void check_defaults(const json& schema, const char* name) {
    CAPTURE(name);
    const auto& object = schema["$defs"].at(name);
    Options options;
    defaults_check check{schema, object};
    bide::detail::visit_settings(check, options);
    CHECK(check.visited() == object["properties"].size() - object["properties"].count("kind"));
}

}  // namespace

TEST_CASE("plan: keys and defaults of the schema are the library's", "[json][plan][schema]") {
    std::ifstream file{BIDE_TESTS_DIR "/../include/bide/json/policy.schema.json"};
    const auto schema = json::parse(file);
    check_defaults<bide::circuit_breaker::options>(schema, "circuit_breaker");
    check_defaults<bide::circuit_breaker::failure_count>(schema, "failure_count");
    check_defaults<bide::circuit_breaker::failure_rate>(schema, "failure_rate");
    check_defaults<bide::cooldown::options>(schema, "cooldown");
    check_defaults<bide::concurrency_limit::options>(schema, "concurrency_limit");
    check_defaults<bide::token_bucket::options>(schema, "token_bucket");
    check_defaults<bide::leaky_bucket::options>(schema, "leaky_bucket");
    check_defaults<bide::sliding_window::options>(schema, "sliding_window");
    check_defaults<bide::quota_pacer::options>(schema, "quota_pacer");
    check_defaults<bide::cubic_pacer::options>(schema, "cubic_pacer");
    check_defaults<bide::retry_budget::options>(schema, "retry_budget");
    check_defaults<bide::retry_quota::options>(schema, "retry_quota");
    check_defaults<bide::retry_throttle::options>(schema, "retry_throttle");
    check_defaults<bide::concurrent_retries::options>(schema, "concurrent_retries");
}
