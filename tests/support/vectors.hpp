// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_VECTORS_HPP
#define BIDE_TESTS_SUPPORT_VECTORS_HPP

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Runs other people's published tests, which are kept as JSON beside the checkout.
///
/// A runner judges every row of every file NAME.*.json: passed, failed, or excluded with a reason
/// that is printed. What it does not know fails, so that no new row is passed over in silence.
namespace vectors {

using json = nlohmann::json;

/// What became of a row.
struct judgement {
    enum class kind { passed, excluded, failed };

    kind what = kind::failed;
    std::string because;
};

inline judgement passed(std::string how = {}) { return {judgement::kind::passed, std::move(how)}; }
inline judgement excluded(std::string reason) {
    return {judgement::kind::excluded, std::move(reason)};
}
inline judgement failed(std::string why) { return {judgement::kind::failed, std::move(why)}; }
inline judgement passed_if(bool good, const std::string& else_why) {
    return good ? passed() : failed(else_why);
}

/// The environment variable, else what the build was configured with.
inline std::filesystem::path folder() {
    if (const char* named = std::getenv("BIDE_VECTORS_DIR"); named != nullptr && *named != '\0')
        return named;
#ifdef BIDE_VECTORS_DIR_DEFAULT
    return BIDE_VECTORS_DIR_DEFAULT;
#else
    return {};
#endif
}

/// The files NAME.*.json in the folder, in order of their names; NAME may begin with a subfolder.
inline std::vector<std::filesystem::path> files_of(const std::string& path) {
    const auto start = folder() / path;
    const auto name = start.filename().string();
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{start.parent_path()}) {
        const auto file = entry.path().filename().string();
        if (file.starts_with(name + ".") && file.ends_with(".json") &&
            file.size() > name.size() + std::string{"..json"}.size())
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Judges every row and prints the share of the excluded ones. Without the folder it says so and
/// passes; a folder without such a file is a mistake. At least `least` rows of each file must pass.
inline void run(const std::string& name, const std::function<judgement(const json& row)>& judge,
                std::size_t least = 1) {
    if (!std::filesystem::is_directory(folder())) {
        // The build turns these words into a skipped test.
        std::printf("*** SKIPPED *** bide: skipped, no vectors in %s\n", folder().string().c_str());
        std::fflush(stdout);
        SUCCEED("no vectors");
        return;
    }
    const auto files = files_of(name);
    if (files.empty()) FAIL("no file " << name << ".*.json in " << folder().string());

    for (const auto& file : files) {
        std::ifstream in{file};
        const auto rows = json::parse(in);
        REQUIRE(rows.is_array());
        REQUIRE_FALSE(rows.empty());
        std::size_t good = 0;
        std::size_t with_a_note = 0;
        std::vector<std::string> exclusions;
        for (const auto& row : rows) {
            const auto id = row.value("id", row.value("name", std::string{"(a row without id)"}));
            auto result = failed("was not judged");
            try {
                result = judge(row);
            } catch (const std::exception& e) {
                result = failed(e.what());
            }
            switch (result.what) {
                case judgement::kind::passed:
                    ++good;
                    if (!result.because.empty()) ++with_a_note;
                    break;
                case judgement::kind::excluded:
                    exclusions.push_back(id + ": " + result.because);
                    break;
                case judgement::kind::failed:
                    FAIL_CHECK(file.filename().string()
                               << ", " << id << ": " << result.because << "\n"
                               << row.dump());
                    break;
            }
        }
        const auto share =
            100.0 * static_cast<double>(exclusions.size()) / static_cast<double>(rows.size());
        std::printf("%s: %zu rows, %zu passed", file.filename().string().c_str(), rows.size(),
                    good);
        if (with_a_note != 0)
            std::printf(" (%zu of them because our band lies inside theirs)", with_a_note);
        std::printf(", %zu excluded (%.1f %%)\n", exclusions.size(), share);
        for (const auto& line : exclusions) std::printf("  excluded %s\n", line.c_str());
        std::fflush(stdout);
        CHECK(good >= least);
    }
}

}  // namespace vectors

#endif  // BIDE_TESTS_SUPPORT_VECTORS_HPP
