// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_JSON_CORPUS_HPP
#define BIDE_TESTS_JSON_CORPUS_HPP

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

/// tests/json/policies.txt and profiles.txt, which say themselves what they hold.
namespace corpus {

struct row {
    std::string verdict;
    std::string text;
};

inline std::vector<row> rows(const std::string& name = "policies.txt") {
    std::ifstream file{BIDE_TESTS_DIR "/json/" + name};
    if (!file) throw std::runtime_error{"tests/json/" + name + " cannot be read"};
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        rows.push_back({line.substr(0, line.find(' ')), line.substr(5)});
    }
    return rows;
}

/// Of one verdict only.
inline std::vector<std::string> texts(const std::string& verdict) {
    std::vector<std::string> texts;
    for (const auto& [its_verdict, text] : rows())
        if (its_verdict == verdict) texts.push_back(text);
    return texts;
}

}  // namespace corpus

#endif  // BIDE_TESTS_JSON_CORPUS_HPP
