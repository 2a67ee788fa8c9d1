// SPDX-License-Identifier: MIT
#ifndef BIDE_QUOTA_HPP
#define BIDE_QUOTA_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bide::inline v1 {

/// What a server tells of one of its limits. What it did not tell, or not clearly, is missing.
///
/// Milliseconds, because a reset may lie further away than a `duration` reaches; they are rounded
/// up. The texts are views into the response.
struct quota {
    /// As the server names it, escapes included; empty where it has but one.
    std::string_view name{};
    /// What is counted, if it is not requests: `qu` of draft-ietf-httpapi-ratelimit-headers-08.
    std::string_view unit{};
    std::optional<std::int64_t> limit{};      ///< Allowed within the window; 0 or more.
    std::optional<std::int64_t> remaining{};  ///< Left now; 0 or more.
    /// From the arrival of the response until something, not always all, is left again.
    std::optional<std::chrono::milliseconds> reset{};
    std::optional<std::chrono::milliseconds> window{};  ///< The time for which the limit is meant.

    [[nodiscard]] constexpr bool is_exhausted() const noexcept { return remaining == 0; }
};

/// Does `a` hold a client back more than `b`? What is exhausted does, the later its reset the more;
/// else what has the lowest remaining; what does not tell comes last.
[[nodiscard]] constexpr bool binds_more(const quota& a, const quota& b) noexcept {
    if (a.is_exhausted() && b.is_exhausted()) return a.reset > b.reset;  // nothing is less than 0 s
    if (!a.remaining) return false;
    return !b.remaining || *a.remaining < *b.remaining;
}

/// The quotas of one response, at most `max` of them.
class quotas {
public:
    /// More than any service is known to send at once. Of a list that is longer the ones that bind
    /// most are kept, of single fields the first.
    static constexpr std::size_t max = 8;

    [[nodiscard]] constexpr const quota* begin() const noexcept { return all_.data(); }
    [[nodiscard]] constexpr const quota* end() const noexcept { return all_.data() + size_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// Requires `i < size()`.
    [[nodiscard]] constexpr const quota& operator[](std::size_t i) const noexcept {
        return all_[i];
    }

    /// The one that holds the client back most, the first of equals; null if there is none. Points
    /// into this object.
    [[nodiscard]] constexpr const quota* binding() const noexcept {
        if (empty()) return nullptr;
        const auto* most = all_.data();
        for (const auto& q : *this)
            if (binds_more(q, *most)) most = &q;
        return most;
    }

    /// Adds `q`, or puts it in the place of the one that binds least, if `q` binds more.
    constexpr void keep(const quota& q) noexcept {
        if (size_ < max) {
            all_[size_++] = q;
            return;
        }
        auto* least = all_.data();
        for (auto& other : all_)
            if (!binds_more(other, *least)) least = &other;
        if (binds_more(q, *least)) *least = q;
    }

private:
    std::array<quota, max> all_{};
    std::size_t size_ = 0;
};

}  // namespace bide::inline v1

#endif  // BIDE_QUOTA_HPP
