// SPDX-License-Identifier: MIT
#include <bide/curl/client.hpp>

#include "measure.hpp"
#include "message.hpp"
#include "subject.hpp"

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace {

using namespace std::chrono_literals;
using result = bide::outcome<bide::curl::response>;

class client_loop final : public subject {
public:
    client_loop(const load& l, bool one_lane)
        : load_{l}, client_{{.in_flight = l.in_flight + l.stalled}}, in_flight_{l.in_flight} {
        if (one_lane) lane_ = client_.lane(policy_);
        const auto patient =
            bide::policy(bide::constant(1s), bide::max_attempts(1), {.try_timeout = 1h});
        const auto silent = client_.lane(patient);
        for (std::size_t i = 0; i != l.stalled; ++i)
            silent.send(message(l.silent_url)).then([](const result&) {});
    }
    ~client_loop() override { client_.shutdown(bide::curl::client::cut); }

    std::size_t run(seconds time) override {
        done_ = 0;
        active_ = in_flight_;
        end_ = steady::now() + std::chrono::duration_cast<steady::duration>(time);
        std::promise<void> over;
        over_ = &over;
        for (std::size_t i = 0; i != in_flight_; ++i) send();
        over.get_future().wait();
        return done_;
    }

    void set_in_flight(std::size_t n) override { in_flight_ = n; }

private:
    void send() {
        auto next =
            lane_ ? lane_->send(message(load_.url)) : client_.send(message(load_.url), policy_);
        std::move(next).then([this](const result& r) { receive(r); });
    }

    /// In the client's thread, as all but the first requests are sent.
    void receive(const result& r) {
        if (!r || r.last()->status != 202) give_up(r.explain());
        ++done_;
        if (steady::now() < end_)
            send();
        else if (--active_ == 0)
            over_->set_value();
    }

    load load_;
    bide::curl::client client_;
    decltype(bide::policy()) policy_ = bide::policy();
    std::optional<bide::curl::lane> lane_{};
    std::size_t in_flight_;
    std::size_t active_ = 0;
    std::size_t done_ = 0;
    steady::time_point end_{};
    std::promise<void>* over_ = nullptr;
};

}  // namespace

std::unique_ptr<subject> make_client(const subject::load& l, bool one_lane) {
    return std::make_unique<client_loop>(l, one_lane);
}
