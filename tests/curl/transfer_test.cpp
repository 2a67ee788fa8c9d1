// SPDX-License-Identifier: MIT
#include <bide/curl/transfer.hpp>  // first, to prove that the header stands alone

#include <bide/curl/handle.hpp>
#include <bide/testing.hpp>

#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <chrono>
#include <limits>
#include <string>

#include <curl/curl.h>

using namespace std::chrono_literals;
using namespace fixture;
using bide::certainty;
using bide::verdict;
using bide::curl::try_options;
using scripted::ok;
using scripted::read_request;
using scripted::send;
using scripted::serve;

namespace {

const try_options relaxed{.time = {.connect = 5s, .whole = 5s}};

}  // namespace

TEST_CASE("transfer: durations reach libcurl upward, never as 'no limit'",
          "[curl][transfer][time]") {
    using bide::curl::detail::to_ms;
    CHECK(to_ms(1ms) == 1);
    CHECK(to_ms(1ns) == 1);
    CHECK(to_ms(0s) == 1);
    CHECK(to_ms(-1s) == 1);
    CHECK(to_ms(1000001ns) == 2);
    CHECK(to_ms(10s) == 10'000);
    CHECK(to_ms(bide::duration::max()) == std::numeric_limits<int>::max());
}

TEST_CASE("transfer: one try, with what there is to know of it", "[curl][transfer]") {
    bide::virtual_clock clock;
    scripted::server server{
        {{read_request(), send(scripted::response("201 Made", "X-Id: 7\r\n", "body"))}}};
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), post(server.url()), relaxed, clock);
    CHECK(r.status == 201);
    CHECK(r.body == "body");
    CHECK(r.code == CURLE_OK);
    CHECK(r.error.empty());
    CHECK(r.sends == 1);
    CHECK(r.found.verdict == verdict::success);
    CHECK(r.time.connected > 0s);
    CHECK(r.time.first_byte >= r.time.connected);
    CHECK(r.time.total >= r.time.first_byte);
}

TEST_CASE("transfer: a date is relative to the world's clock if the server tells none",
          "[curl][transfer][retry_after]") {
    // 1994-11-06 08:49:27 UTC
    bide::virtual_clock clock{1, bide::wall_time{784111767s}};
    scripted::server server{
        {{serve(scripted::response("429 No", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"))}}};
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), post(server.url()), relaxed, clock);
    CHECK(r.found.hint == bide::duration{10s});
}

TEST_CASE("transfer: the last header block of several is the response's",
          "[curl][transfer][auth]") {
    bide::virtual_clock clock;
    const auto challenge = scripted::response(
        "401 Who",
        "X-Which: first\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n",
        "who?");
    scripted::server server{{{read_request(), send(challenge), read_request(),
                              send(scripted::response("200 OK", "", "you"))}}};
    auto request = post(server.url());
    request.setup = [](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_DIGEST));
        curl_easy_setopt(easy, CURLOPT_USERPWD, "user:word");
    };
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), request, relaxed, clock);
    CHECK(r.status == 200);
    CHECK(r.body == "you");
    CHECK(r.find("X-Which") == nullptr);
    CHECK(r.sends == 2);
}

TEST_CASE("transfer: an old status is not the last send's", "[curl][transfer][redirect]") {
    bide::virtual_clock clock;
    const scripted::closed_port nobody;
    scripted::server server{
        {{serve(scripted::response("307 There", "Location: " + nobody.url() + "\r\n"))}}};
    auto request = post(server.url());
    request.setup = [](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    };
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), request, relaxed, clock);
    CHECK(r.code == CURLE_COULDNT_CONNECT);
    CHECK(r.found.certainty == certainty::ambiguous);
    CHECK(r.found.verdict == verdict::transient);
}

TEST_CASE("transfer: folded and odd header lines", "[curl][transfer][header]") {
    bide::virtual_clock clock;
    scripted::server server{{{serve(scripted::response(
        "200 OK",
        "X-Folded: one\r\n\t two\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Empty:\r\nX-Colon: a:b\r\n"))}}};
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), get(server.url()), relaxed, clock);
    REQUIRE(r.find("x-folded") != nullptr);
    CHECK(*r.find("x-folded") == "one two");
    CHECK(*r.find("x-twice") == "1");
    CHECK(r.find("x-empty")->empty());
    CHECK(*r.find("x-colon") == "a:b");
}

TEST_CASE("transfer: the caller's own stop ends it", "[curl][transfer][callback]") {
    bide::virtual_clock clock;
    scripted::server server{{{read_request(), scripted::stall()}}};
    auto request = get(server.url());
    request.setup = [](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(
            easy, CURLOPT_XFERINFOFUNCTION,
            +[](void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return 1; });
    };
    const bide::curl::handle h;
    const auto r = bide::curl::transfer(h.get(), request, relaxed, clock);
    CHECK(r.code == CURLE_ABORTED_BY_CALLBACK);
    CHECK(r.found.verdict == verdict::permanent);
}

TEST_CASE("transfer: the handle keeps nothing of the request", "[curl][transfer]") {
    bide::virtual_clock clock;
    scripted::server server{{{serve(ok())}}};
    const bide::curl::handle h;
    auto request = post(server.url());
    request.headers = {{"Authorization", "Bearer secret"}};
    CHECK(bide::curl::transfer(h.get(), request, relaxed, clock).status == 200);
    direct(h.get());
    curl_easy_setopt(h.get(), CURLOPT_URL, server.url().c_str());
    CHECK(curl_easy_perform(h.get()) == CURLE_OK);
    const auto seen = server.requests(2);
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].head.starts_with("GET "));
    CHECK(seen[1].field("authorization").empty());
}
