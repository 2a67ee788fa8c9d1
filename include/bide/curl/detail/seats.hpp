// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SEATS_HPP
#define BIDE_CURL_DETAIL_SEATS_HPP

#include <bide/curl/detail/lane_base.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/retry/detail/parts.hpp>

#include <memory>
#include <vector>

namespace bide::inline v1::curl::detail {

/// A seat, with the gates of the plan if there are any.
template <class How, bool Gated = plans::parts<How>::gated>
struct lane_seat : seat {
    lane_seat(const How& how, lane_base& of) : gates{how, of} { by = &of; }
    plans::entry<How> gates;
};
template <class How>
struct lane_seat<How, false> : seat {
    lane_seat(const How&, lane_base& of) { by = &of; }
};

/// The seats of a lane: as many as were in use at once.
template <class How>
class seats {
public:
    seats(const How& how, lane_base& of) noexcept : how_{&how}, of_{&of} {}

    [[nodiscard]] lane_seat<How>& take() {
        if (free_.empty()) {
            free_.reserve(all_.size() + 1);
            all_.push_back(std::make_unique<lane_seat<How>>(*how_, *of_));
            return *all_.back();
        }
        auto& s = *free_.back();
        free_.pop_back();
        return s;
    }
    void put(lane_seat<How>& s) noexcept {
        s.who = nullptr;
        free_.push_back(&s);  // there is room for all
    }

private:
    const How* how_;
    lane_base* of_;
    std::vector<std::unique_ptr<lane_seat<How>>> all_;
    std::vector<lane_seat<How>*> free_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SEATS_HPP
