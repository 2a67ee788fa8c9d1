// SPDX-License-Identifier: MIT
#include <bide/curl/engine/ready_queue.hpp>
#include <bide/curl/engine/timer_heap.hpp>

#include "batches.hpp"

#include <bide/random.hpp>
#include <bide/time.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <utility>
#include <vector>

// What the schedule of the asynchronous client costs while 100,000 or 1,000,000 requests wait,
// beside a plain 4-ary heap whose elements know their places. Nanoseconds of the processor, the
// rounds of all interleaved; only the ratios mean something, and nothing fails on them.

using namespace std::chrono_literals;
namespace engine = bide::curl::detail;
using bide::time_point;

namespace {

/// As large as what a waiting request keeps, so that places lie as far apart as there.
struct waiting : engine::scheduled {
    int priority = 0;
    time_point deadline{};
    std::uint64_t turn = 0;
    std::array<char, 168> rest{};
};

class plain_heap {
public:
    void push(waiting& t, time_point at) {
        entries_.push_back({at, &t});
        up(entries_.size() - 1);
    }
    waiting* pop() {
        auto* const first = entries_.front().what;
        remove(*first);
        return first;
    }
    void remove(waiting& t) {
        const auto i = std::size_t{t.place};
        entries_[i] = entries_.back();
        entries_.pop_back();
        if (i == entries_.size()) return;
        entries_[i].what->place = static_cast<std::uint32_t>(i);
        down(up(i));
    }
    [[nodiscard]] time_point next() const { return entries_.front().at; }

private:
    struct entry {
        time_point at;
        waiting* what;
    };

    std::size_t up(std::size_t i) {
        const auto e = entries_[i];
        for (; i != 0 && e.at < entries_[(i - 1) / 4].at; i = (i - 1) / 4)
            set(i, entries_[(i - 1) / 4]);
        set(i, e);
        return i;
    }
    void down(std::size_t i) {
        const auto e = entries_[i];
        for (;;) {
            const auto first = 4 * i + 1;
            const auto last = first + 4 < entries_.size() ? first + 4 : entries_.size();
            if (first >= last) break;
            auto least = first;
            for (auto c = first + 1; c < last; ++c)
                if (entries_[c].at < entries_[least].at) least = c;
            if (!(entries_[least].at < e.at)) break;
            set(i, entries_[least]);
            i = least;
        }
        set(i, e);
    }
    void set(std::size_t i, const entry& e) {
        entries_[i] = e;
        e.what->place = static_cast<std::uint32_t>(i);
    }

    std::vector<entry> entries_;
};

struct plain_schedule {
    void push(waiting& t) { heap.push(t, t.deadline); }
    waiting* pop() { return heap.pop(); }
    void remove(waiting& t) { heap.remove(t); }
    plain_heap heap;
};

struct timers {
    void push(waiting& t) { heap.push(t, t.deadline); }
    waiting* pop() { return heap.pop_due(heap.next()); }
    void remove(waiting& t) { heap.remove(t); }
    engine::timer_heap<waiting> heap;
};

/// With so many priorities, whose turn comes in each.
template <int Priorities>
struct ready {
    void push(waiting& t) {
        t.turn = ++turn;
        t.priority = static_cast<int>(turn % Priorities);
        queue.push(t);
    }
    waiting* pop() { return queue.pop(); }
    void remove(waiting& t) { queue.remove(t); }
    engine::ready_queue<waiting> queue;
    std::uint64_t turn = 0;
};

struct figures {
    std::vector<double> hold{};    ///< ns of one pop and one insert of what came out, for later.
    std::vector<double> cancel{};  ///< ns of one.
};

class stopwatch {
public:
    [[nodiscard]] double ns_each(std::size_t n) const {
        return 1e9 * static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC /
               static_cast<double>(n);
    }

private:
    std::clock_t begin_ = std::clock();
};

template <class Schedule>
class subject {
public:
    explicit subject(std::size_t n) : elements_(n), order_(n) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        for (auto i = n; i > 1; --i)
            std::swap(order_[i - 1], order_[static_cast<std::size_t>(random_() % i)]);
        for (auto& t : elements_) {
            t.deadline = time_point{} + delay();
            schedule_.push(t);
        }
    }

    /// Each round another part of the elements is cancelled.
    void measure(figures& to, std::size_t round) {
        constexpr std::size_t steps = 200000;
        const stopwatch hold;
        for (std::size_t i = 0; i != steps; ++i) {
            auto* const t = schedule_.pop();
            t->deadline += delay();
            schedule_.push(*t);
        }
        to.hold.push_back(hold.ns_each(steps));

        const auto n = elements_.size() / 10;
        const auto from = order_.begin() + static_cast<std::ptrdiff_t>(round % 10 * n);
        const auto to_end = from + static_cast<std::ptrdiff_t>(n);
        const stopwatch cancel;
        for (auto i = from; i != to_end; ++i) schedule_.remove(elements_[*i]);
        to.cancel.push_back(cancel.ns_each(n));
        for (auto i = from; i != to_end; ++i) schedule_.push(elements_[*i]);
    }

private:
    bide::duration delay() { return std::chrono::nanoseconds{random_() % 30'000'000'000U}; }

    bide::splitmix64 random_{1};
    std::vector<waiting> elements_;
    std::vector<std::size_t> order_;
    Schedule schedule_{};
};

void print(const char* name, const figures& its, const figures& plain) {
    const auto hold = batches::median(its.hold);
    const auto cancel = batches::median(its.cancel);
    std::printf("  %-26s %8.1f ns  %5.2fx     %8.1f ns  %5.2fx\n", name, hold,
                hold / batches::median(plain.hold), cancel, cancel / batches::median(plain.cancel));
}

void compare(std::size_t n) {
    constexpr std::size_t rounds = 15;
    subject<plain_schedule> plain{n};
    subject<timers> heap{n};
    subject<ready<1>> one{n};
    subject<ready<3>> three{n};
    std::array<figures, 4> found;
    for (std::size_t round = 0; round != rounds; ++round) {
        plain.measure(found[0], round);
        heap.measure(found[1], round);
        one.measure(found[2], round);
        three.measure(found[3], round);
    }
    std::printf("%zu waiting                pop + insert              cancel\n", n);
    print("plain indexed 4-ary heap", found[0], found[0]);
    print("timer_heap", found[1], found[0]);
    print("ready_queue, 1 priority", found[2], found[0]);
    print("ready_queue, 3 priorities", found[3], found[0]);
}

}  // namespace

int main() {
    for (const std::size_t n : {100'000U, 1'000'000U}) compare(n);
    return 0;
}
