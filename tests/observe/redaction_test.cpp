// SPDX-License-Identifier: MIT
// Nothing that the library tells of an operation holds a secret of it: no credential, no URL, no
// phone number, no message, no text of an exception or of a server.
#include <bide/curl.hpp>
#include <bide/gate.hpp>
#include <bide/json.hpp>
#include <bide/observe.hpp>
#include <bide/testing.hpp>

#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

using namespace std::chrono_literals;
using bide::end;
using nlohmann::json;
using scripted::read_request;
using scripted::send;

namespace {

constexpr auto secrets = std::to_array<std::string_view>({
    "alice", "hunter2", "YWxpY2U6aHVudGVyMg",  // the URL's user, password, and both in base64
    "k-4711",                                  // ?api_key=
    "tok-9c1f",                                // Authorization
    "15550100",                                // whom the message is for
    "Your code is",                            // and what it says
    "initech",                                 // the path names the customer
    "idem-77",                                 // the idempotency key
});

constexpr auto everything =
    "http://alice:hunter2@host/initech?api_key=k-4711 YWxpY2U6aHVudGVyMg tok-9c1f to 15550100: "
    "Your code is 0815, idem-77";

/// The secrets that are in the text.
std::vector<std::string_view> found_in(std::string_view text) {
    std::vector<std::string_view> found;
    for (const auto s : secrets)
        if (text.find(s) != std::string_view::npos) found.push_back(s);
    return found;
}

std::string spell(const bide::event& e) {
    std::ostringstream text;
    text << to_string(e.kind) << ' ' << e.attempt << ' ' << e.at.time_since_epoch().count() << ' '
         << to_string(e.found.verdict) << ' ' << to_string(e.found.certainty) << ' '
         << (e.found.hint ? e.found.hint->count() : -1) << ' ' << e.found.status << ' '
         << e.found.error << ' ' << e.wait.count() << ' ' << to_string(e.ended) << ' '
         << to_string(e.stopped_by) << ' ' << to_string(e.certainty) << ' ' << e.inner_retries
         << ' ' << (e.reason != nullptr ? e.reason : "") << '\n';
    return text.str();
}

/// Hears and keeps all that is told of operations.
class witness {
public:
    auto plan() {
        return bide::with(
            clock_, [this](const bide::event& e) { text_ += spell(e); }, counters_, lines_,
            bide::policy(bide::constant(1s), bide::max_attempts(3),
                         bide::policy_options{.try_timeout = 5s, .connect_timeout = 5s}));
    }

    template <class T>
    void hear(const bide::outcome<T>& what) {
        text_ += what.explain() + json(what.facts()).dump();
        try {
            (void)what.value();
        } catch (const bide::gave_up& e) {
            text_ += e.what() + json(e.facts()).dump();
        } catch (...) {
            // The last exception itself: what it says is its thrower's.
        }
    }
    void hear(std::string_view text) { text_ += text; }

    /// All of it.
    [[nodiscard]] std::string told() const {
        return text_ + lines_text_.str() + prometheus_text(counters_.snapshot());
    }

private:
    bide::virtual_clock clock_{};
    bide::counters counters_{};
    std::ostringstream lines_text_{};
    bide::json_lines lines_{lines_text_, {}, [this] { return clock_.wall(); }};
    std::string text_{};
};

void check_no_leak(const witness& w) {
    const auto leaked = found_in(w.told());
    CAPTURE(leaked);
    CHECK(leaked.empty());
}

/// A request full of secrets; `url` as a server on loopback has it.
bide::curl::request request_to(std::string url) {
    static constexpr bide::http::profile acme{
        .name = "acme", .key_header = "Idempotency-Key", .key_life = 24h};
    url.insert(std::string_view{"http://"}.size(), "alice:hunter2@");
    return {.url = url + "initech/messages?api_key=k-4711&to=15550100",
            .method = "POST",
            .headers = {{"Authorization", "Bearer tok-9c1f"}, {"X-Customer", "initech"}},
            .body = R"({"to":"15550100","text":"Your code is 0815"})",
            .idempotency_key = "idem-77",
            .profile = &acme,
            .setup = [](CURL* easy) { curl_easy_setopt(easy, CURLOPT_PROXY, ""); }};
}

/// A response that repeats the secrets wherever it can.
std::string echo(std::string_view status) {
    return scripted::response(
        std::string{status} + " for 15550100",
        "Retry-After: tok-9c1f\r\nLocation: http://alice:hunter2@x/initech\r\n"
        "X-RateLimit-Limit: k-4711\r\nWWW-Authenticate: Basic alice\r\n",
        everything);
}

/// Makes the callable's ends by turns: throws what there is to throw.
[[noreturn]] void fail(int how) {
    switch (how) {
        case 0:
            throw std::runtime_error{everything};
        case 1:
            throw std::logic_error{everything};
        case 2:
            throw bide::ambiguous(std::runtime_error{everything});
        case 3:
            throw bide::throttled(std::runtime_error{everything}, 2s);
        case 4:
            throw bide::permanent(std::runtime_error{everything});
        case 5:
            throw std::string{everything};
        default:
            std::throw_with_nested(bide::ambiguous(std::invalid_argument{everything}));
    }
}

/// As what is thrown for a setting that cannot be says it.
std::string refusal(const std::function<void()>& what) {
    try {
        what();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    FAIL("nothing was refused");
    return {};
}

}  // namespace

TEST_CASE("redaction: the check itself finds what leaks", "[observe][redaction]") {
    CHECK(found_in(everything).size() == secrets.size());
    witness w;
    w.hear(std::string{"number 15550100"});
    CHECK(found_in(w.told()) == std::vector<std::string_view>{"15550100"});
}

TEST_CASE("redaction: responses that repeat what was sent", "[observe][redaction]") {
    const auto* status = GENERATE("200", "302", "400", "401", "429", "500", "503");
    CAPTURE(status);
    scripted::server server{{{scripted::serve(echo(status))}}};
    witness w;
    auto r = request_to(server.url());
    const auto sent = bide::curl::perform(r, w.plan());
    REQUIRE(sent.last() != nullptr);
    CHECK_FALSE(found_in(sent.last()->body).empty());
    w.hear(sent);
    CHECK(server.requests().at(0).field("authorization") == "Bearer tok-9c1f");
    check_no_leak(w);
    CHECK_FALSE(w.told().empty());
}

TEST_CASE("redaction: transfers that fail", "[observe][redaction]") {
    witness w;
    SECTION("after the request was sent") {
        scripted::server server{{{read_request(), scripted::reset()},
                                 {read_request(), send("HTTP/1.1 tok-9c1f\r\n"), scripted::reset()},
                                 {read_request(), send("15550100 alice hunter2\r\n\r\n")}}};
        auto r = request_to(server.url());
        r.idempotency_key = GENERATE("", "idem-77");
        const auto sent = bide::curl::perform(r, w.plan());
        CHECK(sent.ended() == end::unknown);
        w.hear(sent);
    }
    SECTION("before") {
        const scripted::closed_port port;
        w.hear(bide::curl::perform(request_to(port.url()), w.plan()));
    }
    SECTION("in the caller's own setup") {
        auto r = request_to("http://127.0.0.1:9/");
        r.setup = [](CURL*) { throw std::runtime_error{everything}; };
        w.hear(bide::curl::perform(r, w.plan()));
    }
    SECTION("on the caller's own handle") {
        scripted::server server{{{scripted::serve(echo("401"))}}};
        const auto url = request_to(server.url()).url;
        const bide::curl::handle h;
        curl_easy_setopt(h.get(), CURLOPT_PROXY, "");
        curl_easy_setopt(h.get(), CURLOPT_URL, url.c_str());
        curl_easy_setopt(h.get(), CURLOPT_USERPWD, "alice:hunter2");
        curl_easy_setopt(
            h.get(), CURLOPT_WRITEFUNCTION,
            +[](char*, std::size_t, std::size_t n, void*) { return n; });
        w.hear(bide::curl::perform(h.get(), w.plan()));
        CHECK(
            server.requests().at(0).field("authorization").starts_with("Basic YWxpY2U6aHVudGVyMg"));
    }
    check_no_leak(w);
}

TEST_CASE("redaction: requests that cannot be sent", "[observe][redaction][errors]") {
    auto r = request_to("http://127.0.0.1:9/");
    SECTION("URL") { r.url.replace(0, 4, "gopher"); }
    SECTION("URL without a host") { r.url = "alice:hunter2@/?api_key=k-4711"; }
    SECTION("header") { r.headers[0].value += "\n"; }
    SECTION("body") {
        r.method = "HEAD";
        r.body = everything;
    }
    SECTION("idempotency key") { r.idempotency_key += " 15550100\n"; }
    SECTION("idempotency key that nobody honours") { r.profile = &bide::http::profiles::generic; }
    SECTION("both key and header") { r.headers.push_back({"Idempotency-Key", "idem-77"}); }
    SECTION("attempt header") {
        r.headers[0].name = "X-Attempt";
        r.attempt_header = "X-Attempt";
    }
    witness w;
    w.hear(refusal([&] { (void)bide::curl::perform(r, w.plan()); }));
    check_no_leak(w);
}

TEST_CASE("redaction: exceptions of a callable", "[observe][redaction]") {
    const auto how = GENERATE(range(0, 7));
    CAPTURE(how);
    witness w;
    w.hear(bide::retry(w.plan(), [&] { fail(how); }));
    w.hear(bide::retry(w.plan(), bide::idempotent([&] { fail(how); })));
    w.hear(bide::retry(w.plan(), bide::once_only([&] { fail(how); })));
    check_no_leak(w);
}

TEST_CASE("redaction: results, nested operations and gates", "[observe][redaction]") {
    witness w;
    SECTION("a result that was rejected") {
        const auto always =
            bide::policy(bide::constant(1s), bide::max_attempts(2),
                         bide::classify(bide::retry_if([](const std::string&) { return true; })));
        bide::virtual_clock clock;
        w.hear(bide::retry(bide::with(clock, always), [] { return std::string{everything}; }));
    }
    SECTION("an operation inside another") {
        w.hear(bide::retry(
            w.plan(), [&] { bide::retry(w.plan(), bide::once_only([] { fail(0); })).value(); }));
    }
    SECTION("a full gate") {
        bide::concurrency_limit gate({.in_flight = 1, .queue = 0});
        w.hear(bide::retry(bide::with(gate, w.plan()), [&] {
            w.hear(bide::retry(bide::with(gate, w.plan()), [] { fail(0); }));
            fail(2);
        }));
    }
    check_no_leak(w);
}
