// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_FLIGHTS_HPP
#define BIDE_CURL_DETAIL_FLIGHTS_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/multi.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/handle.hpp>
#include <bide/time.hpp>

#include <cstddef>
#include <utility>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// The requests in flight, and the handles for them. For the engine's thread.
class flights {
public:
    /// `hooks` must outlive it.
    flights(const client_options& options, event_hooks& hooks)
        : most_{options.in_flight}, multi_{options, hooks} {}

    [[nodiscard]] bool has_room() const noexcept { return flying_.size() < most_; }
    [[nodiscard]] const std::vector<seat*>& all() const noexcept { return flying_; }

    [[nodiscard]] handle borrow() {
        if (idle_.empty()) return {};
        auto h = std::move(idle_.back());
        idle_.pop_back();
        return h;
    }
    /// It is reset; if it `was_set_up`, of the user's `setup` may be left what a reset keeps.
    void give_back(handle h, bool was_set_up) {
        if (was_set_up) {
            curl_easy_setopt(h.get(), CURLOPT_SHARE, nullptr);
            curl_easy_setopt(h.get(), CURLOPT_COOKIELIST, "ALL");
        }
        if (idle_.size() < most_) idle_.push_back(std::move(h));
    }

    /// @throws std::runtime_error if libcurl does not take it.
    void launch(seat& s) {
        set(s.raw, CURLOPT_PRIVATE, static_cast<void*>(&s));
        flying_.reserve(flying_.size() + 1);
        multi_.add(s.raw);
        s.place = flying_.size();
        flying_.push_back(&s);
        s.who->at = stage::in_flight;
    }
    /// Takes the handle back from libcurl, whether it is done or not.
    void recall(seat& s) noexcept {
        multi_.remove(s.raw);
        flying_[s.place] = flying_.back();
        flying_[s.place]->place = s.place;
        flying_.pop_back();
    }
    /// One whose transfer is over, null if there is none; `recall` follows.
    [[nodiscard]] seat* landed(CURLcode& code) noexcept {
        auto* const easy = multi_.finished(code);
        if (easy == nullptr) return nullptr;
        void* its = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &its);
        return static_cast<seat*>(its);
    }

    // As `multi` has them.
    void ready(curl_socket_t socket, int what) noexcept { multi_.ready(socket, what); }
    [[nodiscard]] time_point due() const noexcept { return multi_.due(); }
    bool drive(time_point now) noexcept { return multi_.drive(now); }
    void close() noexcept { multi_.close(); }

private:
    std::size_t most_;
    multi multi_;
    std::vector<seat*> flying_;
    std::vector<handle> idle_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_FLIGHTS_HPP
