// SPDX-License-Identifier: MIT
#include "herd/output.hpp"

#include "common/option_text.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <ios>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace herd {
namespace {

std::string reason() { return std::generic_category().message(errno); }

void remove_regular(const std::string& file) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) std::filesystem::remove(file, ignored);
}

}  // namespace

void check_output(std::string_view option, const std::string& file) {
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(file, ignored);
    if (!std::ofstream{file, std::ios::binary | std::ios::app})
        common::reject(option, "a file that can be written (" + reason() + ")", file);
    if (!is_there) remove_regular(file);
}

void write_output(std::string_view option, const std::string& file, const std::string& text) {
    std::ofstream out{file, std::ios::binary};
    out << text;
    out.close();
    if (out) return;
    const auto why = reason();
    remove_regular(file);
    throw std::runtime_error{std::string{option} + ": " + file + ": " + why};
}

}  // namespace herd
