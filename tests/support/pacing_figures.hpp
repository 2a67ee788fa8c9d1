// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PACING_FIGURES_HPP
#define BIDE_TESTS_SUPPORT_PACING_FIGURES_HPP

#include "support/pacing_run.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace simulated {

/// What happened in a run, in order of time, and what it comes to.
class figures {
public:
    void accepted(double now, double latency) {
        accepted_.push_back(now);
        latencies_.push_back(latency);
    }
    void refused(double now) { refused_.push_back(now); }
    [[nodiscard]] std::size_t count() const { return accepted_.size(); }

    /// `base`: what the server accepts per second before the change and leaves to this client.
    [[nodiscard]] result of(const scenario& its, double base) const {
        result r{.accepted = accepted_.size()};
        if (accepted_.size() < its.learning + its.steady) return r;
        const auto n1 = its.learning;
        const auto rate = base * its.change;
        const auto learnt = accepted_[n1 - 1];
        r.first_goodput = 100 * static_cast<double>(n1) / (base * learnt);
        r.refused_first = count_between(refused_, 0, learnt);
        r.first_refused = static_cast<double>(r.refused_first) / static_cast<double>(n1);
        const auto from = n1 + its.steady * (its.change != 1 ? 4U : 1U) / 10;
        const auto took = accepted_.back() - accepted_[from];
        const auto n2 = static_cast<double>(accepted_.size() - 1 - from);
        r.steady_goodput = 100 * n2 / (rate * took);
        r.steady_refused = static_cast<double>(count_between(refused_, accepted_[from], 1e9)) / n2;
        std::vector<double> late(latencies_.begin() + static_cast<std::ptrdiff_t>(n1),
                                 latencies_.end());
        std::sort(late.begin(), late.end());
        r.p99 = late[late.size() * 99 / 100];
        if (its.change != 1) r.adapted = adaptation(learnt, rate);
        return r;
    }

private:
    static std::size_t count_between(const std::vector<double>& sorted, double from, double to) {
        return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), to) -
                                        std::lower_bound(sorted.begin(), sorted.end(), from));
    }

    /// When two seconds (or 50 messages) first bring 95 % of the new limit with few refusals.
    [[nodiscard]] double adaptation(double changed, double rate) const {
        const auto span = std::max(2.0, 50 / rate);
        for (auto t = changed; t + span <= accepted_.back(); t += span / 10) {
            const auto good = static_cast<double>(count_between(accepted_, t, t + span));
            const auto bad = static_cast<double>(count_between(refused_, t, t + span));
            if (good >= 0.95 * rate * span && bad <= 0.05 * good) return t - changed;
        }
        return 999;
    }

    std::vector<double> accepted_;
    std::vector<double> refused_;
    std::vector<double> latencies_;
};

}  // namespace simulated

#endif  // BIDE_TESTS_SUPPORT_PACING_FIGURES_HPP
