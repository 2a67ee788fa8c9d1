// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_ENGINE_TIMER_HEAP_HPP
#define BIDE_CURL_ENGINE_TIMER_HEAP_HPP

#include <bide/curl/detail/indexed_heap.hpp>
#include <bide/time.hpp>

#include <cstddef>

namespace bide::inline v1::curl::detail {

/// Who waits for what instant. `T` derives from `scheduled` and is owned elsewhere; each is in at
/// most one timer_heap or ready_queue at a time. Sans-IO, for one thread.
///
/// 16 bytes per element; joining, leaving and moving are O(log n). Memory grows by half and shrinks
/// when less than a quarter is used.
template <class T>
class timer_heap {
public:
    timer_heap() = default;
    timer_heap(const timer_heap&) = delete;
    timer_heap& operator=(const timer_heap&) = delete;

    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    [[nodiscard]] bool holds(const T& t) const noexcept { return heap_.holds(t); }

    /// It must be in none. If memory lacks, it still is in none.
    void push(T& t, time_point at) { heap_.push(t, at); }
    /// Both: it must be in this one.
    void remove(T& t) noexcept { heap_.remove(t); }
    void move(T& t, time_point at) noexcept { heap_.move(t, at); }

    /// When the first is due; `never` if nobody waits.
    [[nodiscard]] time_point next() const noexcept {
        return heap_.empty() ? never : heap_.top().key;
    }

    /// Takes the first out if it is due at `now`, else null. Of two for one instant either may come
    /// first.
    [[nodiscard]] T* pop_due(time_point now) noexcept {
        if (heap_.empty() || heap_.top().key > now) return nullptr;
        return &heap_.pop();
    }

    /// Calls `f(T&)` in no order; `f` changes nothing here.
    template <class F>
    void for_each(F f) const {
        heap_.for_each(f);
    }

    /// How many the memory that it has is for.
    [[nodiscard]] std::size_t capacity() const noexcept { return heap_.capacity(); }
    /// From now on there is memory for `n`, so that `push` cannot fail below.
    void reserve(std::size_t n) { heap_.reserve(n); }

private:
    indexed_heap<T, time_point> heap_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_ENGINE_TIMER_HEAP_HPP
