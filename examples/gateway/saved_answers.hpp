// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SAVED_ANSWERS_HPP
#define GATEWAY_SAVED_ANSWERS_HPP

#include "gateway/http_reply.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gateway {

/// What a provider keeps per idempotency key: the request that the key was used for and the answer
/// to it. Kept as long as the program runs. Thread-safe.
class saved_answers {
public:
    enum class use : std::uint8_t { first, again, for_another };

    struct found {
        use what = use::first;
        http_reply answer{};  ///< The saved one, of `again`.
    };

    /// One atomic step: of several requests with the same key one is the first. The answer is the
    /// one that a success will have, whatever a fault makes of it on the way.
    [[nodiscard]] found claim(const std::string& key, const std::string& request,
                              const http_reply& success);

private:
    struct saved {
        std::string request;
        http_reply answer;
    };

    std::mutex mutex_;
    std::unordered_map<std::string, saved> by_key_;
};

}  // namespace gateway

#endif  // GATEWAY_SAVED_ANSWERS_HPP
