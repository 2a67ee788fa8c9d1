// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_HPP
#define BIDE_HTTP_HPP

/// What an HTTP response says to somebody who wants to try again; no I/O, no allocation.

#include <bide/http/advice.hpp>
#include <bide/http/date.hpp>
#include <bide/http/field.hpp>
#include <bide/http/go_duration.hpp>
#include <bide/http/hint.hpp>
#include <bide/http/idempotency_key.hpp>
#include <bide/http/method.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/http/quota_name.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/http/response.hpp>
#include <bide/http/retry_after.hpp>
#include <bide/http/sender.hpp>
#include <bide/http/status.hpp>
#include <bide/http/structured.hpp>
#include <bide/http/timestamp.hpp>
#include <bide/quota.hpp>

#endif  // BIDE_HTTP_HPP
