// SPDX-License-Identifier: MIT
#include <bide/curl/code.hpp>  // first, to prove that the header stands alone

#include <bide/http/profile.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <curl/curl.h>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::curl::evidence;
using bide::curl::judge;
using bide::curl::of_code;
using bide::curl::response;

static_assert(of_code(CURLE_COULDNT_CONNECT, false).certainty == certainty::not_sent);
static_assert(of_code(CURLE_COULDNT_CONNECT, true).certainty == certainty::ambiguous);
static_assert(of_code(CURLE_OPERATION_TIMEDOUT, true).error == 28);

namespace {

bide::finding judged(const response& r, const evidence& seen,
                     const bide::http::profile& profile = bide::http::profiles::generic) {
    return judge(r, seen, {.method = "POST"}, profile, bide::wall_time{});
}

bool passes(CURLcode code, bool sent) { return of_code(code, sent).verdict == verdict::transient; }

}  // namespace

TEST_CASE("code: what tends to pass", "[curl][code]") {
    const auto code = GENERATE(
        CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
        CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT,
        CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
        CURLE_SEND_FAIL_REWIND, CURLE_NO_CONNECTION_AVAILABLE, CURLE_HTTP2_STREAM, CURLE_HTTP3,
        CURLE_QUIC_CONNECT_ERROR, CURLE_PROXY);
    CAPTURE(code);
    CHECK(passes(code, false));
    CHECK(passes(code, true));
}

TEST_CASE("code: what will not pass", "[curl][code]") {
    const auto code =
        GENERATE(CURLE_URL_MALFORMAT, CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY,
                 CURLE_ABORTED_BY_CALLBACK, CURLE_SSL_CERTPROBLEM, CURLE_PEER_FAILED_VERIFICATION,
                 CURLE_SSL_CACERT_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_LOGIN_DENIED);
    CAPTURE(code);
    CHECK_FALSE(passes(code, false));
    CHECK_FALSE(passes(code, true));
}

TEST_CASE("code: UNSUPPORTED_PROTOCOL is our fault before the send and the server's after it",
          "[curl][code]") {
    CHECK_FALSE(passes(CURLE_UNSUPPORTED_PROTOCOL, false));
    CHECK(passes(CURLE_UNSUPPORTED_PROTOCOL, true));
}

TEST_CASE("code: no code, known or not, is safe once something was sent", "[curl][code]") {
    // Up to 127 the enumeration can hold codes that it does not name, as those of newer versions.
    for (int code = 0; code <= 127; ++code) {
        const auto f = of_code(static_cast<CURLcode>(code), true);
        CHECK(f.certainty == certainty::ambiguous);
        CHECK(f.error == code);
    }
}

TEST_CASE("code: each stands once in the table", "[curl][code]") {
    std::vector<int> codes;
    for (const auto& p : bide::curl::permanent_codes) codes.push_back(p.code);
    std::ranges::sort(codes);
    CHECK(std::ranges::adjacent_find(codes) == codes.end());
}

TEST_CASE("judge: a whole response is what its status says", "[curl][judge]") {
    const evidence whole{.sent = true, .answered = true};
    CHECK(judged({.status = 202}, whole).verdict == verdict::success);
    const auto busy = judged({.status = 429, .headers = {{"Retry-After", "9"}}}, whole);
    CHECK(busy.verdict == verdict::throttled);
    CHECK(busy.certainty == certainty::rejected);
    CHECK(busy.hint == bide::duration{9s});
    CHECK(busy.status == 429);
    CHECK(busy.error == 0);
}

TEST_CASE("judge: after a whole header a refusal needs no body, a success does", "[curl][judge]") {
    const evidence whole{.sent = true, .answered = true};
    const auto code = GENERATE(CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM,
                               CURLE_OPERATION_TIMEDOUT, CURLE_WRITE_ERROR);
    const auto refused = judged({.status = 429, .code = code}, whole);
    CHECK(refused.certainty == certainty::rejected);
    CHECK(refused.verdict == verdict::throttled);
    CHECK(refused.error == code);
    const auto accepted = judged({.status = 200, .code = code}, whole);
    CHECK(accepted.certainty == certainty::ambiguous);
    CHECK(accepted.verdict ==
          (code == CURLE_WRITE_ERROR ? verdict::permanent : verdict::transient));
    CHECK(accepted.status == 200);
}

TEST_CASE("judge: the reader sees all of the response that is ours to see", "[curl][judge]") {
    using namespace bide::http;
    const reader seen = [](const response_view& r, const request_traits& request,
                           const profile& provider, std::optional<bide::wall_time> now) noexcept {
        reading found;
        found.finding.status = static_cast<int>(r.fields.size() + r.body.size());
        found.finding.settles = request.method == "POST" && provider.name == "generic" && now;
        return found;
    };
    const evidence whole{.sent = true, .answered = true, .body = "four"};
    const auto f = judge({.status = 503, .headers = {{"A", "b"}}, .body = "kept"}, whole,
                         {.method = "POST"}, profiles::generic, bide::wall_time{}, seen);
    CHECK(f.status == 5);
    CHECK(f.settles);
    CHECK(judge({.status = 200, .code = CURLE_PARTIAL_FILE}, whole, {}, profiles::generic,
                bide::wall_time{}, seen)
              .certainty == certainty::ambiguous);
}

TEST_CASE("judge: libcurl's success without a whole header is none", "[curl][judge]") {
    const auto f = judged({.status = 200}, {.sent = true});
    CHECK(f.verdict == verdict::transient);
    CHECK(f.certainty == certainty::ambiguous);
}

TEST_CASE("judge: after a veto nobody knows", "[curl][judge]") {
    const auto f = judged({.status = 307, .code = CURLE_ABORTED_BY_CALLBACK},
                          {.sent = true, .answered = true, .vetoed = true});
    CHECK(f.verdict == verdict::transient);
    CHECK(f.certainty == certainty::ambiguous);
}

TEST_CASE("judge: the caller's stop is final, whatever the status", "[curl][judge]") {
    const auto f = judged({.status = 503, .code = CURLE_ABORTED_BY_CALLBACK},
                          {.sent = true, .answered = true});
    CHECK(f.verdict == verdict::permanent);
}
