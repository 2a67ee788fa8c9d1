// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_QUOTA_MODELS_HPP
#define BIDE_GATE_PACING_QUOTA_MODELS_HPP

#include <bide/gate/pacing/header_model.hpp>
#include <bide/gate/pacing/sample.hpp>
#include <bide/quota.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace bide::inline v1::pacing {

/// All limits that a server tells of, such as one per second and one per day: a model for each, and
/// the strictest holds.
class quota_models {
public:
    /// @return whether something was told that a pace can be made of.
    bool record(const sample& s, const quotas* told, const round_trip& trip,
                double in_flight) noexcept {
        auto useful = false;
        if (told == nullptr) return false;
        for (const auto& q : *told) {
            if (!q.limit || !q.remaining || *q.limit <= 0 || (!q.reset && !q.window)) continue;
            auto& its = find(key_of(q));
            its.heard = s.now;
            its.model.record(s, in_seconds(q, *q.limit, *q.remaining), trip, in_flight);
            closed_until_ = (std::max)(closed_until_, its.model.closed_until());
            useful = true;
        }
        if (!useful) return false;
        heard_ = s.now;
        find_tightest();
        return true;
    }

    /// Does a limit that is spread over its window set the pace?
    [[nodiscard]] bool set_pace() const noexcept { return tightest_ != none; }
    [[nodiscard]] double rate() const noexcept {
        const auto* m = tightest();
        return m == nullptr ? std::numeric_limits<double>::infinity() : m->rate();
    }
    /// Of the model that sets the pace; 0 if there is none.
    [[nodiscard]] double limit() const noexcept {
        const auto* m = tightest();
        return m == nullptr ? 0 : m->limit();
    }
    [[nodiscard]] double window() const noexcept {
        const auto* m = tightest();
        return m == nullptr ? 0 : m->window();
    }
    /// Some limit has nothing left before this; never earlier than it was.
    [[nodiscard]] double closed_until() const noexcept { return closed_until_; }
    /// When something was told last.
    [[nodiscard]] double heard() const noexcept { return heard_; }

private:
    struct entry {
        std::uint64_t key = 0;
        double heard = 0;
        header_model model{};
    };

    static told_quota in_seconds(const quota& q, std::int64_t limit,
                                 std::int64_t remaining) noexcept {
        const auto seconds = [](const auto& ms) {
            return ms ? static_cast<double>(ms->count()) / 1e3 : 0;
        };
        return {static_cast<double>(limit), static_cast<double>(remaining), seconds(q.reset),
                seconds(q.window)};
    }

    /// FNV-1a over name and unit, and the window: what makes a limit another one.
    static std::uint64_t key_of(const quota& q) noexcept {
        const auto texts = mix(mix(14695981039346656037U, q.name), q.unit);
        return mix(texts, q.window ? static_cast<std::uint64_t>(q.window->count()) : 0);
    }
    static std::uint64_t mix(std::uint64_t h, std::string_view text) noexcept {
        for (const auto c : text) h = mix(h, static_cast<unsigned char>(c));
        return mix(h, 256);
    }
    static std::uint64_t mix(std::uint64_t h, std::uint64_t n) noexcept {
        return (h ^ n) * 1099511628211U;
    }

    entry& find(std::uint64_t key) noexcept {
        for (std::size_t i = 0; i != size_; ++i)
            if (all_[i].key == key) return all_[i];
        return add(key);
    }
    /// If all are taken, the one not heard of for longest makes room.
    [[gnu::cold, gnu::noinline]] entry& add(std::uint64_t key) noexcept {
        auto* its = all_.data();
        for (auto& e : all_)
            if (e.heard < its->heard) its = &e;
        if (size_ != all_.size()) its = &all_[size_++];
        *its = {.key = key};
        return *its;
    }

    void find_tightest() noexcept {
        tightest_ = none;
        for (std::size_t i = 0; i != size_; ++i) {
            const auto& m = all_[i].model;
            if (m.sets_pace() && m.rate() < rate()) tightest_ = i;
        }
    }
    [[nodiscard]] const header_model* tightest() const noexcept {
        return tightest_ == none ? nullptr : &all_[tightest_].model;
    }

    static constexpr std::size_t none = ~std::size_t{0};
    std::array<entry, 4> all_{};
    std::size_t size_ = 0;
    std::size_t tightest_ = none;
    double heard_ = 0;
    double closed_until_ = 0;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_QUOTA_MODELS_HPP
