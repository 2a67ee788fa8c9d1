// SPDX-License-Identifier: MIT
#ifndef BIDE_OBSERVE_PROMETHEUS_HPP
#define BIDE_OBSERVE_PROMETHEUS_HPP

#include <bide/observe/counters.hpp>
#include <bide/observe/detail/label.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bide::inline v1 {

/// What the page has to be served as.
inline constexpr std::string_view prometheus_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

/// A label of the caller's own, such as the provider. Few different values: each makes a series.
struct prometheus_label {
    std::string name{};   ///< Of letters, digits and _, beginning with neither a digit nor __.
    std::string value{};  ///< UTF-8; an empty one is the same as no label.
};

/// One set of numbers and the labels that tell it from the others on the page.
struct prometheus_series {
    counts numbers{};
    std::vector<prometheus_label> labels{};
};

namespace detail {

struct prometheus_sample {
    std::string labels;
    std::string value;
};
using prometheus_samples = std::vector<prometheus_sample>;

/// Exact: a double in between would lose nanoseconds.
inline std::string to_seconds(duration d) {
    const auto ns = d.count();
    auto fraction = std::to_string(1'000'000'000 + ns % 1'000'000'000).replace(0, 1, ".");
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return std::to_string(ns / 1'000'000'000) + (fraction == "." ? "" : fraction);
}

inline std::string quoted(const char* name, const char* word) {
    return std::string{name} + "=\"" + word + "\"";
}

inline prometheus_samples tries_of(const counts& n) {
    prometheus_samples all;
    for (const auto v : {verdict::success, verdict::throttled, verdict::overloaded,
                         verdict::transient, verdict::permanent})
        for (const auto c :
             {certainty::not_sent, certainty::rejected, certainty::ambiguous, certainty::answered})
            all.push_back(
                {quoted("verdict", to_string(v)) + "," + quoted("certainty", to_string(c)),
                 std::to_string(n.tries[v][c])});
    return all;
}

/// What stopped an operation is the same as its end, unless that is unknown.
inline prometheus_samples operations_of(const counts& n) {
    prometheus_samples all;
    const auto add = [&](end ended, end stopped_by, std::uint64_t value) {
        all.push_back(
            {quoted("ended", to_string(ended)) + "," + quoted("stopped_by", to_string(stopped_by)),
             std::to_string(value)});
    };
    constexpr auto ends =
        std::to_array({end::done, end::permanent, end::exhausted, end::out_of_time, end::deferred,
                       end::refused, end::cancelled});
    for (const auto e : ends) add(e, e, n.ended[e]);
    for (const auto e : ends)
        if (e != end::done) add(end::unknown, e, n.unknown[e]);
    add(end::unknown, end::unknown, n.unknown[end::unknown]);
    return all;
}

template <auto Member>
prometheus_samples number_of(const counts& n) {
    return {{"", std::to_string(n.*Member)}};
}

struct prometheus_metric {
    std::string_view name;
    std::string_view help;
    prometheus_samples (*of)(const counts&);
};

/// Units and endings by https://prometheus.io/docs/practices/naming/.
inline constexpr auto prometheus_metrics = std::to_array<prometheus_metric>({
    {"bide_tries_total", "Tries by what they came to.", &tries_of},
    {"bide_retries_total", "Tries after the first of their operation.",
     &number_of<&counts::retries>},
    {"bide_operations_total", "Operations by how they ended and what stopped them.",
     &operations_of},
    {"bide_backoff_seconds_total", "Sum of the waits between tries.",
     [](const counts& n) { return prometheus_samples{{"", to_seconds(n.waited)}}; }},
    {"bide_gate_waits_total", "How often a gate let a try wait.", &number_of<&counts::gate_waits>},
    {"bide_gate_refusals_total", "Operations that a gate refused.",
     &number_of<&counts::gate_refusals>},
    {"bide_nested_operations_total", "Operations in which others retried.",
     &number_of<&counts::nested>},
    {"bide_nested_retries_total", "Retries by operations inside others.",
     &number_of<&counts::nested_retries>},
});

/// Sorted, because the order of labels does not tell series apart.
inline std::string label_text(const std::vector<prometheus_label>& labels) {
    std::vector<std::string> names;
    std::vector<std::string> texts;
    for (const auto& l : labels) {
        check_label(l.name, l.value);
        if (std::ranges::find(names, l.name) != names.end())
            refuse_label("label " + l.name + " must not be given twice");
        names.push_back(l.name);
        if (!l.value.empty()) texts.push_back(l.name + "=\"" + escape_label(l.value) + "\"");
    }
    std::ranges::sort(texts);
    auto all = std::string{};
    for (const auto& t : texts) all.append(all.empty() ? "" : ",").append(t);
    return all;
}

}  // namespace detail

/// A page for Prometheus in its text format 0.0.4: `prometheus_text({{acme.snapshot(),
/// {{"provider", "acme"}}}, …})`. Every line is there from the beginning, so that a rate can be
/// taken of the first event.
///
/// | metric                         | labels                  |
/// |--------------------------------|-------------------------|
/// | `bide_tries_total`             | `verdict`, `certainty`  |
/// | `bide_retries_total`           |                         |
/// | `bide_operations_total`        | `ended`, `stopped_by`   |
/// | `bide_backoff_seconds_total`   |                         |
/// | `bide_gate_waits_total`        |                         |
/// | `bide_gate_refusals_total`     |                         |
/// | `bide_nested_operations_total` |                         |
/// | `bide_nested_retries_total`    |                         |
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
///
/// @throws std::invalid_argument naming the label that cannot be written, or labels that two series
/// have in common, which Prometheus would take for one.
[[nodiscard]] inline std::string prometheus_text(const std::vector<prometheus_series>& all) {
    std::vector<std::string> labels;
    for (const auto& s : all) {
        auto text = detail::label_text(s.labels);
        if (std::ranges::find(labels, text) != labels.end())
            detail::refuse_label("the labels of two series must differ, got {" + text + "} twice");
        labels.push_back(std::move(text));
    }
    auto page = std::string{};
    for (const auto& m : detail::prometheus_metrics) {
        page.append("# HELP ").append(m.name).append(" ").append(m.help).append("\n");
        page.append("# TYPE ").append(m.name).append(" counter\n");
        for (std::size_t i = 0; i < all.size(); ++i)
            for (const auto& s : m.of(all[i].numbers)) {
                const auto* comma = labels[i].empty() || s.labels.empty() ? "" : ",";
                const auto both = labels[i] + comma + s.labels;
                page.append(m.name).append(both.empty() ? both : "{" + both + "}");
                page.append(" ").append(s.value).append("\n");
            }
    }
    return page;
}

/// The same for one series.
[[nodiscard]] inline std::string prometheus_text(const counts& numbers,
                                                 const std::vector<prometheus_label>& labels = {}) {
    return prometheus_text(std::vector<prometheus_series>{{numbers, labels}});
}

}  // namespace bide::inline v1

#endif  // BIDE_OBSERVE_PROMETHEUS_HPP
