// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_RETRY_AFTER_BY_CURL_HPP
#define BIDE_TESTS_BENCHMARK_RETRY_AFTER_BY_CURL_HPP

/// Prints what CURLINFO_RETRY_AFTER costs, which libcurl fills while it receives, and what the same
/// question costs here, both after one transfer from loopback that is not part of the time.
void compare_with_curl();

#endif  // BIDE_TESTS_BENCHMARK_RETRY_AFTER_BY_CURL_HPP
