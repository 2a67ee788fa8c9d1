// SPDX-License-Identifier: MIT
#include <bide/curl/request.hpp>  // first, to prove that the header stands alone

#include <bide/curl/detail/check.hpp>

#include "fixture.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using namespace std::string_literals;
using bide::curl::is_idempotent;
using bide::curl::request;
using bide::curl::detail::check;

namespace {

bide::curl::body_reader no_body() {
    return [](std::span<char>) { return std::size_t{0}; };
}

constexpr bide::http::profile reads_206{
    .name = "reads-206",
    .body_rules = {{{206, 206, "/error", "", bide::verdict::throttled, bide::certainty::rejected}}},
};

request good() { return {.url = "https://api.example.com/messages", .method = "POST"}; }

}  // namespace

TEST_CASE("request: may be repeated by method, word or key", "[curl][request]") {
    auto r = good();
    CHECK_FALSE(is_idempotent(r));
    SECTION("method") {
        r.method = GENERATE("GET", "HEAD", "PUT", "DELETE", "OPTIONS");
        CHECK(is_idempotent(r));
    }
    SECTION("word") {
        r.idempotent = true;
        CHECK(is_idempotent(r));
    }
    SECTION("key") {
        r.profile = &fixture::acme;
        r.idempotency_key = "k1";
        CHECK(is_idempotent(r));
        r.key_age = 24h;
        CHECK_FALSE(is_idempotent(r));
    }
    SECTION("key among the headers") {
        r.headers = {{"idempotency-key", "\"k1\""}};
        CHECK_FALSE(is_idempotent(r));
        r.profile = &fixture::acme;
        CHECK(is_idempotent(r));
        r.headers = {{"idempotency-key", " "}};
        CHECK_FALSE(is_idempotent(r));
    }
}

TEST_CASE("request: what can be sent", "[curl][request]") {
    auto r = good();
    CHECK_NOTHROW(check(r));
    r.url = GENERATE("http://127.0.0.1:80", "HTTPS://user:pw@[::1]:8443/a?b=c#d", "http://a.b/%20");
    r.headers = {{"X-A", ""}, {"Authorization", "Basic \xff !"}};
    r.body = "\0\r\n"s;
    CHECK_NOTHROW(check(r));
    r.body = "";
    r.upload = {.size = (std::uint64_t{1} << 63) - 1, .open = no_body};
    r.profile = &bide::http::profiles::github;  // with a rule for bodies of 403
    r.download.take = [](const bide::curl::body_part&) {};
    CHECK_NOTHROW(check(r));
}

TEST_CASE("request: a plain URL is one that libcurl takes", "[curl][request]") {
    const auto libcurl_takes = [](const std::string& url) {
        auto* u = curl_url();
        const auto taken = curl_url_set(u, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
        curl_url_cleanup(u);
        return taken;
    };
    using bide::curl::detail::is_plain_url;
    static_assert(is_plain_url("https://rest.nexmo.com/sms/json"));
    static_assert(is_plain_url("http://127.0.0.1:65535?a=b#c"));
    for (const auto* other :
         {"", "http://", "http:///x", "HTTP://a", "ftp://a", "http://a:0",
          "http://a:", "http://a:65536", "http://a:123456", "http://a@b", "http://[::1]",
          "http://a b", "http://a/\x7f", "http://a#b", "http://a\\b"})
        CHECK_FALSE(is_plain_url(other));
    // What is at hand, put together at random.
    const std::vector<std::string> parts{"http://", "https://",
                                         "a",       "-",
                                         ".",       "0x7f",
                                         "999",     ":",
                                         "80",      "/",
                                         "?",       "#",
                                         "%",       "%00",
                                         "@",       "[",
                                         "]",       "\\",
                                         "~",       "{",
                                         " ",       "\x01",
                                         "\xff",    "..",
                                         "1.2.3.4", "256.256.256.256"};
    bide::splitmix64 random{7};
    auto plain = 0;
    for (auto i = 0; i != 20'000; ++i) {
        std::string url = parts[random() % 2];
        for (auto left = 1 + random() % 7; left != 0; --left) url += parts[2 + random() % 24];
        if (!is_plain_url(url)) continue;
        ++plain;
        CAPTURE(url);
        CHECK(libcurl_takes(url));
    }
    CHECK(plain > 500);
}

TEST_CASE("request: what cannot be sent is refused by name", "[curl][request][errors]") {
    auto r = good();
    std::string_view message;
    SECTION("empty URL") {
        r.url = "";
        message = "bide::curl::request: url must not be empty";
    }
    SECTION("another scheme") {
        r.url = "ftp://example.com/x";
        message =
            "bide::curl::request: url must be an absolute http or https URL, got "
            "ftp://example.com/...";
    }
    SECTION("no scheme") {
        r.url = "localhost";
        message = "bide::curl::request: url must be an absolute http or https URL, got localhost";
    }
    SECTION("no scheme; secrets stay out of the message") {
        r.url = "user:secret@example.com/x?key=secret";
        message =
            "bide::curl::request: url must be an absolute http or https URL, got "
            "***@example.com/...";
    }
    SECTION("white space; secrets stay out of the message") {
        r.url = "https://user:secret@exa mple.com/\n?key=secret";
        message =
            "bide::curl::request: url must be an absolute http or https URL, got https://***@exa "
            "mple.com/...";
    }
    SECTION("secrets stay out of the message wherever they stand") {
        r.url = GENERATE("me:se?ret/#@a.b?me@x.y", "me:secret://@x.y", "key=s://t@x.y",
                         "/secret?a=b://me@x.y");
        message = "bide::curl::request: url must be an absolute http or https URL, got ***@x.y";
    }
    SECTION("NUL") {
        r.url = "http://a.b/\0c"s;
        message =
            "bide::curl::request: url must be an absolute http or https URL, got http://a.b/...";
    }
    SECTION("method") {
        r.method = "PO ST";
        message = "bide::curl::request: method must be a name such as GET or POST, got \"PO ...\"";
    }
    SECTION("method that is not for a client of an API") {
        r.method = "CONNECT";
        message = "bide::curl::request: method must be a name such as GET or POST, got \"CONNECT\"";
    }
    SECTION("HEAD with a body") {
        r.method = "HEAD";
        r.body = "x";
        message = "bide::curl::request: body and upload must be empty with method HEAD";
    }
    SECTION("HEAD with an upload") {
        r.method = "HEAD";
        r.upload.open = no_body;
        message = "bide::curl::request: body and upload must be empty with method HEAD";
    }
    SECTION("two bodies") {
        r.body = "x";
        r.upload.open = no_body;
        message = "bide::curl::request: body must be empty beside upload";
    }
    SECTION("size of nothing") {
        r.upload.size = 1;
        message = "bide::curl::request: upload.open must be given beside upload.size";
    }
    SECTION("size that libcurl cannot say") {
        r.upload = {.size = std::uint64_t{1} << 63, .open = no_body};
        message =
            "bide::curl::request: upload.size must be <= 9223372036854775807, got "
            "9223372036854775808";
    }
    SECTION("body past the reader") {
        r.profile = &fixture::told;
        r.read = &fixture::read_told;
        r.download.take = [](const bide::curl::body_part&) {};
        message =
            "bide::curl::request: download must be empty with profile told, which reads the bodies "
            "of successes";
    }
    SECTION("body past the reader, of some successes only") {
        r.profile = &reads_206;
        r.download.take = [](const bide::curl::body_part&) {};
        message =
            "bide::curl::request: download must be empty with profile reads-206, which reads the "
            "bodies of successes";
    }
    SECTION("header name") {
        r.headers = {{"X A", "1"}};
        message =
            "bide::curl::request: the name of a header must be of letters, digits and "
            "!#$%&'*+-.^_`|~, got \"X ...\"";
    }
    SECTION("whole header line for a name; the value is not shown") {
        r.headers = {{"Authorization: Bearer secret", ""}};
        message =
            "bide::curl::request: the name of a header must be of letters, digits and "
            "!#$%&'*+-.^_`|~, got \"Authorization:...\"";
    }
    SECTION("no header name") {
        r.headers = {{"", ""}};
        message =
            "bide::curl::request: the name of a header must be of letters, digits and "
            "!#$%&'*+-.^_`|~, got \"\"";
    }
    SECTION("header name with a last letter from elsewhere") {
        r.headers = {{"X~\xe9", ""}};
        message =
            "bide::curl::request: the name of a header must be of letters, digits and "
            "!#$%&'*+-.^_`|~, got \"X~?\"";
    }
    SECTION("header value; it is not shown") {
        r.headers = {{"Authorization", GENERATE("a\r\nX: b", "a\n", "a\r")}};
        message =
            "bide::curl::request: the value of header Authorization must not hold CR, LF or NUL";
    }
    SECTION("header value with NUL") {
        r.headers = {{"X-A", "a\0b"s}};
        message = "bide::curl::request: the value of header X-A must not hold CR, LF or NUL";
    }
    SECTION("header that belongs to libcurl") {
        r.headers = {{"content-length", "3"}};
        message =
            "bide::curl::request: header content-length must be left to libcurl, which knows the "
            "body";
    }
    SECTION("profile") {
        r.profile = nullptr;
        message = "bide::curl::request: profile must not be null";
    }
    SECTION("reader") {
        r.read = nullptr;
        message = "bide::curl::request: read must not be null";
    }
    SECTION("reader that does not read what the profile needs") {
        r.profile = &fixture::told;
        message =
            "bide::curl::request: read must be a reader of bodies such as &bide::json::read with "
            "profile told, whose refusals may come as a 2xx, got &bide::http::read";
    }
    SECTION("key that nobody honours") {
        r.idempotency_key = "k1";
        message =
            "bide::curl::request: idempotency_key must be empty with profile generic, which "
            "honours none";
    }
    SECTION("key that cannot be written") {
        r.profile = &fixture::acme;
        r.idempotency_key = "k\"1";
        message =
            "bide::curl::request: idempotency_key must be 1 to 255 visible ASCII characters other "
            "than \" "
            "and \\";
    }
    SECTION("key that this provider does not take") {
        r.profile = &bide::http::profiles::telnyx;
        r.idempotency_key = "a.b";
        message =
            "bide::curl::request: idempotency_key must be of letters, digits and _:- with profile "
            "telnyx";
    }
    SECTION("two keys") {
        r.profile = &fixture::acme;
        r.idempotency_key = "k1";
        r.headers = {{"IDEMPOTENCY-KEY", "k2"}};
        message =
            "bide::curl::request: header IDEMPOTENCY-KEY must not be given beside idempotency_key";
    }
    SECTION("attempt header") {
        r.attempt_header = "X:Attempt";
        message =
            "bide::curl::request: attempt_header must be of letters, digits and "
            "!#$%&'*+-.^_`|~, got \"X:...\"";
    }
    SECTION("attempt header that belongs to libcurl") {
        r.attempt_header = "content-length";
        message =
            "bide::curl::request: attempt_header must not be Content-Length, Transfer-Encoding or "
            "the profile's key_header, got content-length";
    }
    SECTION("the other one") {
        r.attempt_header = "Transfer-encoding";
        message =
            "bide::curl::request: attempt_header must not be Content-Length, Transfer-Encoding or "
            "the profile's key_header, got Transfer-encoding";
    }
    SECTION("attempt header that would be taken for a key") {
        r.profile = &fixture::acme;
        r.attempt_header = "idempotency-key";
        message =
            "bide::curl::request: attempt_header must not be Content-Length, Transfer-Encoding or "
            "the profile's key_header, got idempotency-key";
    }
    SECTION("attempt header beside one of the same name") {
        r.headers = {{"X-A", "1"}, {"x-attempt", "1"}};
        r.attempt_header = "X-Attempt";
        message = "bide::curl::request: header x-attempt must not be given beside attempt_header";
    }
    SECTION("age") {
        r.key_age = -1s;
        message = "bide::curl::request: key_age must be >= 0, got -1s";
    }
    SECTION("window") {
        r.reuse_within = -1s;
        message = "bide::curl::request: reuse_within must be >= 0, got -1s";
    }
    CHECK_THROWS_WITH(check(r), std::string{message});
}
