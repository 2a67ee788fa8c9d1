// SPDX-License-Identifier: MIT
#include "inspect/report.hpp"

#include "inspect/inspection.hpp"
#include "inspect/meaning.hpp"
#include "inspect/next_step.hpp"
#include "inspect/text.hpp"
#include "inspect/unread.hpp"

#include <bide/defaults.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/retry/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

namespace http = bide::http;

/// A label, and lines beside it that are broken at blanks.
std::string beside(std::string_view label, const std::vector<std::string>& lines) {
    constexpr std::size_t margin = 11;
    constexpr std::size_t most = 100 - margin;
    std::string text;
    for (const std::string_view line : lines)
        for (auto rest = line; !rest.empty();) {
            auto size = rest.size();
            if (size > most) size = rest.substr(0, most + 1).rfind(' ');
            if (size == std::string_view::npos || size == 0) size = rest.size();
            std::string left{text.empty() ? label : ""};
            left.resize(margin, ' ');
            text += left.append(rest.substr(0, size)) + "\n";
            rest.remove_prefix((std::min)(rest.size(), size + 1));
        }
    return text;
}

std::string words_of(bide::verdict v) {
    switch (v) {
        case bide::verdict::success:
            return "success";
        case bide::verdict::throttled:
            return "throttled (we are too fast, the service is healthy)";
        case bide::verdict::overloaded:
            return "overloaded (the service has trouble of its own)";
        case bide::verdict::transient:
            return "transient (it tends to pass)";
        case bide::verdict::permanent:
            return "permanent (the same request will fail again)";
    }
    return "?";
}

std::string words_of(bide::certainty c) {
    switch (c) {
        case bide::certainty::not_sent:
            return "not_sent";
        case bide::certainty::rejected:
            return "rejected (the server says that it did not act on the request)";
        case bide::certainty::ambiguous:
            return "ambiguous (the server may have acted on the request)";
        case bide::certainty::answered:
            return "answered (this is the final answer)";
    }
    return "?";
}

std::string about_keys(const conditions& known, const http::profile& provider) {
    const auto name = std::string{provider.name};
    if (provider.key_header.empty() || provider.key_life.get() <= bide::duration::zero())
        return (known.request.has_key ? "The idempotency key does not help: "
                                      : "A key would not help: ") +
               std::string{"profile "} + name + " knows of none that is honoured.";
    return "With an idempotency key (" + std::string{provider.key_header} + ") " + name +
           " lets it be sent again for " + to_text(provider.key_life.get()) + ".";
}

std::string as_sent(const conditions& known) {
    return std::string{known.request.method} + (known.request.has_key ? " with its key" : "");
}

std::vector<std::string> lines_of(const bide::quotas& quotas) {
    std::vector<std::string> lines;
    const auto* binding = quotas.size() > 1 ? quotas.binding() : nullptr;
    for (const auto& q : quotas) {
        std::vector<std::string> parts;
        if (q.limit) parts.push_back("limit " + std::to_string(*q.limit));
        if (q.remaining) parts.push_back("remaining " + std::to_string(*q.remaining));
        if (q.reset) parts.push_back("reset in " + to_text(*q.reset));
        if (q.window) parts.push_back("window " + to_text(*q.window));
        if (!q.unit.empty()) parts.push_back("counted in " + in_quotes(q.unit));
        std::string line;
        for (const auto& part : parts) line += (line.empty() ? "" : ", ") + part;
        if (!q.name.empty()) line.insert(0, in_quotes(q.name) + ": ");
        lines.push_back(line + (&q == binding ? "  <- binds" : ""));
    }
    if (lines.empty()) lines.emplace_back("none told");
    return lines;
}

/// Resets that were not the reason to wait, although they name a time.
std::vector<std::string> outvoted(const inspection& found) {
    std::vector<std::string> lines;
    if (found.source != wait_source::fields) return lines;
    const auto* why = ", but the most exact field that asks for a wait comes first";
    for (const auto& told : found.asked)
        if (told.wait != found.said)
            lines.push_back(shown(*told.field) + " asks for " + to_text(told.wait) + why);
    for (const auto& told : found.resets)
        if (told.wait != found.said)
            lines.push_back(shown(*told.field) + " means " + to_text(told.wait) +
                            ", but what asks for a wait outright comes first");
    return lines;
}

std::string next_in_words(const inspection& found, const conditions& known) {
    const auto next = next_of(found.reading.finding, is_idempotent(known.request, *found.provider));
    if (next.again) {
        auto text = next.least == next.most
                        ? to_text(next.least)
                        : to_text(next.least) + " to " + to_text(next.most) +
                              " (drawn by chance, so that clients do not come back together)";
        return "waits " + text + ", then tries again (try 2 of " +
               std::to_string(bide::defaults::max_attempts) + ")";
    }
    const auto ended = " and ends as " + std::string{to_string(next.ended)};
    const auto time = next.retry_in ? to_text(*next.retry_in) : "";
    switch (next.ended) {
        case bide::end::done:
            return "takes it as done";
        case bide::end::unknown:
            return "does not send it again" + ended +
                   ": find out whether it was acted on before you send it again";
        case bide::end::deferred:
            return "does not wait that long (at most " + to_text(bide::defaults::max_hint) +
                   ", and " + to_text(bide::defaults::max_elapsed) + " in all)" + ended +
                   ", to be sent again in " + time;
        default:
            return "does not send it again" + ended +
                   (next.retry_in ? "; the server wants to be left alone for " + time : "");
    }
}

}  // namespace

std::string may_be_repeated(const inspection& found, const conditions& known) {
    const auto& is = found.reading.finding;
    if (is.verdict == bide::verdict::success) return "It need not be: it worked.";
    if (is.verdict == bide::verdict::permanent)
        return is.certainty == bide::certainty::ambiguous
                   ? "No: it may have been acted on already, and asking again cannot help."
                   : "No: the same request would fail again.";
    if (is.certainty == bide::certainty::rejected)
        return "Yes, with any method, for nothing was done.";
    const bool answered = is.certainty == bide::certainty::answered;
    const std::string because =
        answered ? "because it was answered" : "because the server may have acted on it";
    if (is_idempotent(known.request, *found.provider))
        return as_sent(known) +
               ": yes, although the server may have acted on it, for several have the effect of "
               "one.";
    return as_sent(known) + ": no, " + because +
           " and a second one could act twice. GET, HEAD, PUT, DELETE: yes. " +
           about_keys(known, *found.provider);
}

std::string to_words(const inspection& found, const http::response_view& response,
                     std::string_view reason, const conditions& known) {
    const auto& reading = found.reading;
    std::string title = std::to_string(response.status);
    if (!reason.empty()) title += " " + printable(reason);
    title += " in answer to " + as_sent(known) + ", profile " + std::string{found.provider->name};
    if (found.is_guessed)
        title += " (guessed from the body; --profile generic reads it as anybody's)";
    auto wait = outvoted(found);
    wait.insert(wait.begin(), wait_of(found, response));
    auto text = title + "\n\n";
    text +=
        beside("meaning", {words_of(reading.finding.verdict) + ": " + meaning_of(found, response)});
    text += beside("certainty", {words_of(reading.finding.certainty)});
    text += beside("repeat", {may_be_repeated(found, known)});
    text += beside("wait", wait);
    text += beside("quotas", lines_of(reading.quotas));
    if (reading.advice != http::advice::none)
        text +=
            beside("advice", {reading.advice == http::advice::stop ? "do not send it again"
                                                                   : "the same may work later"});
    std::vector<std::string> unread;
    for (const auto& u : unread_fields(found, response, known.now))
        unread.push_back(shown(*u.field) + " (" + std::string{u.why} + ")");
    text += beside("not used", unread);
    text += beside("next", {"http::sender() " + next_in_words(found, known)});
    text.pop_back();
    return text;
}

}  // namespace inspector
