// SPDX-License-Identifier: MIT
#include "inspect/meaning.hpp"

#include "inspect/inspection.hpp"
#include "inspect/text.hpp"

#include <bide/http/field.hpp>
#include <bide/http/response.hpp>
#include <bide/http/status.hpp>

#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

namespace http = bide::http;
using http::given;

struct worded {
    int first;
    int last;
    given when;
    std::string_view words;
};

constexpr std::array table = std::to_array<worded>({
    {100, 199, given::always, "an interim response, the one proper never came (RFC 9110 15.2)"},
    {200, 299, given::always, "the request worked (RFC 9110 15.3)"},
    {300, 399, given::always,
     "a redirect, which was not followed: the same request gets the same answer (RFC 9110 15.4)"},
    {408, 408, given::always,
     "the server did not get the whole request in time, so it did not act on it (RFC 9110 15.5.9)"},
    {409, 409, given::own_key,
     "the first request with this idempotency key still runs "
     "(draft-ietf-httpapi-idempotency-key-header)"},
    {413, 413, given::retry_after, "too large, but only for now (RFC 9110 15.5.14)"},
    {421, 421, given::always,
     "it came over a connection that is not for this host; another one may do (RFC 9110 15.5.20)"},
    {425, 425, given::always, "the server will not risk a replay of early data (RFC 8470 5.2)"},
    {429, 429, given::always,
     "too many requests; this one was turned away without being acted on (RFC 6585 4)"},
    {400, 499, given::always,
     "the server refused this request as it is; it will refuse it again (RFC 9110 15.5)"},
    {500, 599, given::replayed,
     "the saved failure of an earlier request with the same idempotency key, served as long as the "
     "key lives"},
    {501, 501, given::always, "the server does not know the method (RFC 9110 15.6.2)"},
    {505, 505, given::always, "the server does not speak this version of HTTP (RFC 9110 15.6.6)"},
    {507, 507, given::always,
     "no storage is left; not to be repeated without a person's action (RFC 4918 11.5)"},
    {511, 511, given::always,
     "the network wants somebody to log in; the server was not reached (RFC 6585 6)"},
    {500, 599, given::always,
     "the server has trouble and does not say how far it got with the request (RFC 9110 15.6)"},
    {(std::numeric_limits<int>::min)(), 0, given::always,
     "no status: what came in reply is no answer"},
    {(std::numeric_limits<int>::min)(), (std::numeric_limits<int>::max)(), given::always,
     "not a status of HTTP; it is taken as a 5xx is (RFC 9110 15)"},
});

std::string_view words_of(given when) {
    switch (when) {
        case given::always:
            return "";
        case given::retry_after:
            return " with a Retry-After";
        case given::exhausted:
            return " with a quota that is used up";
        case given::own_key:
            return " to a request with an idempotency key";
        case given::replayed:
            return " that is a saved answer";
    }
    return "";
}

/// "the body says so: /messages/*/status is "1" (profile vonage-sms)".
std::string by_body(const inspection& found) {
    const auto& rule = *found.body_rule;
    const auto& is = found.reading.finding;
    std::string text = "the body says so: " + std::string{rule.where};
    text += rule.is.empty() ? " is there" : " is " + in_quotes(rule.is);
    if (is.verdict != rule.verdict || is.certainty != rule.certainty)
        text += " in one part of the reply but not in all, so something may have been done";
    return text + " (profile " + std::string{found.provider->name} + ")";
}

std::string told_by(const std::vector<told_wait>& all, std::chrono::milliseconds wait) {
    std::vector<std::string> fields;
    for (const auto& told : all)
        if (told.wait == wait) fields.push_back(shown(*told.field));
    return joined(fields, "and");
}

/// The quota that makes the client wait.
std::string by_quota(const inspection& found, std::chrono::milliseconds wait) {
    const bide::quota* cause = nullptr;
    for (const auto& q : found.reading.quotas)
        if (cause == nullptr && q.reset && *q.reset == wait && q.remaining.value_or(0) == 0)
            cause = &q;
    std::string text = "until its ";
    text += cause == nullptr || cause->name.empty() ? "quota" : "quota " + in_quotes(cause->name);
    text +=
        cause != nullptr && cause->is_exhausted() ? ", which is used up, is reset" : " is reset";
    const auto fields = told_by(found.resets, wait);
    return fields.empty() ? text : text + ", by " + fields;
}

/// Why a response that has fields about waiting still tells no wait.
std::string why_none(const inspection& found, int status) {
    if (found.reading.finding.verdict == bide::verdict::success)
        return "no wait follows from a success";
    if (found.resets.empty()) return "the response does not say how long to wait";
    if (status < 400) return "no wait follows from the quotas of such a status";
    for (const auto& q : found.reading.quotas)
        if (q.remaining.value_or(0) > 0)
            return "no wait follows from quotas of which something is left, for this answer was "
                   "about something else";
    return "no wait follows from a quota that does not say what remains, except after a 429";
}

}  // namespace

std::string_view words_of(const http::status_rule& rule) {
    for (const auto& row : table)
        if (row.first == rule.first && row.last == rule.last && row.when == rule.when)
            return row.words;
    return {};
}

std::string meaning_of(const inspection& found, const http::response_view& response) {
    const auto& is = found.reading.finding;
    const auto name = std::string{found.provider->name};
    std::string text;
    if (found.body_rule != nullptr)
        text = by_body(found);
    else if (found.provider->told_by_body && found.rule->verdict == bide::verdict::success)
        text =
            "only a body tells whether the provider accepted the request, and this one does not "
            "(profile " +
            name + ")";
    else if (found.is_providers_rule)
        text = "the provider says so of a " + std::to_string(response.status) +
               std::string{words_of(found.rule->when)} + " (profile " + name + ")";
    else
        text = words_of(*found.rule);
    if (found.reading.advice == http::advice::stop && is.verdict == bide::verdict::permanent)
        text += "; it asks not to be tried again";
    if (found.reading.advice == http::advice::again && is.verdict != bide::verdict::success)
        text += "; it asks to be tried again";
    return text;
}

std::string wait_of(const inspection& found, const http::response_view& response) {
    const auto& hint = found.reading.hint;
    if (!hint) {
        const auto& documented = found.reading.finding.hint;
        if (!documented) return why_none(found, response.status);
        return to_text(*documented) + ", which the documentation of " +
               std::string{found.provider->name} + " asks for where a response does not say it";
    }
    std::string corrected;
    if (found.source != wait_source::body && found.said != *hint)
        corrected = ", lengthened because " + std::string{found.provider->name} +
                    " cuts off what is less than " + to_text(found.provider->truncates_to.get());
    switch (found.source) {
        case wait_source::fields:
            return to_text(*hint) + ", by " + told_by(found.asked, found.said) + corrected;
        case wait_source::quotas:
            return to_text(*hint) + ", " + by_quota(found, found.said) + corrected;
        case wait_source::body:
        case wait_source::nobody:
            break;
    }
    std::vector<std::string> pointers;
    pointers.reserve(found.body_pointers.size());
    for (const auto& p : found.body_pointers) pointers.push_back(printable(p));
    const auto places = joined(pointers, "and");
    return to_text(*hint) + ", by " + (places.empty() ? "" : places + " in ") + "its body";
}

}  // namespace inspector
