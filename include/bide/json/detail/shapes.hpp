// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_SHAPES_HPP
#define BIDE_JSON_DETAIL_SHAPES_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/fibonacci.hpp>
#include <bide/backoff/linear.hpp>
#include <bide/backoff/polynomial.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace bide::inline v1::detail {

/// `sequence`, of a length that is known at run time.
class listed_delays {
public:
    listed_delays(std::vector<duration> delays, bool stops)
        : delays_{std::move(delays)}, retries_{stops ? delays_.size() : no_end} {}

    [[nodiscard]] band band_of(const attempt& a) const noexcept {
        const auto index = a.number > 0 ? a.number - 1 : 0;
        const auto d = index < delays_.size() ? delays_[index] : delays_.back();
        return {d, d};
    }
    [[nodiscard]] std::uint64_t retries() const noexcept { return retries_; }

private:
    std::vector<duration> delays_;
    std::uint64_t retries_;
};

inline constexpr std::size_t most_delays = 1000;

inline any_backoff read_constant(fields& f) {
    constant::options o;
    read(f["base"], o.base);
    return f.checked([&] { return any_backoff{constant{o}}; });
}

inline any_backoff read_linear(fields& f) {
    linear::options o;
    read(f["base"], o.base);
    read(f["step"], o.step);
    read_or_none(f["cap"], o.cap);
    return f.checked([&] { return any_backoff{linear{o}}; });
}

inline any_backoff read_polynomial(fields& f) {
    polynomial::options o;
    read(f["base"], o.base);
    read(f["degree"], o.degree);
    read_or_none(f["cap"], o.cap);
    return f.checked([&] { return any_backoff{polynomial{o}}; });
}

inline any_backoff read_fibonacci(fields& f) {
    fibonacci::options o;
    read(f["base"], o.base);
    read_or_none(f["cap"], o.cap);
    return f.checked([&] { return any_backoff{fibonacci{o}}; });
}

inline any_backoff read_exponential(fields& f) {
    exponential::options o;
    read(f["base"], o.base);
    read(f["factor"], o.factor);
    read_or_none(f["cap"], o.cap);
    return f.checked([&] { return any_backoff{exponential{o}}; });
}

inline any_backoff read_sequence(fields& f) {
    std::vector<duration> delays;
    for (const auto& element : f["delays"].elements(1, most_delays, "durations")) {
        timespan d = duration::zero();
        read(element, d);
        delays.push_back(d);
    }
    const auto then = f["then"];
    const bool stops = is_word(then, "stop");
    if (then.exists() && !stops && !is_word(then, "repeat")) then.refuse(R"("repeat" or "stop")");
    return listed_delays{std::move(delays), stops};
}

struct shape_kind {
    std::string_view name;
    any_backoff (*read)(fields&);
};
inline constexpr shape_kind shapes[] = {
    {"constant", read_constant},       {"linear", read_linear},
    {"polynomial", read_polynomial},   {"fibonacci", read_fibonacci},
    {"exponential", read_exponential}, {"sequence", read_sequence}};

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_SHAPES_HPP
