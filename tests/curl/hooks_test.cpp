// SPDX-License-Identifier: MIT
#include <bide/curl/hooks.hpp>  // first, to prove that the header stands alone

#include <bide/curl/perform.hpp>
#include <bide/testing.hpp>

#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>

#include <curl/curl.h>

using namespace std::chrono_literals;
using namespace fixture;
using bide::certainty;
using bide::end;
using bide::with;
using bide::curl::perform;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::send;
using scripted::serve;

TEST_CASE("hooks: a handle of the user's is retried, its response goes where he said",
          "[curl][hooks]") {
    bide::virtual_clock clock;
    scripted::server server{
        {{read_request(), send(scripted::response("503 No", "Retry-After: 4\r\nX-Id: 1\r\n")),
          read_request(), send(scripted::response("200 OK", "X-Id: 2\r\n", "mine"))}}};
    plain_handle h{server.url()};
    const auto sent = perform(h.get(), with(clock, tries(3)), {.method = "GET"});
    CHECK(sent.ended() == end::done);
    CHECK(sent.attempts() == 2);
    CHECK(clock.elapsed() >= 4s);
    CHECK(h.body == "mine");
    CHECK(sent.last()->body.empty());
    REQUIRE(sent.last()->find("x-id") != nullptr);
    CHECK(*sent.last()->find("x-id") == "2");
}

TEST_CASE("hooks: without a word a handle is not sent again", "[curl][hooks]") {
    bide::virtual_clock clock;
    scripted::server server{{{read_request(), finish()}, {serve(ok())}}};
    plain_handle h{server.url()};
    SECTION("none") { CHECK(perform(h.get(), with(clock, tries(3))).ended() == end::unknown); }
    SECTION("its method") {
        CHECK(perform(h.get(), with(clock, tries(3)), {.method = "GET"}).ended() == end::done);
    }
    SECTION("the caller's") {
        CHECK(perform(h.get(), with(clock, tries(3)), {.idempotent = true}).ended() == end::done);
    }
    SECTION("a key's") {
        CHECK(
            perform(h.get(), with(clock, tries(3)), {.has_key = true, .profile = &acme}).ended() ==
            end::done);
    }
}

TEST_CASE("hooks: a false word about the method is found out, unsent", "[curl][hooks][errors]") {
    scripted::server server{{{serve(ok())}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_POSTFIELDS, "sms=1");
    const auto sent = perform(h.get(), tries(3), {.method = "GET"});
    CHECK(sent.ended() == end::permanent);
    CHECK(sent.certainty() == certainty::not_sent);
    CHECK_THROWS_AS(sent.value(), std::invalid_argument);
    CHECK(server.requests().empty());
}

TEST_CASE("hooks: a byte that the user got needs reset", "[curl][hooks][reset]") {
    bide::virtual_clock clock;
    scripted::server server{
        {{read_request(), send(scripted::response("429 No", "Retry-After: 2\r\n", "busy")),
          read_request(), send(ok("fine"))}}};
    plain_handle h{server.url()};
    SECTION("without it the try is the last; when to come back is known") {
        const auto sent = perform(h.get(), with(clock, tries(3)), {.method = "GET"});
        CHECK(sent.ended() == end::permanent);
        CHECK(sent.certainty() == certainty::rejected);
        CHECK(sent.retry_in() == bide::duration{2s});
        CHECK(sent.last()->error ==
              "a part of the response was delivered, and hooks.reset is missing");
        CHECK(h.body == "busy");
    }
    SECTION("with it there is another") {
        auto resets = 0;
        const auto sent = perform(h.get(), with(clock, tries(3)), {.method = "GET", .reset = [&] {
                                                                       ++resets;
                                                                       h.body.clear();
                                                                   }});
        CHECK(sent.ended() == end::done);
        CHECK(resets == 1);
        CHECK(h.body == "fine");
    }
    SECTION("it may change what the retry sends") {
        auto* header = curl_slist_append(nullptr, "X-Attempt: 2");
        const auto sent = perform(h.get(), with(clock, tries(3)),
                                  {.method = "GET", .reset = [&] {
                                       curl_easy_setopt(h.get(), CURLOPT_HTTPHEADER, header);
                                   }});
        CHECK(sent.ended() == end::done);
        const auto seen = server.requests();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].field("x-attempt").empty());
        CHECK(seen[1].field("x-attempt") == "2");
        curl_slist_free_all(header);
    }
    SECTION("what it throws is a try that was not sent") {
        const auto sent =
            perform(h.get(), with(clock, tries(3)),
                    {.method = "GET", .reset = [] { throw std::out_of_range{"mine"}; }});
        CHECK(sent.ended() == end::permanent);
        CHECK(sent.attempts() == 2);
        CHECK_THROWS_AS(sent.value(), std::out_of_range);
        CHECK(server.requests().size() == 1);
    }
}

TEST_CASE("hooks: a body is read where the user keeps it", "[curl][hooks][body]") {
    bide::virtual_clock clock;
    scripted::server server{{{read_request(), send(ok("busy")), read_request(), send(ok("fine"))}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_POSTFIELDS, "sms=1");
    bide::curl::hooks hooks{.method = "POST", .profile = &told, .read = read_told, .body = &h.body};
    SECTION("a refusal in it is one") {
        hooks.reset = [&] { h.body.clear(); };
        const auto sent = perform(h.get(), with(clock, tries(3)), hooks);
        CHECK(sent.ended() == end::done);
        CHECK(sent.attempts() == 2);
        CHECK(clock.elapsed() >= 3s);
    }
    SECTION("without reset there is no other try") {
        const auto sent = perform(h.get(), with(clock, tries(3)), hooks);
        CHECK(sent.ended() == end::permanent);
        CHECK(sent.certainty() == certainty::rejected);
        CHECK(sent.retry_in() == bide::duration{3s});
    }
    SECTION("two of them are none") {
        hooks.reset = [] {};
        const auto sent = perform(h.get(), with(clock, tries(3)), hooks);
        CHECK(sent.ended() == end::unknown);
        CHECK(sent.attempts() == 2);
    }
}

TEST_CASE("hooks: an old body is not that of an empty response", "[curl][hooks][body]") {
    bide::virtual_clock clock;
    scripted::server server{{{serve(ok(""))}}};
    plain_handle h{server.url()};
    h.body = "busy";
    curl_easy_setopt(h.get(), CURLOPT_POSTFIELDS, "sms=1");
    const auto sent =
        perform(h.get(), with(clock, tries(3)),
                {.method = "POST", .profile = &told, .read = read_told, .body = &h.body});
    CHECK(sent.ended() == end::unknown);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("hooks: the user's pre-request callback is called in every try",
          "[curl][hooks][callback]") {
    bide::virtual_clock clock;
    auto calls = 0;
    scripted::server server{
        {{read_request(), send(scripted::response("503 No")), read_request(), send(ok())}}};
    plain_handle h{server.url()};
    const auto sent = perform(h.get(), with(clock, tries(3)),
                              {.method = "GET",
                               .prereq =
                                   [](void* data, char*, char*, int, int) {
                                       ++*static_cast<int*>(data);
                                       return CURL_PREREQFUNC_OK;
                                   },
                               .prereq_data = &calls});
    CHECK(sent.ended() == end::done);
    CHECK(calls == 2);
}

TEST_CASE("hooks: what the user's pre-request callback throws comes out",
          "[curl][hooks][callback]") {
    bide::virtual_clock clock;
    const scripted::script redirects{
        serve(scripted::response("307 There", "Location: /there\r\n"))};
    scripted::server server{{redirects, redirects}};
    plain_handle h{server.url()};
    const auto calls_before = GENERATE(0, 1);
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(h.get(), CURLOPT_POSTFIELDS, "a");
    auto left = calls_before;
    const auto sent = perform(h.get(), with(clock, tries(3)),
                              {.method = "POST",
                               .prereq =
                                   [](void* data, char*, char*, int, int) {
                                       if ((*static_cast<int*>(data))-- == 0)
                                           throw std::out_of_range{"mine"};
                                       return CURL_PREREQFUNC_OK;
                                   },
                               .prereq_data = &left});
    CHECK(server.requests().size() == static_cast<std::size_t>(calls_before));
    if (calls_before == 0) {
        CHECK(sent.ended() == end::permanent);
        CHECK(sent.certainty() == certainty::not_sent);
        CHECK_THROWS_AS(sent.value(), std::out_of_range);
    } else {
        CHECK(sent.ended() == end::unknown);
        REQUIRE(sent.error());
        try {
            std::rethrow_exception(sent.error());
        } catch (const std::exception& e) {
            CHECK_THROWS_AS(std::rethrow_if_nested(e), std::out_of_range);
        }
    }
    // The handle is the user's again.
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 0L);
    CHECK(h.perform() == CURLE_OK);
}

TEST_CASE("hooks: afterwards the owned options are libcurl's defaults", "[curl][hooks][options]") {
    scripted::server server{
        {{read_request(), send(ok()), read_request(), scripted::wait(400ms), send(ok())}}};
    plain_handle h{server.url()};
    REQUIRE(perform(h.get(), tries(1, 300ms), {.reuse_within = 0s}).ended() == end::done);
    // No timeout of ours, no new connection; that nothing is vetoed is in guard_test.cpp.
    CHECK(h.perform() == CURLE_OK);
    CHECK(server.connections() == 1);
}

TEST_CASE("hooks: a retry after a broken connection does not try the next old one",
          "[curl][hooks][reuse]") {
    bide::virtual_clock clock;
    const scripted::script breaks_at_second{read_request(), send(ok()), read_request(),
                                            send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")};
    scripted::server server{{breaks_at_second, breaks_at_second, {serve(ok())}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_FRESH_CONNECT, 1L);
    REQUIRE(h.perform() == CURLE_OK);
    REQUIRE(h.perform() == CURLE_OK);
    const auto sent = perform(h.get(), with(clock, tries(3)), {.method = "GET"});
    CHECK(sent.ended() == end::done);
    CHECK(sent.attempts() == 2);
    CHECK(server.connections() == 3);
}

TEST_CASE("hooks: a status of an earlier hop is not the answer", "[curl][hooks][redirect]") {
    const scripted::closed_port nobody;
    scripted::server server{
        {{serve(scripted::response("307 There", "Location: " + nobody.url() + "\r\n"))}}};
    plain_handle h{server.url()};
    curl_easy_setopt(h.get(), CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(h.get(), CURLOPT_POSTFIELDS, "sms=1");
    const auto sent = perform(h.get(), tries(3), {.method = "POST"});
    CHECK(sent.ended() == end::unknown);
    CHECK(sent.last()->status == 0);
    CHECK(sent.last()->headers.empty());
}

TEST_CASE("hooks: what makes no sense is refused", "[curl][hooks][errors]") {
    plain_handle h{"http://127.0.0.1:1/"};
    CHECK_THROWS_WITH(perform(static_cast<CURL*>(nullptr), tries(1)),
                      "bide::curl::perform: the handle must not be null");
    CHECK_THROWS_WITH(perform(h.get(), tries(1), {.profile = nullptr}),
                      "bide::curl::hooks: profile must not be null");
    CHECK_THROWS_WITH(perform(h.get(), tries(1), {.read = nullptr}),
                      "bide::curl::hooks: read must not be null");
    CHECK_THROWS_WITH(
        perform(h.get(), tries(1), {.profile = &told, .body = &h.body}),
        "bide::curl::hooks: read must be a reader of bodies such as &bide::json::read with "
        "profile told, whose refusals may come as a 2xx, got &bide::http::read");
    CHECK_THROWS_WITH(
        perform(h.get(), tries(1), {.profile = &told, .read = read_told}),
        "bide::curl::hooks: body must be where your WRITEFUNCTION puts it with profile told, whose "
        "refusals may come as a 2xx, got null");
    CHECK_THROWS_WITH(
        perform(h.get(), tries(1), {.has_key = true}),
        "bide::curl::hooks: has_key must be false with profile generic, which honours no key");
    CHECK_THROWS_WITH(perform(h.get(), tries(1), {.key_age = -1s}),
                      "bide::curl::hooks: key_age must be >= 0, got -1s");
    CHECK_THROWS_WITH(perform(h.get(), tries(1), {.reuse_within = -1s}),
                      "bide::curl::hooks: reuse_within must be >= 0, got -1s");
}
