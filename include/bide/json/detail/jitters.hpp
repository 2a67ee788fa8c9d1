// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_JITTERS_HPP
#define BIDE_JSON_DETAIL_JITTERS_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>

#include <string>

namespace bide::inline v1::detail {

/// A backoff and where in the text it, or a part of it, was given a jitter or a floor; empty if
/// nowhere.
struct read_delays {
    any_backoff delays;
    std::string settled_at;
};

inline constexpr auto jitter_names = R"(one of "none", "full", "equal", "decorrelated")";

inline any_backoff with_named_jitter(const any_backoff& b, const place& name,
                                     const std::string& allowed) {
    if (is_word(name, "none")) return b | no_jitter;
    if (is_word(name, "full")) return b | full_jitter;
    if (is_word(name, "equal")) return b | equal_jitter;
    if (is_word(name, "decorrelated")) return b | decorrelated_jitter;
    name.refuse(allowed);
}

/// `{"kind":"proportional","factor":0.2}`, or `{"kind":"full"}` as a longer way to say "full".
inline any_backoff with_jitter_object(const any_backoff& b, const place& p) {
    fields f{p};
    const auto kind = f["kind"];
    if (!is_word(kind, "proportional")) {
        f.nothing_else();
        return with_named_jitter(b, kind, std::string{jitter_names} + R"(, "proportional")");
    }
    const auto factor = f["factor"];
    f.nothing_else();
    if (!factor.exists()) factor.refuse("a number");
    double share = 0;
    read(factor, share);
    return f.checked([&] { return any_backoff{b | proportional_jitter{share}}; });
}

/// A backoff takes one jitter, and that before a floor; as in C++, where the rest does not compile.
inline read_delays with_jitter(const read_delays& b, const place& jitter) {
    if (!jitter.exists()) return b;
    if (b.settled_at.ends_with("/at_least"))
        jitter.refuse("absent, for it would undercut " + shown_pointer(b.settled_at));
    if (!b.settled_at.empty())
        jitter.refuse("absent, for a backoff takes one jitter and " + shown_pointer(b.settled_at) +
                      " is there");
    if (jitter.value().is_object()) return {with_jitter_object(b.delays, jitter), jitter.pointer()};
    return {with_named_jitter(b.delays, jitter,
                              std::string{jitter_names} +
                                  R"( or an object such as {"kind":"proportional","factor":0.2})"),
            jitter.pointer()};
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_JITTERS_HPP
