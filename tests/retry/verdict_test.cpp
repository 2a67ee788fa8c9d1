// SPDX-License-Identifier: MIT
#include <bide/retry/verdict.hpp>

#include "support/catch.hpp"

#include <string_view>

using bide::certainty;
using bide::end;
using bide::to_string;
using bide::verdict;

namespace {

constexpr bool says(const char* text, std::string_view expected) { return text == expected; }

static_assert(says(to_string(verdict::success), "success"));
static_assert(says(to_string(verdict::throttled), "throttled"));
static_assert(says(to_string(verdict::overloaded), "overloaded"));
static_assert(says(to_string(verdict::transient), "transient"));
static_assert(says(to_string(verdict::permanent), "permanent"));

static_assert(says(to_string(certainty::not_sent), "not_sent"));
static_assert(says(to_string(certainty::rejected), "rejected"));
static_assert(says(to_string(certainty::ambiguous), "ambiguous"));
static_assert(says(to_string(certainty::answered), "answered"));

static_assert(says(to_string(end::done), "done"));
static_assert(says(to_string(end::permanent), "permanent"));
static_assert(says(to_string(end::exhausted), "exhausted"));
static_assert(says(to_string(end::out_of_time), "out_of_time"));
static_assert(says(to_string(end::deferred), "deferred"));
static_assert(says(to_string(end::unknown), "unknown"));
static_assert(says(to_string(end::refused), "refused"));
static_assert(says(to_string(end::cancelled), "cancelled"));

// Weakest claim first: the order is part of the meaning.
static_assert(certainty::not_sent < certainty::rejected);
static_assert(certainty::rejected < certainty::ambiguous);
static_assert(certainty::ambiguous < certainty::answered);

}  // namespace

TEST_CASE("to_string: a value that is none has a text all the same", "[retry][verdict]") {
    CHECK(says(to_string(static_cast<verdict>(99)), "?"));
    CHECK(says(to_string(static_cast<certainty>(99)), "?"));
    CHECK(says(to_string(static_cast<end>(99)), "?"));
}
