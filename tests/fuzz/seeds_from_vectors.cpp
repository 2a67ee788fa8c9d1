// SPDX-License-Identifier: MIT
#include "support/vectors.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

/// Divides the texts of the test vectors among the fuzz targets, as their first inputs:
///
///     program FOLDER
///
/// Writes FOLDER/<target>/v<number>; nothing where there are no vectors.
namespace {

using vectors::json;

class seeds {
public:
    explicit seeds(std::filesystem::path folder) : folder_{std::move(folder)} {}

    void add(const std::string& target, const std::string& input) {
        std::filesystem::create_directories(folder_ / target);
        std::ofstream{folder_ / target / ("v" + std::to_string(count_++)), std::ios::binary}
            << input;
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    std::filesystem::path folder_;
    std::size_t count_ = 0;
};

void add_header(seeds& to, std::string name, const std::string& value) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "date") to.add("http_date", value);
    if (name == "retry-after") to.add("retry_after", value);
    if (name.starts_with("ratelimit")) to.add("rate_limit", value);
    if (name.find("reset") != std::string::npos) to.add("reset_value", value);
}

/// The statuses of the target in its order.
char as_byte(int status) {
    constexpr int statuses[] = {429, 200, 403, 503, 302, 413, 409, 0, 999, 400};
    const auto* found = std::ranges::find(statuses, status);
    const auto index = found == std::end(statuses) ? 0 : found - std::begin(statuses);
    return static_cast<char>('2' + index);  // '2' is 50
}

void add_row(seeds& to, const json& row) {
    const auto& input = row.contains("input") ? row.at("input") : row;
    if (input.contains("headers") && input.at("headers").is_array()) {
        std::string block{as_byte(input.value("status", 429))};
        for (const auto& header : input.at("headers")) {
            const auto name = header.at(0).get<std::string>();
            const auto value = header.at(1).get<std::string>();
            add_header(to, name, value);
            block += name + ": " + value + "|";
        }
        to.add("header_block", block);
    }
    for (const char* key : {"text", "retry_after", "value"})
        if (input.contains(key) && input.at(key).is_string())
            for (const char* target : {"http_date", "retry_after", "reset_value"})
                to.add(target, input.at(key).get<std::string>());
    if (row.contains("raw")) {
        std::string field;
        for (const auto& line : row.at("raw"))
            field += (field.empty() ? "" : ", ") + line.get<std::string>();
        to.add("structured", field);
        to.add("rate_limit", field);
    }
    if (input.contains("body") && input.at("body").is_string())
        to.add("body", input.at("body").get<std::string>());
}

void add_file(seeds& to, const std::filesystem::path& path) {
    std::ifstream in{path};
    const auto rows = json::parse(in);
    for (const auto& row : rows)
        if (row.is_object()) add_row(to, row);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2) throw std::runtime_error{"usage: seeds_from_vectors FOLDER"};
        seeds all{argv[1]};
        if (!std::filesystem::is_directory(vectors::folder())) {
            std::cout << "no vectors in " << vectors::folder().string() << '\n';
            return 0;
        }
        for (const char* name :
             {"http_responses", "http_date", "ratelimit_fields", "retry_after_other"})
            for (const auto& file : vectors::files_of(name)) add_file(all, file);
        for (const auto& entry :
             std::filesystem::directory_iterator{vectors::folder() / "structured_fields"})
            if (entry.is_regular_file()) add_file(all, entry.path());
        std::cout << all.count() << " seeds\n";
    } catch (const std::exception& e) {
        std::cerr << "bide: " << e.what() << '\n';
        return 1;
    }
}
