// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_DEFAULT_BUDGET_HPP
#define BIDE_CURL_DETAIL_DEFAULT_BUDGET_HPP

#include <bide/limit/budget.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/plan.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <type_traits>

namespace bide::inline v1::curl::detail {

/// A retry budget that may be missing, which is known at run time only.
class maybe_budget {
public:
    static constexpr bool is_handle = true;

    explicit maybe_budget(retry_budget* its) noexcept : its_{its} {}

    void began(budget_note& note, std::uint64_t attempt, time_point now) const noexcept {
        if (its_ != nullptr) its_->began(note, attempt, now);
    }
    [[nodiscard]] const char* take(budget_note& note, const finding& found,
                                   time_point now) const noexcept {
        return its_ != nullptr ? its_->take(note, found, now) : nullptr;
    }
    void give_back(budget_note& note, time_point now) const noexcept {
        if (its_ != nullptr) its_->give_back(note, now);
    }

private:
    retry_budget* its_;
};
static_assert(budget<maybe_budget>);

/// A runtime of the user's that cannot wait for events takes no part in gates, nor in budgets.
template <class Runtime>
inline constexpr bool can_take_part =
    std::is_same_v<Runtime, system_runtime> || requires { typename Runtime::alarm; };

/// Gates that were read as text know at run time whether there is a budget among them.
template <class Gates>
bool has_read_budget(const Gates& gates) noexcept {
    if constexpr (requires { gates.has_budget(); })
        return gates.has_budget();
    else if constexpr (requires { gates.rest; })
        return has_read_budget(gates.rest);
    else
        return false;
}

/// The policy or plan with that budget, unless it has one.
template <class How>
decltype(auto) with_default_budget(const How& how, retry_budget* budget) {
    using its = bide::detail::parts<How>;
    if constexpr (bide::detail::has_budget<typename its::gates_type> ||
                  !can_take_part<typename its::runtime_type>)
        return (how);
    else
        return with(maybe_budget{has_read_budget(its::gates(how)) ? nullptr : budget}, how);
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_DEFAULT_BUDGET_HPP
