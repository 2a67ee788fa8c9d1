// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

// For instructions.sh: does one subject N times.
int main(int argc, char** argv) {
    if (argc != 3) {
        for (const auto& s : subjects::all) std::cout << s.name << ' ' << s.beside << '\n';
        return 0;
    }
    for (const auto& s : subjects::all)
        if (s.name == std::string_view{argv[1]}) return s.run(std::atol(argv[2])) == 0 ? 1 : 0;
    return 2;
}
