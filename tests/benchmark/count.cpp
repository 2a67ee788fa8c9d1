// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <span>
#include <string_view>

// For instructions.sh: does one subject N times.
int main(int argc, char** argv) {
    using group = std::span<const subjects::named>;
    for (const auto some : {group{subjects::all}, group{subjects::more}})
        for (const auto& s : some) {
            if (argc != 3)
                std::cout << s.name << ' ' << s.beside << '\n';
            else if (s.name == std::string_view{argv[1]})
                return s.run(std::atol(argv[2])) == 0 ? 1 : 0;
        }
    return argc == 3 ? 2 : 0;
}
