// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_LANE_LIST_HPP
#define BIDE_CURL_DETAIL_LANE_LIST_HPP

#include <bide/curl/detail/lane_base.hpp>
#include <bide/time.hpp>

#include <cstddef>
#include <vector>

namespace bide::inline v1::curl::detail {

/// All lanes that had a request, and those that nobody has any more. For the engine's thread.
class lane_list {
public:
    lane_list() = default;
    lane_list(const lane_list&) = delete;
    lane_list& operator=(const lane_list&) = delete;
    ~lane_list() {
        for (auto* lane : doomed_) delete lane;
    }

    void add(lane_base& lane) {
        if (lane.index != 0) return;
        lanes_.push_back(&lane);
        lane.index = lanes_.size();
    }

    /// Ends all that are in their queues.
    void end_all(ending why, time_point now) {
        // NOLINTNEXTLINE(modernize-loop-convert): a callback may add a lane
        for (std::size_t i = 0; i != lanes_.size(); ++i) lanes_[i]->end_all(why, now);
    }

    /// Nobody has them any more.
    void doom(const std::vector<lane_base*>& all) {
        doomed_.insert(doomed_.end(), all.begin(), all.end());
    }
    /// Deletes those, each after `forget(lane)`. Only when nothing else is under way.
    template <class Forget>
    void bury(Forget forget) noexcept {
        for (auto* lane : doomed_) {
            remove(*lane);
            forget(*lane);
            delete lane;
        }
        doomed_.clear();
    }

private:
    void remove(const lane_base& lane) noexcept {
        if (lane.index == 0) return;
        lanes_[lane.index - 1] = lanes_.back();
        lanes_.back()->index = lane.index;
        lanes_.pop_back();
    }

    std::vector<lane_base*> lanes_;
    std::vector<lane_base*> doomed_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_LANE_LIST_HPP
