// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

/// Runs a fuzz target over a corpus with any compiler, so that it is built and tried every day:
///
///     program CORPUS SKIP
///
/// CORPUS holds one input a line, behind SKIP characters that are not part of it; empty lines and
/// those that begin with # are none. Each input is also run cut short, once for each of its bytes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::string> inputs_of(const std::string& path, std::size_t skip) {
    std::ifstream file{path};
    if (!file) throw std::runtime_error{path + " cannot be read"};
    std::vector<std::string> inputs;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#') inputs.push_back(line.substr(skip));
    if (inputs.empty()) throw std::runtime_error{path + " holds no input"};
    return inputs;
}

void run(const std::string& input) {
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    for (std::size_t size = 0; size <= bytes.size(); ++size)
        LLVMFuzzerTestOneInput(bytes.data(), size);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments{argv + 1, argv + argc};
        const auto inputs = inputs_of(arguments.at(0), std::stoul(arguments.at(1)));
        for (const auto& input : inputs) run(input);
        std::cout << inputs.size() << " inputs\n";
    } catch (const std::exception& e) {
        std::cerr << "bide: " << e.what() << '\n';
        return 1;
    }
}
