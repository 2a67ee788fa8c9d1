// SPDX-License-Identifier: MIT
#include "inspect/inspection.hpp"

#include "inspect/body_places.hpp"

#include <bide/http/hint.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/json/body.hpp>
#include <bide/json/read.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace inspector {
namespace {

namespace http = bide::http;
using std::chrono::sys_seconds;

/// A 2xx may be a refusal that only its provider's own profile recognises.
const http::profile* guess(const http::response_view& response, const conditions& known) {
    for (const auto* p : http::profiles::all) {
        if (!p->told_by_body) continue;
        const auto reading = bide::json::read(response, known.request, *p, known.now);
        if (reading.finding.verdict == bide::verdict::throttled) return p;
    }
    return nullptr;
}

void find_rule(inspection& found, const http::response_view& response, const conditions& known,
               const http::asked_wait& asked) {
    const auto& provider = *found.provider;
    const auto* binding = found.reading.quotas.binding();
    const http::circumstances true_here{
        .retry_after = response.status >= 300 && asked.by_retry_after,
        .exhausted = binding != nullptr && binding->is_exhausted(),
        .own_key = is_protected(known.request, provider),
        .replayed = !provider.replay_header.empty() &&
                    find_field(response.fields, provider.replay_header) != nullptr,
    };
    found.rule = http::find_rule(provider.rules, response.status, true_here);
    found.is_providers_rule = found.rule != nullptr;
    if (found.rule == nullptr)
        found.rule = http::find_rule(http::status_table, response.status, true_here);

    const auto body = bide::json::body::parse(response.body);
    if (!body) return;
    for (const auto& rule : provider.body_rules)
        if (found.body_rule == nullptr && body->by_rules(std::span{&rule, 1}, response.status))
            found.body_rule = &rule;
}

std::vector<told_wait> asked_by(std::span<const http::field> fields,
                                std::optional<sys_seconds> base) {
    std::vector<told_wait> all;
    for (const auto& f : fields)
        if (const auto alone = http::read_asked_wait(std::span{&f, 1}, base); alone.wait)
            all.push_back({&f, *alone.wait});
    return all;
}

std::vector<told_wait> resets_in(std::span<const http::field> fields,
                                 std::optional<sys_seconds> base, http::reset_unit unit) {
    std::vector<told_wait> all;
    for (const auto& f : fields)
        for (const auto& q : http::read_quotas(std::span{&f, 1}, base, unit))
            if (q.reset && (all.empty() || all.back() != told_wait{&f, *q.reset}))
                all.push_back({&f, *q.reset});
    return all;
}

}  // namespace

std::optional<sys_seconds> base_of(const http::reading& reading,
                                   std::optional<bide::wall_time> now) {
    if (reading.date || !now) return reading.date;
    return std::chrono::floor<std::chrono::seconds>(*now);
}

inspection inspect(const http::response_view& response, const conditions& known) {
    inspection found{.provider = known.provider};
    if (found.provider == nullptr) found.provider = &http::profiles::generic;
    found.reading = bide::json::read(response, known.request, *found.provider, known.now);
    if (known.provider == nullptr && found.reading.finding.verdict == bide::verdict::success) {
        if (const auto* p = guess(response, known)) {
            found.provider = p;
            found.is_guessed = true;
            found.reading = bide::json::read(response, known.request, *p, known.now);
        }
    }

    const auto base = base_of(found.reading, known.now);
    const auto asked = http::read_asked_wait(response.fields, base);
    find_rule(found, response, known, asked);
    found.asked = asked_by(response.fields, base);
    if (!found.reading.quotas.empty())
        found.resets = resets_in(response.fields, base, found.provider->reset_unit);
    if (!found.reading.hint) return found;

    // A refusal inside a 2xx is heard as one from 400 on would be.
    const auto status = response.status < 300 ? 400 : response.status;
    if (const auto said = http::hint_of(asked, found.reading.quotas, status)) {
        found.said = *said;
        found.source = asked.wait ? wait_source::fields : wait_source::quotas;
    } else {
        found.said = *found.reading.hint;
        found.source = wait_source::body;
        found.body_pointers = waits_in_body(response, known.request, *found.provider, known.now);
    }
    return found;
}

}  // namespace inspector
