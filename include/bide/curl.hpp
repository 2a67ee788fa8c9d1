// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_HPP
#define BIDE_CURL_HPP

/// HTTP requests by libcurl, retried: `curl::perform(request, policy)`. Needs libcurl 7.84 or
/// newer. The asynchronous client is asked for by name: `bide/curl/client.hpp`.

#include <bide/curl/hooks.hpp>
#include <bide/curl/perform.hpp>
#include <bide/curl/pool.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/http.hpp>

#endif  // BIDE_CURL_HPP
