// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_KEYED_ENTRIES_HPP
#define BIDE_GATE_DETAIL_KEYED_ENTRIES_HPP

#include <bide/time.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace bide::inline v1::detail {

/// The newest instant that any of several gates was told: the clock by which they are forgotten.
class newest_instant {
public:
    void note(time_point now) noexcept {
        auto seen = at_.load(std::memory_order_relaxed);
        while (seen < now && !at_.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
        }
    }
    [[nodiscard]] time_point get() const noexcept { return at_.load(std::memory_order_relaxed); }

private:
    std::atomic<time_point> at_{time_point::min()};
};

/// A gate with what is known of its use.
template <class Gate>
struct keyed_entry {
    template <class Factory>
    keyed_entry(const Factory& make, std::string_view key, newest_instant& c)
        : gate(make(key)), clock{&c} {}

    Gate gate;
    newest_instant* clock;
    std::atomic<std::uint32_t> pins = 0;
    newest_instant last_used{};

    [[nodiscard]] bool is_forgettable(duration forget_after) const noexcept {
        // Acquired, because whoever let go of the last pin wrote to the gate before.
        if (pins.load(std::memory_order_acquire) != 0) return false;
        const auto now = clock->get();
        if constexpr (requires { gate.at_rest(now); })
            if (gate.at_rest(now)) return true;
        return saturating_sub(now, last_used.get()) >= forget_after;
    }
};

/// Keeps an entry from being forgotten; empty if there was none to be had.
template <class Gate>
class pin {
public:
    pin() = default;
    /// Under the lock of its part, or from another pin.
    explicit pin(keyed_entry<Gate>* e) noexcept : entry_{e} {
        if (entry_ != nullptr) entry_->pins.fetch_add(1, std::memory_order_relaxed);
    }
    pin(const pin& other) noexcept : pin{other.entry_} {}
    pin(pin&& other) noexcept : entry_{std::exchange(other.entry_, nullptr)} {}
    pin& operator=(pin other) noexcept {
        std::swap(entry_, other.entry_);
        return *this;
    }
    ~pin() {
        if (entry_ != nullptr) entry_->pins.fetch_sub(1, std::memory_order_release);
    }

    explicit operator bool() const noexcept { return entry_ != nullptr; }
    [[nodiscard]] Gate* get() const noexcept { return entry_ != nullptr ? &entry_->gate : nullptr; }
    /// Requires an entry.
    [[nodiscard]] Gate& used(time_point now) const noexcept {
        entry_->last_used.note(now);
        entry_->clock->note(now);
        return entry_->gate;
    }

private:
    keyed_entry<Gate>* entry_ = nullptr;
};

/// The gates by key, in parts with a lock each; no lock is held while another is taken or while
/// gates are made or destroyed.
template <class Gate>
class keyed_entries {
    using entry = keyed_entry<Gate>;
    using owned = std::unique_ptr<entry>;

public:
    keyed_entries(std::uint64_t most, duration forget_after)
        : most_{most}, forget_after_{forget_after} {}

    template <class Factory>
    pin<Gate> find_or_make(std::string_view key, const Factory& make) {
        const auto which = hash{}(key) % parts_.size();
        if (auto found = find(parts_[which], key)) return found;
        if (!has_room(which)) return {};
        owned made;
        try {
            made = std::make_unique<entry>(make, key, clock_);
            made->last_used.note(clock_.get());
            const std::lock_guard lock{parts_[which].mutex};
            // If another thread was quicker, ours is not needed.
            const auto [at, is_new] =
                parts_[which].by_key.try_emplace(std::string{key}, std::move(made));
            if (!is_new) size_.fetch_sub(1);
            return pin<Gate>{at->second.get()};
        } catch (...) {
            size_.fetch_sub(1);
            throw;
        }
    }

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept {
            return std::hash<std::string_view>{}(key);
        }
    };
    struct part {
        std::mutex mutex{};
        std::unordered_map<std::string, owned, hash, std::equal_to<>> by_key{};
    };

    static pin<Gate> find(part& in, std::string_view key) {
        const std::lock_guard lock{in.mutex};
        const auto found = in.by_key.find(key);
        return found != in.by_key.end() ? pin<Gate>{found->second.get()} : pin<Gate>{};
    }

    /// Takes room for one more, if need be that of one that is forgotten, from the part where the
    /// new one goes first of all.
    bool has_room(std::size_t first) {
        auto seen = size_.load();
        while (seen < most_)
            if (size_.compare_exchange_weak(seen, seen + 1)) return true;
        for (std::size_t i = 0; i < parts_.size(); ++i)
            if (const auto forgotten = take_forgettable(parts_[(first + i) % parts_.size()]))
                return true;  // its room is passed on
        return false;
    }

    /// Destroyed by the caller, without the lock.
    owned take_forgettable(part& from) {
        const std::lock_guard lock{from.mutex};
        for (auto at = from.by_key.begin(); at != from.by_key.end(); ++at) {
            if (!at->second->is_forgettable(forget_after_)) continue;
            auto forgotten = std::move(at->second);
            from.by_key.erase(at);
            return forgotten;
        }
        return nullptr;
    }

    const std::uint64_t most_;
    const duration forget_after_;
    newest_instant clock_;
    std::atomic<std::uint64_t> size_ = 0;
    std::array<part, 16> parts_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_KEYED_ENTRIES_HPP
