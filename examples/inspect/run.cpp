// SPDX-License-Identifier: MIT
#include "inspect/run.hpp"

#include "inspect/inspection.hpp"
#include "inspect/lines.hpp"
#include "inspect/object.hpp"
#include "inspect/raw_response.hpp"
#include "inspect/report.hpp"
#include "plan/policy_text.hpp"

#include <bide/http/profiles.hpp>
#include <bide/http/response.hpp>
#include <bide/json/profile.hpp>
#include <bide/time.hpp>

#include <istream>
#include <optional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace inspector {
namespace {

raw_response read_response(std::istream& in) {
    std::ostringstream text;
    text << in.rdbuf();
    try {
        return parse_response(text.view());
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument{std::string{"standard input: "} + e.what()};
    }
}

std::string answer(const raw_response& raw, const conditions& known, form f) {
    const auto fields = fields_of(raw);
    const bide::http::response_view response{raw.status, fields, raw.body};
    const auto found = inspect(response, known);
    return f == form::json ? dumped(to_object(found, response, known))
                           : to_words(found, response, raw.reason, known);
}

}  // namespace

int run(const request& wanted, std::istream& in, std::ostream& out, bide::wall_time arrival) {
    std::optional<bide::json::owned_profile> own;
    conditions known{.request = {.method = wanted.method, .has_key = wanted.has_key}};
    if (wanted.profile.starts_with('@')) {
        own = bide::json::profile_from(planner::policy_text(wanted.profile));
        known.provider = own->get();
    } else if (!wanted.profile.empty()) {
        known.provider = bide::http::profiles::find(wanted.profile);
    }
    if (wanted.form == form::lines) return answer_lines(in, out, known) ? 0 : 1;
    known.now = wanted.now.value_or(arrival);
    out << answer(read_response(in), known, wanted.form) << '\n';
    out.flush();
    if (!out) throw std::runtime_error{"standard output cannot be written"};
    return 0;
}

}  // namespace inspector
