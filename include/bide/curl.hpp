// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_HPP
#define BIDE_CURL_HPP

/// HTTP requests by libcurl, retried: `curl::perform(request, policy)`. Needs libcurl 7.84 or
/// newer.

#include <bide/curl/hooks.hpp>
#include <bide/curl/perform.hpp>
#include <bide/curl/pool.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/http.hpp>

#endif  // BIDE_CURL_HPP
