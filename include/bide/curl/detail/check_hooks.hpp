// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_CHECK_HOOKS_HPP
#define BIDE_CURL_DETAIL_CHECK_HOOKS_HPP

#include <bide/curl/detail/check.hpp>
#include <bide/curl/hooks.hpp>
#include <bide/time.hpp>

#include <stdexcept>
#include <string>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// @throws std::invalid_argument
inline void check(CURL* easy, const hooks& h) {
    if (easy == nullptr)
        throw std::invalid_argument{"bide::curl::perform: the handle must not be null"};
    if (h.profile == nullptr)
        throw std::invalid_argument{"bide::curl::hooks: profile must not be null"};
    check_reader("bide::curl::hooks", h.read, *h.profile);
    if (h.profile->told_by_body && h.body == nullptr)
        throw std::invalid_argument{
            "bide::curl::hooks: body must be where your WRITEFUNCTION puts it with profile " +
            std::string{h.profile->name} + ", whose refusals may come as a 2xx, got null"};
    if (h.has_key &&
        (h.profile->key_header.empty() || h.profile->key_life.get() <= duration::zero()))
        throw std::invalid_argument{"bide::curl::hooks: has_key must be false with profile " +
                                    std::string{h.profile->name} + ", which honours no key"};
    check_times("curl::hooks: key_age", h.key_age, "curl::hooks: reuse_within", h.reuse_within);
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_CHECK_HOOKS_HPP
