// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#ifdef WITH_CURL
#include <bide/curl.hpp>

#include <curl/curl.h>
#endif

#include <cstdio>

int main() {
#ifdef WITH_CURL
    std::printf("with %s\n", curl_version());
#endif
    std::printf("bide %d.%d.%d\n", BIDE_VERSION_MAJOR, BIDE_VERSION_MINOR, BIDE_VERSION_PATCH);
}
