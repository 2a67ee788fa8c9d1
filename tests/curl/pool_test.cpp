// SPDX-License-Identifier: MIT
#include <bide/curl/pool.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

using bide::curl::pool;

TEST_CASE("pool: hands out last what was given back last", "[curl][pool]") {
    pool p;
    CURL* first = nullptr;
    CURL* second = nullptr;
    {
        auto a = p.borrow();
        {
            const auto b = p.borrow();
            second = b.get();
            CHECK(second != a.get());
        }
        first = a.get();
    }
    CHECK(p.idle() == 2);
    const auto again = p.borrow();
    CHECK(again.get() == first);
    const auto other = p.borrow();
    CHECK(other.get() == second);
    CHECK(p.idle() == 0);
}

TEST_CASE("pool: keeps no more than it may", "[curl][pool]") {
    pool p{1};
    {
        const auto a = p.borrow();
        const auto b = p.borrow();
    }
    CHECK(p.idle() == 1);
}

TEST_CASE("pool: has a budget unless it is made without", "[curl][pool][budget]") {
    CHECK(pool{}.budget()->balance({}) == 100);
    CHECK(pool{1}.budget() != nullptr);
    CHECK(pool({.budget = std::nullopt}).budget() == nullptr);
    CHECK_THROWS_WITH(pool({.budget = bide::retry_budget::options{.ratio = -1}}),
                      "bide::retry_budget: ratio must be from 0 to 1000, got -1");
}

TEST_CASE("pool: a spoilt handle does not come back", "[curl][pool]") {
    pool p;
    p.borrow().spoil();
    CHECK(p.idle() == 0);
}

TEST_CASE("pool: a moved loan is given back once", "[curl][pool]") {
    pool p;
    {
        auto a = p.borrow();
        const auto b = std::move(a);
        CHECK(b.get() != nullptr);
    }
    CHECK(p.idle() == 1);
}

TEST_CASE("pool: a handle comes without the options of its last use", "[curl][pool]") {
    pool p;
    auto secret = 0;
    {
        const auto a = p.borrow();
        curl_easy_setopt(a.get(), CURLOPT_PRIVATE, &secret);
    }
    const auto b = p.borrow();
    void* left = &secret;
    curl_easy_getinfo(b.get(), CURLINFO_PRIVATE, &left);
    CHECK(left == nullptr);
}

TEST_CASE("pool: a handle comes without the cookies and shares of its last use", "[curl][pool]") {
    pool p;
    auto* share = curl_share_init();
    {
        const auto a = p.borrow();
        curl_easy_setopt(a.get(), CURLOPT_COOKIELIST,
                         "Set-Cookie: token=secret; domain=example.com");
    }
    {
        const auto b = p.borrow();
        curl_slist* cookies = nullptr;
        curl_easy_getinfo(b.get(), CURLINFO_COOKIELIST, &cookies);
        CHECK(cookies == nullptr);
        curl_slist_free_all(cookies);
        curl_easy_setopt(b.get(), CURLOPT_SHARE, share);
        CHECK(curl_share_cleanup(share) == CURLSHE_IN_USE);
    }
    CHECK(curl_share_cleanup(share) == CURLSHE_OK);
}

TEST_CASE("pool: serves threads", "[curl][pool][threads]") {
    pool p{2};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&p] {
            for (int n = 0; n < 50; ++n) const auto loan = p.borrow();
        });
    for (auto& t : threads) t.join();
    CHECK(p.idle() <= 2);
}
