// SPDX-License-Identifier: MIT
#include <bide/http/date.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// Dates from the tests of curl, Go and httpdate, with what a strict parser of RFC 9110 makes of
// each. Rows with a day name that does not belong to the date are not excluded: we ignore the name,
// as the column rfc9110_epoch does.

namespace {

using vectors::failed;
using vectors::json;
using vectors::judgement;

// Two-digit years are resolved for a clock in 2026.
constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'299'600}};

judgement judge(const json& row) {
    const auto& input = row.at("input");
    if (input.size() != 1 || !input.contains("text")) return failed("an unknown kind of input");
    const auto text = input.at("text").get<std::string>();
    const auto& epoch = row.at("expect").at("rfc9110_epoch");
    if (!row.at("strict").get<bool>() && !epoch.is_null())
        return failed("a row that contradicts itself");

    std::optional<std::int64_t> expected;
    if (!epoch.is_null()) expected = epoch.get<std::int64_t>();
    std::optional<std::int64_t> actual;
    if (const auto date = bide::http::parse_date(text, now))
        actual = date->time_since_epoch().count();
    return vectors::passed_if(actual == expected,
                              "gives " + (actual ? std::to_string(*actual) : "nothing"));
}

}  // namespace

TEST_CASE("vectors: http_date", "[vectors][http][date]") { vectors::run("http_date", judge); }
