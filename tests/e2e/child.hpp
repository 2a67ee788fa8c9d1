// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_E2E_CHILD_HPP
#define BIDE_TESTS_E2E_CHILD_HPP

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace e2e {

/// One of our programs as a process of its own, with both outputs in files.
class child {
public:
    child(const std::string& program, std::vector<std::string> arguments)
        : stem_{"bide_" + program + "_" + std::to_string(getpid())} {
        const auto path = std::string{BIDE_PROGRAMS_DIR} + "/" + program;
        arguments.insert(arguments.begin(), path);
        std::vector<char*> argv;
        for (auto& a : arguments) argv.push_back(a.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        constexpr auto create = O_WRONLY | O_CREAT | O_TRUNC;
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, file("out").c_str(), create, 0600);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, file("err").c_str(), create, 0600);
        const auto error = posix_spawn(&pid_, path.c_str(), &files, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (error != 0) throw std::runtime_error{"cannot start " + path};
    }
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child() {
        if (!status_) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        (void)std::remove(file("out").c_str());
        (void)std::remove(file("err").c_str());
    }

    void send_signal(int number) const { kill(pid_, number); }

    /// True if it ended within that time.
    bool wait_for(std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        int status = 0;
        while (waitpid(pid_, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        status_ = status;
        return true;
    }

    /// The exit status, -1 after a signal.
    [[nodiscard]] int exit_status() const {
        const auto status = status_.value();
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    [[nodiscard]] std::string out() const { return content("out"); }
    [[nodiscard]] std::string err() const { return content("err"); }

private:
    [[nodiscard]] std::string file(const char* which) const { return stem_ + "." + which; }
    [[nodiscard]] std::string content(const char* which) const {
        std::ifstream in{file(which), std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    }

    std::string stem_;
    pid_t pid_ = 0;
    std::optional<int> status_;
};

}  // namespace e2e

#endif  // BIDE_TESTS_E2E_CHILD_HPP
