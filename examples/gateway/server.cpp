// SPDX-License-Identifier: MIT
#include "gateway/server.hpp"

#include "gateway/acceptor.hpp"
#include "gateway/service.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace gateway {
namespace {

/// The durations that a plan of faults brings along stand for the options of the same meaning.
options effective(options opts) {
    opts.stall = opts.faults.stall.value_or(opts.stall);
    opts.refuse_for = opts.faults.refuse_for.value_or(opts.refuse_for);
    opts.idle_for = opts.faults.idle_for.value_or(opts.idle_for);
    check(opts);
    return opts;
}

}  // namespace

class server::impl {
public:
    explicit impl(options opts) : opts_{effective(std::move(opts))} {}

    options opts_;
    service rules_{opts_};
    acceptor door_{opts_, rules_};
};

server::server(options opts) : impl_{std::make_unique<impl>(std::move(opts))} {}

server::~server() { stop(); }

std::uint16_t server::port() const noexcept { return impl_->door_.port(); }

std::string server::url() const { return "http://127.0.0.1:" + std::to_string(port()); }

ledger_snapshot server::ledger() const { return impl_->rules_.book().snapshot(); }

void server::stop() noexcept { impl_->door_.stop(); }

}  // namespace gateway
