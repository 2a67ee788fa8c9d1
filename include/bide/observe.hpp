// SPDX-License-Identifier: MIT
#ifndef BIDE_OBSERVE_HPP
#define BIDE_OBSERVE_HPP

/// Ready-made observers: `counters` and their page for Prometheus. `bide/json.hpp` has one more,
/// `json_lines`; `examples/log_with_spdlog.cpp` shows how to write your own.
///
/// OpenTelemetry: events carry what its conventions for HTTP client spans ask of retries. They want
/// one span of kind CLIENT for each try and none for the operation, which may have one of kind
/// INTERNAL around it. A span begins where your callable does, and `this_try` tells it the number;
/// events come when a try is over.
///
/// | OpenTelemetry               | from                                                           |
/// |-----------------------------|----------------------------------------------------------------|
/// | span of kind CLIENT         | one per event `attempt`                                        |
/// | `http.request.resend_count` | `attempt - 1` (`this_try::number - 1`); absent in the first    |
/// | `http.response.status_code` | `found.status`; absent if 0                                    |
/// | `error.type`                | absent if `found.verdict` is success; else the status as text, |
/// |                             | if it is 400 or more; else `to_string(found.verdict)`          |
/// | span status                 | Error unless `found.verdict` is success, else left unset       |
/// | span event                  | one per event `backoff`: `wait` in seconds                     |
///
/// libcurl's own resends and redirects count too: with `curl::response::sends` above 1 the request
/// went out that often within one try, and the next count goes on from there. What is known of the
/// server's side
/// (`found.certainty`) has no name there; `bide.certainty` would do.
/// Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ (stable)

#include <bide/observe/counters.hpp>
#include <bide/observe/observer.hpp>
#include <bide/observe/prometheus.hpp>

#endif  // BIDE_OBSERVE_HPP
