// SPDX-License-Identifier: MIT
#include <bide/curl/handle.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <curl/curl.h>

using bide::curl::handle;

static_assert(!std::is_copy_constructible_v<handle>);
static_assert(std::is_nothrow_move_constructible_v<handle>);

TEST_CASE("handle: moves its easy handle", "[curl][handle]") {
    handle a;
    auto* const easy = a.get();
    REQUIRE(easy != nullptr);
    handle b{std::move(a)};
    CHECK(b.get() == easy);
    handle c;
    c = std::move(b);
    CHECK(c.get() == easy);
}

TEST_CASE("handle: the first ones may be made by several threads", "[curl][handle][threads]") {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([] { const handle h; });
    for (auto& t : threads) t.join();
}

TEST_CASE("handle: an option that libcurl refuses is an error", "[curl][handle][errors]") {
    const handle h;
    CHECK_NOTHROW(bide::curl::detail::set(h.get(), CURLOPT_NOSIGNAL, 1L));
    CHECK_THROWS_AS(bide::curl::detail::set(h.get(), static_cast<CURLoption>(9999), 1L),
                    std::logic_error);
}
