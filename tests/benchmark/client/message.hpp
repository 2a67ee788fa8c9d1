// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_MESSAGE_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_MESSAGE_HPP

#include <bide/curl/request.hpp>

#include <string>

/// What all of them send, each time a value of its own, as a program composes it: 256 bytes and
/// four header fields.
inline bide::curl::request message(const std::string& url) {
    return {.url = url,
            .method = "POST",
            .headers = {{"Content-Type", "application/json"},
                        {"Accept", "application/json"},
                        {"Authorization", "Bearer 0123456789abcdef0123456789abcdef"},
                        {"X-Request-Id", "5f0c3ad2-9c1e-4c59-8e0b-0d1f4b7f2a11"}},
            .body = std::string(256, 'x')};
}

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_MESSAGE_HPP
