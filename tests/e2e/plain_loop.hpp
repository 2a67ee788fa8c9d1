// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_E2E_PLAIN_LOOP_HPP
#define BIDE_TESTS_E2E_PLAIN_LOOP_HPP

#include "send/form.hpp"
#include "send/messages.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// What one writes without this library: a handle that keeps its connection, and up to `tries`
/// calls of `curl_easy_perform` until there is a 2xx. Even with one try, libcurl repeats by itself.
inline void send_with_plain_libcurl(const std::string& url,
                                    const std::vector<sender::message>& messages, int tries) {
    const std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), curl_easy_cleanup};
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> header{
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all};
    const auto ignore = +[](char*, std::size_t size, std::size_t n, void*) { return size * n; };
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, header.get());
    curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    for (const auto& m : messages) {
        const auto body = sender::body_of(sender::shape::generic, {}, m);
        curl_easy_setopt(easy.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
        for (int i = 0; i < tries; ++i) {
            long status = 0;
            if (curl_easy_perform(easy.get()) != CURLE_OK) continue;
            curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
            if (status / 100 == 2) break;
        }
    }
}

}  // namespace e2e

#endif  // BIDE_TESTS_E2E_PLAIN_LOOP_HPP
