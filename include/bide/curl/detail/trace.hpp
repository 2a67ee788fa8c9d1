// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_TRACE_HPP
#define BIDE_CURL_DETAIL_TRACE_HPP

#include <bide/retry/record.hpp>
#include <bide/time.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <utility>

namespace bide::inline v1::curl::detail {

/// The newest tries of a request that waits, as `history` has them, in as little memory as can be:
/// a pointer before the first, then 32 bytes for each.
class trace {
public:
    trace() = default;
    trace(const trace&) = delete;
    trace& operator=(const trace&) = delete;
    ~trace() { drop(); }

    /// The numbers of tries have no gaps; of `t.found` the error must be one of libcurl's.
    void add(const past_try& t) {
        const auto count = size();
        if (count == 0 || (std::has_single_bit(count) && count < history::capacity)) grow(count);
        auto* const steps = its_->steps();
        auto at = count;
        if (count == history::capacity) {
            for (std::uint32_t i = 1; i != count; ++i) steps[i - 1] = steps[i];
            --at;
        }
        steps[at] = {t.found.hint ? t.found.hint->count() : none,
                     t.ended,
                     t.wait,
                     static_cast<std::int16_t>(t.found.status),
                     static_cast<std::int16_t>(t.found.error),
                     t.found.verdict,
                     t.found.certainty,
                     t.found.settles};
        steps[0].count = static_cast<std::uint8_t>(at + 1);
    }

    [[nodiscard]] bool empty() const noexcept { return its_ == nullptr; }
    /// `newest`: the number of the newest.
    [[nodiscard]] history all(std::uint64_t newest) const noexcept {
        history h;
        const auto count = size();
        for (std::uint32_t i = 0; i != count; ++i) {
            const auto& s = its_->steps()[i];
            finding f{.verdict = s.verdict,
                      .certainty = s.certainty,
                      .settles = s.settles,
                      .status = s.status,
                      .error = s.error};
            if (s.hint != none) f.hint = duration{s.hint};
            h.add({newest - count + 1 + i, f, s.ended, s.wait});
        }
        return h;
    }

    /// The exception that the newest try ended with; only after `add`.
    void failed_with(std::exception_ptr error) noexcept { its_->error = std::move(error); }
    [[nodiscard]] std::exception_ptr error() const noexcept {
        return its_ != nullptr ? its_->error : nullptr;
    }

private:
    static constexpr duration::rep none = -1;

    struct step {
        duration::rep hint;
        duration ended;
        duration wait;
        std::int16_t status;
        std::int16_t error;
        bide::verdict verdict;
        bide::certainty certainty;
        bool settles;
        std::uint8_t count = 0;  // in the first: how many there are
    };
    static_assert(sizeof(step) == 32);

    /// The steps stand behind it.
    struct block {
        std::exception_ptr error;
        [[nodiscard]] step* steps() noexcept { return reinterpret_cast<step*>(this + 1); }
    };
    static_assert(sizeof(block) % alignof(step) == 0);

    [[nodiscard]] std::uint32_t size() const noexcept {
        return its_ != nullptr ? its_->steps()->count : 0;
    }

    void grow(std::uint32_t count) {
        const auto room = count == 0 ? std::uint32_t{1} : 2 * count;
        auto* const memory = ::operator new(sizeof(block) + room * sizeof(step));
        auto* const larger = ::new (memory) block{error()};
        for (std::uint32_t i = 0; i != room; ++i)
            ::new (larger->steps() + i) step{i < count ? its_->steps()[i] : step{}};
        drop();
        its_ = larger;
    }
    void drop() noexcept {
        if (its_ == nullptr) return;
        its_->~block();
        ::operator delete(its_);
    }

    block* its_ = nullptr;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_TRACE_HPP
