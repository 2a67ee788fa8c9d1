// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_PROFILE_HPP
#define BIDE_JSON_PROFILE_HPP

#include <bide/http/profile.hpp>
#include <bide/json/detail/document.hpp>
#include <bide/json/detail/profile_fields.hpp>
#include <bide/json/policy_error.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// What is known of a provider as text, for those who learn it at run time:
///
///     {"name": "acme", "like": "twilio",
///      "rules": [{"status": 403, "when": "retry_after", "verdict": "throttled",
///                 "certainty": "rejected"}],
///      "key_header": "Idempotency-Key", "key_life": "24h"}
///
/// Names and meanings are those of `http::profile`; what is absent is as in the profile that `like`
/// names, by default `generic`, and what is given replaces what stands there.
/// `bide/json/profile.schema.json` says the same for editors and CI.
///
/// | key                    | value                                                           |
/// |------------------------|-----------------------------------------------------------------|
/// | `name`                 | 1 to 64 letters, digits, spaces and `._-`; the one required key |
/// | `like`                 | the name of one of `http::profiles::all`                        |
/// | `rules`                | up to 8, see below                                              |
/// | `body_rules`           | up to 8, see below                                              |
/// | `body_waits`           | up to 2, see below                                              |
/// | `told_by_body`         | true or false; true asks for a body rule of success             |
/// | `least_wait`           | a duration                                                      |
/// | `rate`                 | `{"requests":300,"per":"5s"}`; null: none is known              |
/// | `put_creates`          | true or false                                                   |
/// | `client_error_settles` | true or false                                                   |
/// | `reset_unit`           | `"by_value"`, `"seconds"`, `"milliseconds"`, `"epoch_seconds"`  |
/// | `truncates_to`         | a duration                                                      |
/// | `key_header`           | a header field's name; null: no key is honoured                 |
/// | `key_is_quoted`        | true or false                                                   |
/// | `key_punctuation`      | visible ASCII other than `"` and `\`; empty: all of it          |
/// | `key_life`             | a duration; goes with `key_header`                              |
/// | `replay_header`        | a header field's name; null: none                               |
///
/// A rule: `status` (one, or the first and the last of several: `[500,504]`; 100 to 599), `when`
/// (`"always"`, `"retry_after"`, `"exhausted"`, `"own_key"`, `"replayed"`; absent: always),
/// `verdict`, `certainty` (`"rejected"`, `"ambiguous"`, `"answered"`; a success is answered). A
/// body rule has `where` (a JSON pointer, `*` for every element) and `is` (absent: anything but
/// null) in the place of `when`. A body's wait has `where`, `after` and `unit` (as `reset_unit`).
///
/// Durations as in a policy: "1.5s". Unknown and repeated keys are errors.
namespace bide::inline v1::json {

/// A profile's text that says nothing that a profile could be; otherwise a `policy_error`, so that
/// one handler serves a program's settings: `profile: /key_life must be …, got …`.
class profile_error : public policy_error {
    using policy_error::policy_error;
};

/// A profile whose texts live in it. Immutable; a copy is the same profile, shared, and the profile
/// stays where it is until the last copy has gone.
///
///     const auto acme = bide::json::profile_from(text);
///     request.profile = acme.get();  // acme outlives the operation
///
/// A copy of the `http::profile` itself has only views of the texts.
class owned_profile {
public:
    explicit owned_profile(std::shared_ptr<const bide::detail::profile_content> content) noexcept
        : content_{std::move(content)} {}

    [[nodiscard]] const http::profile& operator*() const& noexcept { return content_->value; }
    [[nodiscard]] const http::profile* operator->() const& noexcept { return &content_->value; }
    [[nodiscard]] const http::profile* get() const& noexcept { return &content_->value; }

    // What they gave would be gone at the end of the statement.
    const http::profile& operator*() const&& = delete;
    const http::profile* operator->() const&& = delete;
    const http::profile* get() const&& = delete;  // NOLINT(modernize-use-nodiscard): deleted

private:
    std::shared_ptr<const bide::detail::profile_content> content_;
};

/// The profile that was parsed already, for example as a part of a larger file. Pointers begin at
/// this value.
/// @throws profile_error
template <std::same_as<nlohmann::json> Json>
[[nodiscard]] owned_profile profile_from(const Json& value) {
    return bide::detail::read_as<profile_error>(
        "profile", [&] { return owned_profile{bide::detail::read_profile(value)}; });
}

/// The profile that a text says.
/// @throws profile_error with the place, what is allowed there, and what was found.
[[nodiscard]] inline owned_profile profile_from(std::string_view text) {
    return bide::detail::read_as<profile_error>("profile", [&] {
        return owned_profile{bide::detail::read_profile(bide::detail::read_document(text))};
    });
}

}  // namespace bide::inline v1::json

#endif  // BIDE_JSON_PROFILE_HPP
