// SPDX-License-Identifier: MIT
#include "inspect/command_line.hpp"
#include "inspect/run.hpp"

#include <bide/time.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>

int main(int argc, char** argv) {
    const auto command = inspector::read_command_line(argc, argv);
    if (!command.wanted) {
        (command.status == 0 ? std::cout : std::cerr) << command.text;
        return command.status;
    }
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    try {
        return inspector::run(*command.wanted, std::cin, std::cout,
                              bide::wall_time{std::chrono::system_clock::now()});
    } catch (const std::invalid_argument& e) {
        std::cerr << "bide-inspect: " << e.what() << '\n';
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "bide-inspect: " << e.what() << '\n';
        return 1;
    }
}
