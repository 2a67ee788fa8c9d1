// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_QUOTA_BUILDER_HPP
#define BIDE_HTTP_DETAIL_QUOTA_BUILDER_HPP

#include <bide/http/field.hpp>
#include <bide/quota.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http::detail {

/// Which of two fields is believed about the same thing, best first.
enum class rank : std::uint8_t {
    rate_limit,  ///< RateLimit, drafts 07 to 10.
    standard,    ///< RateLimit-Limit and its like, drafts 00 to 06.
    policy,      ///< RateLimit-Policy.
    relative,    ///< What counts from now, and needs no clock.
    other,
    last,  ///< A second form of the same.
    none,  ///< Nothing said it.
};

/// A quota that is put together from several fields.
struct draft_quota {
    bide::quota quota{};
    std::string_view vendor{};
    bool whole = false;  ///< Other fields say nothing about it.
    rank limit = rank::none;
    rank remaining = rank::none;
    rank reset = rank::none;

    [[nodiscard]] constexpr bool is_standard() const noexcept {
        return limit <= rank::standard || remaining <= rank::standard || reset <= rank::standard;
    }
};

/// The better source wins; of values of the same rank the largest.
template <class T>
constexpr void offer(std::optional<T>& to, rank& has, std::optional<T> value, rank r) noexcept {
    if (!value || r > has) return;
    if (r < has || to < value) to = value;
    has = r;
}

/// Puts the fields of one response together, field by field; at most `quotas::max` quotas.
class quota_builder {
public:
    /// Quotas of the RateLimit field. What other fields say of the one without a name can only be
    /// about a single one of these.
    constexpr void begin(const quotas& standard) noexcept {
        for (const auto& q : standard)
            *add() = {.quota = q,
                      .whole = standard.size() > 1,
                      .limit = q.limit ? rank::rate_limit : rank::none,
                      .remaining = q.remaining ? rank::rate_limit : rank::none,
                      .reset = q.reset ? rank::rate_limit : rank::none};
        standard_ = standard.size();
    }

    /// The quota that a field is about; null if there is no room for another one.
    constexpr draft_quota* find_or_add(std::string_view vendor, std::string_view name) noexcept {
        if (standard_ != 0 && vendor.empty() && name.empty())
            return standard_ == 1 ? all_.data() : nullptr;
        for (auto& d : span())
            if (!d.whole && same_name(d.vendor, vendor) && same_name(d.quota.name, name)) return &d;
        auto* d = add();
        if (d != nullptr) {
            d->vendor = vendor;
            d->quota.name = name;
        }
        return d;
    }

    /// A quota of which nothing but limit and window is known.
    constexpr void add_policy(const quota& q) noexcept {
        if (auto* d = add()) *d = {.quota = q, .whole = true};
    }

    /// Finds for each policy its quota: by name, else by limit, else if there is but one of each;
    /// what belongs to none is a quota of its own.
    constexpr void match(const quotas& policies) noexcept {
        const auto before = size_;
        for (const auto& p : policies) {
            auto found = false;
            for (std::size_t i = 0; i < before && !p.name.empty(); ++i)
                if (all_[i].quota.name == p.name) found = apply(p, all_[i]);
            for (std::size_t i = 0; i < before && !found; ++i)
                if (all_[i].quota.limit == p.limit && !all_[i].quota.window)
                    found = apply_if_unnamed(p, all_[i]);
            if (!found && policies.size() == 1 && before == 1) found = apply_if_unnamed(p, all_[0]);
            if (!found) add_policy(p);
        }
    }

    /// The standard names' ones first.
    [[nodiscard]] constexpr quotas get() const noexcept {
        quotas all;
        for (std::size_t i = 0; i < size_; ++i)
            if (all_[i].is_standard()) all.keep(all_[i].quota);
        for (std::size_t i = 0; i < size_; ++i)
            if (!all_[i].is_standard()) all.keep(all_[i].quota);
        return all;
    }

private:
    [[nodiscard]] constexpr std::span<draft_quota> span() noexcept { return {all_.data(), size_}; }
    constexpr draft_quota* add() noexcept { return size_ < quotas::max ? &all_[size_++] : nullptr; }
    static constexpr bool apply(const quota& policy, draft_quota& to) noexcept {
        offer(to.quota.limit, to.limit, policy.limit, rank::policy);
        if (!to.quota.window) to.quota.window = policy.window;
        to.quota.unit = policy.unit;
        return true;
    }

    /// Two names that differ are about two quotas.
    static constexpr bool apply_if_unnamed(const quota& policy, draft_quota& to) noexcept {
        return (policy.name.empty() || to.quota.name.empty()) && apply(policy, to);
    }

    std::array<draft_quota, quotas::max> all_{};
    std::size_t size_ = 0;
    std::size_t standard_ = 0;
};

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_QUOTA_BUILDER_HPP
