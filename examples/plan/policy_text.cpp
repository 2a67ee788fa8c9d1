// SPDX-License-Identifier: MIT
#include "plan/policy_text.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace planner {
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& why) {
    throw std::invalid_argument{file + ": the file must be readable: " + why};
}

}  // namespace

std::string policy_text(const std::string& argument) {
    if (!argument.starts_with('@')) return argument;
    const auto file = argument.substr(1);
    if (std::filesystem::is_directory(file)) fail(file, "it is a directory");
    const std::ifstream in{file, std::ios::binary};
    if (!in) fail(file, std::generic_category().message(errno));
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad() || text.bad()) fail(file, "reading it failed");
    return text.str();
}

}  // namespace planner
