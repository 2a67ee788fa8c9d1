// SPDX-License-Identifier: MIT
#include "benchmark/retry_after_by_curl.hpp"

#include "benchmark/batches.hpp"
#include "support/scripted_server.hpp"

#include <bide/http.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include <curl/curl.h>

namespace {

using bide::http::field;
using handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

constexpr auto now = std::chrono::sys_seconds{std::chrono::seconds{1'795'299'600}};

/// A handle that has received a refusal as express-rate-limit sends it.
handle refused(const std::string& retry_after) {
    const scripted::server server{
        {{scripted::read_request(),
          scripted::send(
              "HTTP/1.1 429 Too Many Requests\r\nX-Powered-By: Express\r\n"
              "RateLimit-Policy: 100;w=60\r\nRateLimit-Limit: 100\r\n"
              "RateLimit-Remaining: 0\r\nRateLimit-Reset: 30\r\nRetry-After: " +
              retry_after +
              "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n"
              "Date: Sat, 21 Nov 2026 22:20:00 GMT\r\nConnection: keep-alive\r\n\r\n")}}};
    handle easy{curl_easy_init(), &curl_easy_cleanup};
    curl_easy_setopt(easy.get(), CURLOPT_URL, server.url().c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    if (curl_easy_perform(easy.get()) != CURLE_OK) throw std::runtime_error{"no response"};
    return easy;
}

struct received {
    std::array<field, 16> all{};
    std::size_t count = 0;
};

received fields_of(CURL* easy) {
    received fields;
    curl_header* h = nullptr;
    while (fields.count < fields.all.size() &&
           (h = curl_easy_nextheader(easy, CURLH_HEADER, -1, h)) != nullptr)
        fields.all[fields.count++] = {h->name, h->value};
    return fields;
}

void print(const char* what, double nanoseconds) {
    std::printf("  %-66s %8.1f ns\n", what, nanoseconds);
}

void compare(const std::string& retry_after) {
    const auto easy = refused(retry_after);
    std::printf("Retry-After: %s\n", retry_after.c_str());
    print("CURLINFO_RETRY_AFTER: fetches a number, parsed as it arrived", batches::time([&] {
              curl_off_t seconds = 0;
              curl_easy_getinfo(easy.get(), CURLINFO_RETRY_AFTER, &seconds);
              return seconds;
          }));
    print("curl_getdate: what libcurl parses a date with", batches::time([&] {
              return static_cast<long long>(curl_getdate(retry_after.c_str(), nullptr));
          }));
    print("parse_retry_after: the same text", batches::time([&] {
              const auto wait = bide::http::parse_retry_after(retry_after, now);
              return wait ? wait->count() : 0;
          }));
    print("curl_easy_header and parse_retry_after: found and parsed", batches::time([&] {
              curl_header* found = nullptr;
              curl_easy_header(easy.get(), "Retry-After", 0, CURLH_HEADER, -1, &found);
              const auto wait = bide::http::parse_retry_after(found->value, now);
              return wait ? wait->count() : 0;
          }));
    print("curl_easy_nextheader: all fields, unread",
          batches::time([&] { return fields_of(easy.get()).count; }));
    print("the same and read: verdict, certainty, wait, quotas", batches::time([&] {
              constexpr bide::http::profile generic{.name = "generic"};
              const auto fields = fields_of(easy.get());
              return bide::http::read({.status = 429, .fields = {fields.all.data(), fields.count}},
                                      {.method = "POST"}, generic, bide::wall_time{now});
          }));
}

}  // namespace

void compare_with_curl() {
    compare("30");
    compare("Sat, 21 Nov 2026 22:20:30 GMT");
}
