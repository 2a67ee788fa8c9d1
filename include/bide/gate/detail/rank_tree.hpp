// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_RANK_TREE_HPP
#define BIDE_GATE_DETAIL_RANK_TREE_HPP

#include <bide/gate/ticket.hpp>

#include <cstdint>
#include <limits>

namespace bide::inline v1::detail {

constexpr std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    return a > most - b ? most : a + b;
}

/// Tickets in order of rank (high first), then turn (low first), with the cost that stands before
/// each: an intrusive treap (Seidel, Aragon: "Randomized search trees", 1996), so it allocates
/// nothing and every operation is O(log n). Not thread-safe.
class rank_tree {
public:
    /// Its rank, turn and cost are set and stay as they are while it is in.
    void insert(ticket& t) noexcept {
        t.line.left = t.line.right = t.line.up = nullptr;
        auto** hook = &root_;
        while (*hook != nullptr) {
            t.line.up = *hook;
            hook = before(t.line.rank, t.line.turn, **hook) ? &(*hook)->line.left
                                                            : &(*hook)->line.right;
        }
        *hook = &t;
        while (t.line.up != nullptr && height(t) > height(*t.line.up)) rotate_up(t);
        refresh_from(&t);
    }

    void erase(ticket& t) noexcept {
        auto& its = t.line;
        while (its.left != nullptr || its.right != nullptr) {
            const auto left_rises = its.right == nullptr ||
                                    (its.left != nullptr && height(*its.left) > height(*its.right));
            rotate_up(left_rises ? *its.left : *its.right);
        }
        hook_of(t) = nullptr;
        refresh_from(its.up);
        its.up = nullptr;
    }

    [[nodiscard]] ticket* first() const noexcept {
        auto* t = root_;
        while (t != nullptr && t->line.left != nullptr) t = t->line.left;
        return t;
    }

    [[nodiscard]] std::uint64_t total() const noexcept { return total_of(root_); }

    /// The cost of all that come before this rank and turn, or before a ticket that has them.
    [[nodiscard]] std::uint64_t total_before(std::int64_t rank, std::uint64_t turn) const noexcept {
        std::uint64_t sum = 0;
        for (const auto* t = root_; t != nullptr;) {
            const auto goes_left =
                (t->line.rank == rank && t->line.turn == turn) || before(rank, turn, *t);
            if (!goes_left)
                sum = saturating_sum(sum, saturating_sum(t->cost, total_of(t->line.left)));
            t = goes_left ? t->line.left : t->line.right;
        }
        return sum;
    }

    /// Whether somebody of this rank and turn comes before `other`.
    [[nodiscard]] static bool before(std::int64_t rank, std::uint64_t turn,
                                     const ticket& other) noexcept {
        if (rank != other.line.rank) return rank > other.line.rank;
        return turn < other.line.turn;
    }

private:
    /// Random enough to keep the tree flat: the finalizer of splitmix64 over the turn.
    [[nodiscard]] static std::uint64_t height(const ticket& t) noexcept {
        auto x = t.line.turn * 0x9e3779b97f4a7c15U;
        x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31U);
    }

    [[nodiscard]] static std::uint64_t total_of(const ticket* t) noexcept {
        return t == nullptr ? 0 : t->line.total;
    }

    static void refresh(ticket& t) noexcept {
        t.line.total =
            saturating_sum(t.cost, saturating_sum(total_of(t.line.left), total_of(t.line.right)));
    }
    static void refresh_from(ticket* t) noexcept {
        for (; t != nullptr; t = t->line.up) refresh(*t);
    }

    /// What points to it from above.
    [[nodiscard]] ticket*& hook_of(const ticket& t) noexcept {
        auto* up = t.line.up;
        if (up == nullptr) return root_;
        return up->line.left == &t ? up->line.left : up->line.right;
    }

    /// It changes places with the one above it; the order from left to right stays.
    void rotate_up(ticket& t) noexcept {
        auto& down = *t.line.up;
        auto& hook = hook_of(down);
        const auto was_left = down.line.left == &t;
        auto& inner = was_left ? t.line.right : t.line.left;
        (was_left ? down.line.left : down.line.right) = inner;
        if (inner != nullptr) inner->line.up = &down;
        inner = &down;
        t.line.up = down.line.up;
        down.line.up = &t;
        hook = &t;
        refresh(down);
        refresh(t);
    }

    ticket* root_ = nullptr;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_RANK_TREE_HPP
