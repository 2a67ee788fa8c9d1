// SPDX-License-Identifier: MIT
// What every consumer builds: it retries, and prints what it was linked with.
#include <bide/bide.hpp>

#ifdef WITH_CURL
#include <bide/curl.hpp>

#include <curl/curl.h>
#endif
#ifdef WITH_JSON
#include <bide/json.hpp>
#endif

#include <cstdio>
#include <stdexcept>

int main() {
    int calls = 0;
    const auto policy = bide::policy(bide::constant(bide::duration{1}), bide::max_attempts(3));
    const auto answer = bide::retry(policy, [&] {
        if (++calls < 3) throw std::runtime_error{"connection reset"};
        return 42;
    });
    std::printf("bide %d.%d.%d: %d after %d attempts", BIDE_VERSION_MAJOR, BIDE_VERSION_MINOR,
                BIDE_VERSION_PATCH, answer.value(), static_cast<int>(answer.attempts()));
#ifdef WITH_CURL
    std::printf(", %s", curl_version());
#endif
#ifdef WITH_JSON
    std::printf(", %s", nlohmann::json(answer.facts()).at("ended").dump().c_str());
#endif
    std::puts("");
}
