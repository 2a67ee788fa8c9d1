// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_CLASSIFIED_HPP
#define BIDE_TESTS_SUPPORT_CLASSIFIED_HPP

#include <bide/retry/finding.hpp>

#include <utility>

namespace support {

/// What a classifier says of an exception that is thrown.
template <class Classifier, class E>
bide::finding of_thrown(const Classifier& c, E e,
                        bide::certainty unclassified = bide::certainty::rejected) {
    try {
        throw std::move(e);
    } catch (...) {
        return c.of_exception(unclassified);
    }
}

/// A result that says by itself what happened.
struct response {
    int status;
    [[nodiscard]] bide::finding what_happened() const noexcept {
        if (status < 400) return bide::succeeded;
        return {.verdict = bide::verdict::overloaded, .status = status};
    }
};

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_CLASSIFIED_HPP
