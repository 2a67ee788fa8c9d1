// SPDX-License-Identifier: MIT
#include "plan/command_line.hpp"
#include "plan/run.hpp"

#include <exception>
#include <iostream>
#include <stdexcept>

int main(int argc, char** argv) {
    const auto command = planner::read_command_line(argc, argv);
    if (!command.wanted) {
        (command.status == 0 ? std::cout : std::cerr) << command.text;
        return command.status;
    }
    try {
        std::cout << planner::run(*command.wanted) << '\n';
        std::cout.flush();
        if (!std::cout) throw std::runtime_error{"standard output cannot be written"};
        return 0;
    } catch (const std::invalid_argument& e) {
        std::cerr << "bide-plan: " << e.what() << '\n';
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "bide-plan: " << e.what() << '\n';
        return 1;
    }
}
