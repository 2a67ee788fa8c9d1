// SPDX-License-Identifier: MIT
#include "gateway/saved_answers.hpp"

#include <mutex>
#include <string>

namespace gateway {

saved_answers::found saved_answers::claim(const std::string& key, const std::string& request,
                                          const http_reply& success) {
    if (key.empty()) return {};
    const std::lock_guard lock{mutex_};
    const auto [at, is_first] = by_key_.try_emplace(key, saved{request, success});
    if (is_first) return {};
    if (at->second.request != request) return {use::for_another, {}};
    return {use::again, at->second.answer};
}

}  // namespace gateway
