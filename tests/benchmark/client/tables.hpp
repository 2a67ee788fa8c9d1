// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_TABLES_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_TABLES_HPP

#include <string>

// Each prints a part of the table. `url` is a server that answers 202 there and 429 in "busy".

/// What a request costs by curl::perform, beside curl_easy_perform.
void easy(const std::string& url);
/// Requests per second and what one costs, beside bare loops of libcurl.
void throughput(const std::string& url);
/// The same beside some thousand requests that get no answer.
void stalled(const std::string& url);
/// How soon a client that sleeps begins with a request, and how late a retry is.
void latency(const std::string& url);
/// What a request takes that waits for its retry.
void memory(const std::string& url);

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_TABLES_HPP
