// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_NETWORK_HPP
#define BIDE_TESTING_NETWORK_HPP

#include <bide/detail/invalid.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>

/// How long a message is under way, one way; drawn for each message by itself.
namespace bide::inline v1::simulated {

/// `network(random)` answers a duration >= 0.
template <class N>
concept network = std::copyable<N> && requires(N& n, splitmix64& g) {
    { n(g) } noexcept -> std::same_as<duration>;
};

/// Uniform in [least, most].
class uniform_delay {
public:
    struct options {
        timespan least = duration::zero();  ///< >= 0
        timespan most = duration::zero();   ///< >= least
    };

    /// @throws std::invalid_argument naming the field.
    constexpr explicit uniform_delay(options opts) : least_{opts.least}, most_{opts.most} {
        if (least_ < duration::zero()) detail::invalid("uniform_delay: least", ">= 0", least_);
        if (most_ < least_) detail::invalid("uniform_delay: most", ">= least", most_);
    }

    constexpr duration operator()(splitmix64& g) const noexcept {
        return least_ < most_ ? detail::draw(g, least_, most_) : least_;
    }

private:
    duration least_;
    duration most_;
};
static_assert(network<uniform_delay>);

/// The absolute value of a normal distribution.
class normal_delay {
public:
    struct options {
        timespan mean = duration::zero();       ///< >= 0
        timespan deviation = duration::zero();  ///< >= 0
    };

    /// @throws std::invalid_argument naming the field.
    explicit normal_delay(options opts)
        : mean_{in_ns("normal_delay: mean", opts.mean)},
          deviation_{in_ns("normal_delay: deviation", opts.deviation)} {}

    /// By the polar method (G. Marsaglia, T. Bray, "A Convenient Method for Generating Normal
    /// Variables", 1964), which makes two at a time; not by <random>, whose numbers differ from one
    /// standard library to the other.
    duration operator()(splitmix64& g) noexcept {
        if (has_other_) {
            has_other_ = false;
            return delay(other_);
        }
        double x = 0;
        double y = 0;
        double square = 0;
        do {
            x = from_minus_one(g);
            y = from_minus_one(g);
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        const auto factor = std::sqrt(-2 * std::log(square) / square);
        other_ = y * factor;
        has_other_ = true;
        return delay(x * factor);
    }

private:
    static double in_ns(const char* setting, duration value) {
        if (value < duration::zero()) detail::invalid(setting, ">= 0", value);
        return static_cast<double>(value.count());
    }

    /// Uniform in [-1, 1).
    static double from_minus_one(splitmix64& g) noexcept {
        return static_cast<double>(static_cast<std::int64_t>(g())) * 0x1p-63;
    }

    [[nodiscard]] duration delay(double standard) const noexcept {
        return duration{static_cast<std::int64_t>(std::fabs(mean_ + deviation_ * standard))};
    }

    double mean_;
    double deviation_;
    double other_ = 0;
    bool has_other_ = false;
};
static_assert(network<normal_delay>);

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_NETWORK_HPP
