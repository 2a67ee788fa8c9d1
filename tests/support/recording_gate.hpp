// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_RECORDING_GATE_HPP
#define BIDE_TESTS_SUPPORT_RECORDING_GATE_HPP

#include <bide/gate/gate.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// What several gates were asked and told, in order: "a:go b:wait a:back".
using gate_log = std::vector<std::string>;

/// A gate that gives prepared answers, then says go, and writes everything down. It uses none of
/// the ticket's notes, as a gate with a book of its own may.
class recording_gate {
public:
    recording_gate(std::string name, gate_log& log, std::vector<bide::gate_answer> answers = {})
        : name_{std::move(name)}, log_{&log}, answers_{std::move(answers)} {}

    bide::gate_answer ask(bide::ticket& t, const bide::gate_request& request,
                          bide::time_point now) {
        requests.push_back(request);
        asked_at.push_back(now);
        if (requests.size() == throws_at) throw std::domain_error{"gate"};
        const auto i = requests.size() - 1;
        const auto answer = i < answers_.size() ? answers_[i] : bide::gate_answer::go();
        if (answer.says_go()) {
            say("go");
            ++permits;
            place = nullptr;
        } else {
            say(answer.says_refuse() ? "refuse" : "wait");
            if (!answer.says_refuse()) place = &t;
        }
        return answer;
    }

    void finish(bide::ticket&, const bide::report& what, bide::time_point now) noexcept {
        say("finish");
        reports.push_back(what);
        ended_at = now;
        --permits;
    }

    void give_back(bide::ticket&, bide::time_point) noexcept {
        if (permits > 0) {
            say("back");
            --permits;
        } else if (place != nullptr) {
            say("leave");
            place = nullptr;
        }
    }

    int permits = 0;                ///< That are out.
    bide::ticket* place = nullptr;  ///< Who waits.
    std::size_t throws_at = 0;      ///< The question at which it throws, from 1.
    std::vector<bide::gate_request> requests;
    std::vector<bide::time_point> asked_at;
    std::vector<bide::report> reports;
    bide::time_point ended_at{};

private:
    void say(const char* what) { log_->push_back(name_ + ":" + what); }

    std::string name_;
    gate_log* log_;
    std::vector<bide::gate_answer> answers_;
};
static_assert(bide::gate<recording_gate>);

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_RECORDING_GATE_HPP
