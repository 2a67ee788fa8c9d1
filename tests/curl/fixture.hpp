// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_CURL_FIXTURE_HPP
#define BIDE_TESTS_CURL_FIXTURE_HPP

#include <bide/bide.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curl/curl.h>

/// What the tests of the libcurl adapter share. All traffic stays on loopback.
namespace fixture {

using namespace std::chrono_literals;

/// A proxy from the environment would get between the test and its server.
inline void direct(CURL* easy) { curl_easy_setopt(easy, CURLOPT_PROXY, ""); }

inline bide::curl::request get(std::string url) { return {.url = std::move(url), .setup = direct}; }

inline bide::curl::request post(std::string url, std::string body = "to=1&text=hi") {
    return {.url = std::move(url), .method = "POST", .body = std::move(body), .setup = direct};
}

/// Waits are virtual in most tests, so their length does not matter.
inline auto tries(std::uint64_t n, bide::timespan try_timeout = 5s) {
    return bide::policy(bide::constant(1s), bide::max_attempts(n),
                        bide::policy_options{.try_timeout = try_timeout, .connect_timeout = 5s});
}

/// A provider that honours keys and turns a 503 with Retry-After away unread.
inline constexpr bide::http::profile acme{
    .name = "acme",
    .rules = {{bide::http::unavailable_is_rejected}},
    .key_header = "Idempotency-Key",
    .key_is_quoted = true,
    .key_life = 24h,
};

/// A provider that answers 200 and refuses in the body, and a stand-in for the readers of bodies,
/// of which the adapter knows nothing: what is not "fine" is a throttle.
inline constexpr bide::http::profile told{.name = "told", .told_by_body = true};
inline bide::http::reading read_told(const bide::http::response_view& response,
                                     const bide::http::request_traits& request,
                                     const bide::http::profile& provider,
                                     std::optional<bide::wall_time> now) noexcept {
    auto found = bide::http::read(response, request, provider, now);
    if (response.body == "fine") found.finding = bide::succeeded;
    if (response.body == "busy")
        found.finding = {bide::verdict::throttled, bide::certainty::rejected, 3s};
    return found;
}

template <class Requests>
std::size_t deliveries(const Requests& all, std::string_view body) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const auto& r) { return r.body == body; }));
}

/// A handle as a program without this library would have it.
class plain_handle {
public:
    explicit plain_handle(const std::string& url) : easy_{curl_easy_init()} {
        direct(easy_);
        curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &body);
        curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &plain_handle::write);
    }
    plain_handle(const plain_handle&) = delete;
    plain_handle& operator=(const plain_handle&) = delete;
    ~plain_handle() { curl_easy_cleanup(easy_); }

    [[nodiscard]] CURL* get() const noexcept { return easy_; }
    CURLcode perform() { return curl_easy_perform(easy_); }
    CURLcode post(const char* text) {
        curl_easy_setopt(easy_, CURLOPT_COPYPOSTFIELDS, text);
        return perform();
    }

    std::string body{};

private:
    static std::size_t write(char* data, std::size_t size, std::size_t count, void* to) noexcept {
        static_cast<std::string*>(to)->append(data, size * count);
        return size * count;
    }

    CURL* easy_;
};

}  // namespace fixture

#endif  // BIDE_TESTS_CURL_FIXTURE_HPP
