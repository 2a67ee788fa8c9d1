// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_POLICY_ERROR_HPP
#define BIDE_JSON_POLICY_ERROR_HPP

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bide::inline v1 {

/// A policy's text that says nothing that a policy could be.
///
/// `what()` is one line: where, what is allowed there, what was found, for example `policy:
/// /backoff/factor must be finite and >= 1, got 0.5`. Of the text it repeats at most a short,
/// escaped part.
class policy_error : public std::invalid_argument {
public:
    policy_error(std::string pointer, const std::string& message)
        : std::invalid_argument{message},
          pointer_{std::make_shared<const std::string>(std::move(pointer))} {}

    /// Where in the text, as a JSON pointer (RFC 6901): "/backoff/cap"; empty for the whole text.
    /// What is missing, or has a default that does not fit the rest, is pointed at where it would
    /// stand.
    [[nodiscard]] const std::string& pointer() const noexcept { return *pointer_; }

private:
    std::shared_ptr<const std::string> pointer_;  // shared, since exceptions copy without throwing
};

}  // namespace bide::inline v1

#endif  // BIDE_JSON_POLICY_ERROR_HPP
