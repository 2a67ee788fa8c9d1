// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_POOL_HPP
#define BIDE_CURL_POOL_HPP

#include <bide/curl/handle.hpp>
#include <bide/limit/retry_budget.hpp>

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace bide::inline v1::curl {

/// Easy handles for any number of threads, each with its own connections, which stay open between
/// requests. Owned by the user; outlives the operations that use it.
///
/// The handle given back last is handed out first, because its connection is the youngest. A new
/// one is made when none is free, so nobody waits.
///
/// `perform` bounds the retries of all operations of a pool together, so that they do not multiply
/// the load of a server in trouble. So one pool for each destination: where one server is down, the
/// operations of another would find the budget spent. A program whose workers each stay with a
/// message until it is through does without, `pool({.budget = std::nullopt})`: the number of
/// workers bounds the load, and a refused retry would only make them begin the next message.
class pool {
public:
    struct options {
        /// Handles that are kept while nobody uses them; those beyond it are closed.
        std::size_t max_idle = 64;
        /// Of retries, for operations whose plan has no budget.
        std::optional<retry_budget::options> budget = retry_budget::for_http();
    };

    pool() : pool{options{}} {}
    explicit pool(std::size_t max_idle) : pool{options{.max_idle = max_idle}} {}
    /// @throws std::invalid_argument naming the field of the budget.
    explicit pool(const options& opts) : max_idle_{opts.max_idle} {
        if (opts.budget) budget_.emplace(*opts.budget);
    }
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool() = default;

    /// A handle on loan: reset, with nothing of its last use but open connections, and given back
    /// at the end of its scope.
    class loan {
    public:
        loan(loan&& other) noexcept
            : pool_{std::exchange(other.pool_, nullptr)}, handle_{std::move(other.handle_)} {}
        loan& operator=(loan&&) = delete;
        loan(const loan&) = delete;
        loan& operator=(const loan&) = delete;
        ~loan() {
            if (pool_ != nullptr) pool_->give_back(std::move(handle_));
        }

        [[nodiscard]] CURL* get() const noexcept { return handle_.get(); }
        /// It is not to be used again: closed instead of given back.
        void spoil() noexcept { pool_ = nullptr; }

    private:
        friend class pool;
        loan(pool& from, handle h) noexcept : pool_{&from}, handle_{std::move(h)} {}

        pool* pool_;
        handle handle_;
    };

    /// @throws std::runtime_error if libcurl gives no handle.
    [[nodiscard]] loan borrow() {
        if (auto kept = take()) return {*this, std::move(*kept)};
        return {*this, handle{}};
    }

    /// Handles that wait for work.
    [[nodiscard]] std::size_t idle() const {
        const std::scoped_lock lock{mutex_};
        return idle_.size();
    }

    /// What bounds the retries; null if nothing does.
    [[nodiscard]] retry_budget* budget() noexcept { return budget_ ? &*budget_ : nullptr; }

private:
    std::optional<handle> take() {
        const std::scoped_lock lock{mutex_};
        if (idle_.empty()) return std::nullopt;
        std::optional<handle> last{std::move(idle_.back())};
        idle_.pop_back();
        return last;
    }

    /// Closes connections, if at all, without the lock.
    void give_back(handle h) noexcept {
        // No pointer or credential of the last request stays in it. A reset keeps what it shares
        // and the cookies, if `setup` asked for such.
        curl_easy_reset(h.get());
        curl_easy_setopt(h.get(), CURLOPT_SHARE, nullptr);
        curl_easy_setopt(h.get(), CURLOPT_COOKIELIST, "ALL");
        try {
            const std::scoped_lock lock{mutex_};
            if (idle_.size() < max_idle_) idle_.push_back(std::move(h));
        } catch (...) {  // NOLINT(bugprone-empty-catch): no memory to keep it, so it is closed
        }
    }

    std::size_t max_idle_;
    std::optional<retry_budget> budget_;
    mutable std::mutex mutex_;
    std::vector<handle> idle_;
};

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_POOL_HPP
