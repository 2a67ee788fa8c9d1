// SPDX-License-Identifier: MIT
#include <bide/curl/guard.hpp>  // first, to prove that the header stands alone

#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <curl/curl.h>

using namespace std::chrono_literals;
using namespace fixture;
using bide::curl::send_guard;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::send;
using scripted::serve;

namespace {

/// The second request on the first connection is read and dies; a second connection answers.
std::vector<scripted::script> dies_when_reused() {
    return {{read_request(), send(ok()), read_request(), finish()}, {serve(ok())}};
}

}  // namespace

TEST_CASE("guard: a first send is let through and counted", "[curl][guard]") {
    scripted::server server{{{serve(ok())}}};
    plain_handle h{server.url()};
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_OK);
    CHECK(guard.sends() == 1);
    CHECK(guard.sent());
    CHECK_FALSE(guard.vetoed());
    CHECK(guard.last_send_replied());
}

TEST_CASE("guard: without a connection nothing is sent", "[curl][guard]") {
    const scripted::closed_port nobody;
    plain_handle h{nobody.url()};
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_COULDNT_CONNECT);
    CHECK(guard.sends() == 0);
    CHECK_FALSE(guard.sent());
    CHECK_FALSE(guard.last_send_replied());
}

TEST_CASE("guard: the hidden second send is vetoed", "[curl][guard][resend]") {
    scripted::server server{dies_when_reused()};
    plain_handle h{server.url()};
    REQUIRE(h.post("a") == CURLE_OK);
    const send_guard guard{h.get(), {}};
    CHECK(h.post("b") == CURLE_ABORTED_BY_CALLBACK);
    CHECK(guard.vetoed());
    CHECK(guard.sent());
    CHECK_FALSE(guard.last_send_replied());
    CHECK(deliveries(server.requests(), "b") == 1);
}

TEST_CASE("guard: a second send is no resend if nothing went out with the first",
          "[curl][guard][resend]") {
    // The server closes just before libcurl writes: after the connection was chosen.
    std::promise<void> chosen;
    std::promise<void> closed;
    scripted::server server{
        {{read_request(), send(ok()), scripted::run([&] { chosen.get_future().wait(); }),
          scripted::reset_now(), scripted::run([&] { closed.set_value(); })},
         {serve(ok())}}};
    struct state {
        std::promise<void>* chosen;
        std::future<void> closed;
        int calls = 0;
    } shared{&chosen, closed.get_future()};
    const auto callback = [](void* data, char*, char*, int, int) -> int {
        auto& s = *static_cast<state*>(data);
        if (++s.calls == 1) {
            s.chosen->set_value();
            s.closed.wait();
        }
        return CURL_PREREQFUNC_OK;
    };
    plain_handle h{server.url()};
    REQUIRE(h.post("a") == CURLE_OK);
    const send_guard guard{h.get(), {.chained = callback, .chained_data = &shared}};
    CHECK(h.post("b") == CURLE_OK);
    CHECK_FALSE(guard.vetoed());
    CHECK(guard.sends() == 2);
    CHECK(deliveries(server.requests(), "b") == 1);
}

TEST_CASE("guard: what may be repeated is only counted", "[curl][guard][resend]") {
    scripted::server server{dies_when_reused()};
    plain_handle h{server.url()};
    REQUIRE(h.post("a") == CURLE_OK);
    const send_guard guard{h.get(), {.repeatable = true}};
    CHECK(h.post("b") == CURLE_OK);
    CHECK(guard.sends() == 2);
    CHECK(guard.last_send_replied());
    CHECK(deliveries(server.requests(), "b") == 2);
}

TEST_CASE("guard: at its end the handle is libcurl's again", "[curl][guard]") {
    scripted::server server{dies_when_reused()};
    plain_handle h{server.url()};
    {
        const send_guard guard{h.get(), {}};
        REQUIRE(h.post("a") == CURLE_OK);
    }
    CHECK(h.post("b") == CURLE_OK);
    CHECK(deliveries(server.requests(), "b") == 2);
}

TEST_CASE("guard: a redirect is not a resend", "[curl][guard][redirect]") {
    scripted::server server{
        {{read_request(), send(scripted::response("307 There", "Location: /there\r\n")),
          read_request(), send(ok())}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 1L);
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_OK);
    CHECK(guard.sends() == 2);
    CHECK_FALSE(guard.vetoed());
    CHECK(guard.last_send_replied());
}

TEST_CASE("guard: a resend after a redirect is one", "[curl][guard][redirect][resend]") {
    scripted::server server{
        {{read_request(), send(scripted::response("307 There", "Location: /there\r\n")),
          read_request(), finish()},
         {serve(ok())}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 1L);
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_ABORTED_BY_CALLBACK);
    CHECK(guard.sends() == 2);
    CHECK(guard.vetoed());
    CHECK_FALSE(guard.last_send_replied());
    CHECK(server.requests().size() == 2);
}

TEST_CASE("guard: a redirect to where nobody listens was no reply to the last send",
          "[curl][guard][redirect]") {
    const scripted::closed_port nobody;
    scripted::server server{
        {{serve(scripted::response("307 There", "Location: " + nobody.url() + "\r\n"))}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 1L);
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_COULDNT_CONNECT);
    CHECK(guard.sent());
    CHECK_FALSE(guard.last_send_replied());
}

TEST_CASE("guard: an authentication round is not a resend", "[curl][guard][auth]") {
    const auto challenge = scripted::response(
        "401 Who",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5\r\n");
    scripted::server server{{{read_request(), send(challenge), read_request(), send(ok())}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_DIGEST));
    curl_easy_setopt(h.get(), CURLOPT_USERPWD, "user:word");
    const send_guard guard{h.get(), {}};
    CHECK(h.post("a") == CURLE_OK);
    CHECK(guard.sends() == 2);
    CHECK(deliveries(server.requests(), "a") == 1);
}

TEST_CASE("guard: the chained callback is called after it, and may say no or throw",
          "[curl][guard][callback]") {
    struct state {
        int calls = 0;
        int port = 0;
        int answer = CURL_PREREQFUNC_OK;
        bool throws = false;
    } seen;
    scripted::server server{{{serve(ok())}}};
    plain_handle h{server.url()};
    const auto callback = [](void* data, char*, char*, int port, int) -> int {
        auto& s = *static_cast<state*>(data);
        ++s.calls;
        s.port = port;
        if (s.throws) throw std::out_of_range{"mine"};
        return s.answer;
    };
    SECTION("yes") {
        const send_guard guard{h.get(), {.chained = callback, .chained_data = &seen}};
        CHECK(h.post("a") == CURLE_OK);
        CHECK(seen.calls == 1);
        CHECK(seen.port == server.port());
    }
    SECTION("no") {
        seen.answer = CURL_PREREQFUNC_ABORT;
        const send_guard guard{h.get(), {.chained = callback, .chained_data = &seen}};
        CHECK(h.post("a") == CURLE_ABORTED_BY_CALLBACK);
        CHECK(guard.sends() == 0);
        CHECK_FALSE(guard.vetoed());
    }
    SECTION("throws") {
        seen.throws = true;
        const send_guard guard{h.get(), {.chained = callback, .chained_data = &seen}};
        CHECK(h.post("a") == CURLE_ABORTED_BY_CALLBACK);
        CHECK_FALSE(guard.sent());
        REQUIRE(guard.thrown());
        CHECK_THROWS_AS(std::rethrow_exception(guard.thrown()), std::out_of_range);
    }
    CHECK(server.requests().size() ==
          (seen.answer == CURL_PREREQFUNC_OK && !seen.throws ? 1U : 0U));
}

TEST_CASE("guard: a method that is not what was told stops the send", "[curl][guard]") {
    scripted::server server{{{serve(ok())}}};
    plain_handle h{server.url()};
    const send_guard guard{h.get(), {.method = "GET"}};
    CHECK(h.post("a") == CURLE_ABORTED_BY_CALLBACK);
    REQUIRE(guard.thrown());
    CHECK_THROWS_WITH(std::rethrow_exception(guard.thrown()),
                      "bide::curl::hooks: method must be what the handle sends, POST, got GET");
    CHECK(server.requests().empty());
}

TEST_CASE("limit_reuse: which connection is used", "[curl][guard][reuse]") {
    scripted::server server{{{serve(ok())}, {serve(ok())}}};
    plain_handle h{server.url()};
    REQUIRE(h.post("a") == CURLE_OK);
    SECTION("a young one") {
        bide::curl::limit_reuse(h.get(), {.within = 2s});
        REQUIRE(h.post("b") == CURLE_OK);
        CHECK(server.connections() == 1);
    }
    SECTION("none, if the window is less than libcurl can measure") {
        bide::curl::limit_reuse(h.get(), {.within = 1999ms});
        REQUIRE(h.post("b") == CURLE_OK);
        CHECK(server.connections() == 2);
    }
    SECTION("any, if it may be repeated") {
        bide::curl::limit_reuse(h.get(), {.repeatable = true});
        REQUIRE(h.post("b") == CURLE_OK);
        CHECK(server.connections() == 1);
    }
    SECTION("a new one, if the last one failed") {
        bide::curl::limit_reuse(h.get(), {.repeatable = true, .fresh = true});
        REQUIRE(h.post("b") == CURLE_OK);
        CHECK(server.connections() == 2);
    }
    SECTION("no window is too long") {
        bide::curl::limit_reuse(h.get(), {.within = bide::duration::max()});
        REQUIRE(h.post("b") == CURLE_OK);
        CHECK(server.connections() == 1);
    }
}
