// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_INDEXED_HEAP_HPP
#define BIDE_CURL_DETAIL_INDEXED_HEAP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace bide::inline v1::curl::detail {

/// Where an element stands in the one heap that it is in. The heaps write it, nobody else.
struct scheduled {
    static constexpr auto nowhere = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t place = nowhere;
};

/// The least key first, and any element can leave: a 4-ary heap whose elements, owned elsewhere and
/// derived from `scheduled`, know their places. At most 2^32 - 1 elements, each in one heap at a
/// time. One thread.
///
/// Four children to a node instead of two: half the levels, and the children of a node are
/// neighbours in memory. (LaMarca, Ladner: "The Influence of Caches on the Performance of Heaps",
/// 1996.)
template <class T, class Key>
class indexed_heap {
public:
    struct entry {
        Key key;
        T* what;
    };

    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    /// The first; only if there is one.
    [[nodiscard]] const entry& top() const noexcept { return entries_.front(); }

    [[nodiscard]] bool holds(const T& t) const noexcept {
        return t.place < entries_.size() && entries_[t.place].what == &t;
    }

    /// It must be in no heap. If memory lacks, it still is in none.
    void push(T& t, Key key) {
        // By half, not by the double that libraries prefer: less lies idle.
        if (entries_.size() == entries_.capacity())
            entries_.reserve(entries_.size() + entries_.size() / 2 + step);
        entries_.push_back({key, &t});
        rise(entries_.size() - 1, key, t);
    }

    /// Takes out the first; only if there is one.
    T& pop() noexcept {
        auto& first = *entries_.front().what;  // where it stands need not be read from it
        take(first, 0);
        return first;
    }

    /// It must be in this heap, as in `move`.
    void remove(T& t) noexcept { take(t, t.place); }

    void move(T& t, Key key) noexcept { settle(t.place, key, t); }

    /// In no order. `f` leaves the heap as it is.
    template <class F>
    void for_each(F f) const {
        for (const auto& e : entries_) f(*e.what);
    }

    /// How many the memory that it has is for.
    [[nodiscard]] std::size_t capacity() const noexcept { return entries_.capacity(); }
    /// From now on there is memory for `n`, so that `push` cannot fail below.
    void reserve(std::size_t n) {
        entries_.reserve(n);
        kept_ = (std::max)(kept_, entries_.capacity());
    }

private:
    static constexpr std::size_t arity = 4;
    static constexpr std::size_t step = 4;  // at least so many more; a queue of one is common
    static constexpr std::size_t smallest = 64;

    void take(T& t, std::size_t hole) noexcept {
        t.place = scheduled::nowhere;
        // Part by part, as it was written: the whole, read at once, would wait until the parts have
        // left the processor's store buffer, and with them the places that miss its caches.
        const auto key = entries_.back().key;
        auto& last = *entries_.back().what;
        entries_.pop_back();
        if (hole != entries_.size()) settle(hole, key, last);
        if (entries_.size() < entries_.capacity() / 4 && entries_.capacity() > kept_) shrink();
    }

    void put(std::size_t hole, Key key, T& t) noexcept {
        entries_[hole].key = key;
        entries_[hole].what = &t;
        t.place = static_cast<std::uint32_t>(hole);
    }
    void put(std::size_t hole, const entry& from) noexcept { put(hole, from.key, *from.what); }

    void settle(std::size_t hole, Key key, T& t) noexcept {
        if (hole != 0 && key < entries_[(hole - 1) / arity].key)
            rise(hole, key, t);
        else
            sink(hole, key, t);
    }

    void rise(std::size_t hole, Key key, T& t) noexcept {
        while (hole != 0) {
            const auto parent = (hole - 1) / arity;
            if (!(key < entries_[parent].key)) break;
            put(hole, entries_[parent]);
            hole = parent;
        }
        put(hole, key, t);
    }

    void sink(std::size_t hole, Key key, T& t) noexcept {
        for (;;) {
            const auto child = hole * arity + 1;
            if (child >= entries_.size()) break;
            const auto least = least_child(child);
            if (!(entries_[least].key < key)) break;
            put(hole, entries_[least]);
            hole = least;
        }
        put(hole, key, t);
    }

    [[nodiscard]] std::size_t least_child(std::size_t first) const noexcept {
        const auto size = entries_.size();
        const auto* const all = entries_.data();
        if (size - first < arity) {
            auto least = first;
            for (auto i = first + 1; i < size; ++i)
                if (all[i].key < all[least].key) least = i;
            return least;
        }
#if defined(__GNUC__)
        // Whichever of the four wins, its children are on their way from memory meanwhile. Not in
        // a function of its own: gcc 12 takes that for one without effect and drops the call.
        if (const auto next = first * arity + 1; next + arity * arity <= size)
            for (std::size_t i = 0; i < arity * arity * sizeof(entry); i += 64)
                __builtin_prefetch(reinterpret_cast<const char*>(all + next) + i);
#endif
        // Two pairs and their winners: shorter chains of dependent steps than one after the other.
        const auto a = first + std::size_t{all[first + 1].key < all[first].key};
        const auto b = first + 2 + std::size_t{all[first + 3].key < all[first + 2].key};
        return a + (b - a) * std::size_t{all[b].key < all[a].key};
    }

    void shrink() noexcept {
        try {
            std::vector<entry> smaller;
            smaller.reserve((std::max)(entries_.size() * 2, kept_));
            smaller.assign(entries_.begin(), entries_.end());
            entries_.swap(smaller);
        } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): then it stays large
        }
    }

    std::vector<entry> entries_;
    std::size_t kept_ = smallest;  // memory for so many is never given back
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_INDEXED_HEAP_HPP
