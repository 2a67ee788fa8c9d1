// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_PROFILE_FIELDS_HPP
#define BIDE_JSON_DETAIL_PROFILE_FIELDS_HPP

#include <bide/http/profile.hpp>
#include <bide/http/profiles.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/profile_rules.hpp>
#include <bide/json/detail/profile_text.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace bide::inline v1::detail {

inline http::profile read_like(const place& p) {
    if (!p.exists()) return http::profiles::generic;
    return *one_of(p, http::profiles::all, &http::profile::name);
}

inline void read_rate(const place& p, http::published_rate& to) {
    if (!p.exists()) return;
    to = {};
    if (p.value().is_null()) return;
    fields f{p, R"(null or an object such as {"requests":300,"per":"5s"})"};
    const auto requests = f["requests"];
    const auto per = f["per"];
    f.nothing_else();
    read(requests, to.requests);
    if (to.requests == 0) requests.refuse("a whole number of 1 or more");
    if (!per.exists()) per.refuse(a_duration);
    read(per, to.per);
    if (to.per.get() <= duration::zero()) per.refuse("above 0s");
}

/// A key that is not known to live protects from nothing, and a life without a key is a mistake.
inline void read_key(fields& f, profile_texts& texts, http::profile& to) {
    const auto header = f["key_header"];
    if (header.exists() && header.value().is_null()) to.key_life = duration::zero();
    read_header_name(header, texts, to.key_header);
    read(f["key_is_quoted"], to.key_is_quoted);
    read_punctuation(f["key_punctuation"], texts, to.key_punctuation);
    const auto life = f["key_life"];
    read(life, to.key_life);
    const bool lives = to.key_life.get() > duration::zero();
    if (lives && to.key_header.empty()) header.refuse("the name of a header field beside key_life");
    if (!lives && !to.key_header.empty()) life.refuse("above 0s beside key_header");
}

inline void read_body_part(fields& f, profile_texts& texts, http::profile& to) {
    read_list(f["body_rules"], "body rules", to.body_rules,
              [&](const place& p) { return read_body_rule(p, texts); });
    read_list(f["body_waits"], "waits", to.body_waits,
              [&](const place& p) { return read_body_wait(p, texts); });
    const auto told = f["told_by_body"];
    read(told, to.told_by_body);
    const auto has_success = std::ranges::any_of(to.body_rules, [](const http::body_rule& r) {
        return r.first <= r.last && r.verdict == verdict::success;
    });
    if (to.told_by_body && !has_success)
        told.refuse("false without a body rule of the verdict \"success\"");
}

inline std::shared_ptr<const profile_content> read_profile(const nlohmann::json& value) {
    const auto content = std::make_shared<profile_content>();
    auto& [texts, to] = *content;
    fields f{{&value, {}}};
    const auto name = f["name"];
    to = read_like(f["like"]);
    read_name(name, texts, to.name);
    read_list(f["rules"], "rules", to.rules, read_status_rule);
    read_body_part(f, texts, to);
    read(f["least_wait"], to.least_wait);
    read_rate(f["rate"], to.rate);
    read(f["put_creates"], to.put_creates);
    read(f["client_error_settles"], to.client_error_settles);
    read_reset_unit(f["reset_unit"], to.reset_unit);
    read(f["truncates_to"], to.truncates_to);
    read_key(f, texts, to);
    read_header_name(f["replay_header"], texts, to.replay_header);
    f.nothing_else();
    return content;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_PROFILE_FIELDS_HPP
