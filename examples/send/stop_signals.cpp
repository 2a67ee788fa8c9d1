// SPDX-License-Identifier: MIT
#include "send/stop_signals.hpp"

#include <csignal>
#include <thread>

#include <pthread.h>
#include <unistd.h>

namespace sender {

stop_signals::stop_signals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    listener_ = std::thread{[this] { listen(); }};
}

stop_signals::~stop_signals() {
    over_ = true;
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): its sigwait takes it
    pthread_kill(listener_.native_handle(), SIGTERM);
    listener_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void stop_signals::listen() {
    int received = 0;
    while (sigwait(&signals_, &received) == 0 && !over_)
        if (!source_.request_stop()) _exit(128 + received);
}

}  // namespace sender
