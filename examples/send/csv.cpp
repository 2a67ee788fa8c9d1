// SPDX-License-Identifier: MIT
#include "send/csv.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sender {
namespace {

class parser {
public:
    explicit parser(std::string_view text) : rest_{text} {}

    std::vector<csv_row> rows() {
        std::vector<csv_row> all;
        while (!rest_.empty()) all.push_back(row());
        return all;
    }

private:
    csv_row row() {
        csv_row fields;
        number_ = 1;
        for (;; ++number_) {
            const auto line = line_;
            const bool quoted = take("\"");
            auto text = quoted ? quoted_text(line) : plain_text();
            fields.push_back({std::move(text), line});
            if (take(",")) continue;
            if (rest_.empty() || end_of_line()) return fields;
            if (quoted)
                fail(line_, "must end after its closing quote; a quote inside is written \"\"");
            fail(line_, rest_.front() == '"' ? "must begin with a quote to contain one"
                                             : "must not contain a CR without LF");
        }
    }

    std::string plain_text() {
        const auto size = rest_.find_first_of(",\"\r\n");
        const auto text = rest_.substr(0, size);
        rest_.remove_prefix(text.size());
        return std::string{text};
    }

    std::string quoted_text(std::size_t opened) {
        std::string text;
        for (;;) {
            const auto size = rest_.find('"');
            if (size == std::string_view::npos)
                fail(opened, "must end with a quote, it begins with one");
            for (const char c : rest_.substr(0, size)) line_ += c == '\n' ? 1U : 0U;
            text += rest_.substr(0, size);
            rest_.remove_prefix(size + 1);
            if (!take("\"")) return text;
            text += '"';
        }
    }

    bool end_of_line() {
        if (!take("\n") && !take("\r\n")) return false;
        ++line_;
        return true;
    }

    bool take(std::string_view what) {
        if (rest_.substr(0, what.size()) != what) return false;
        rest_.remove_prefix(what.size());
        return true;
    }

    [[noreturn]] void fail(std::size_t line, const char* what) const {
        throw csv_error{line, number_, what};
    }

    std::string_view rest_;
    std::size_t line_ = 1;
    std::size_t number_ = 1;
};

}  // namespace

std::vector<csv_row> parse_csv(std::string_view text) { return parser{text}.rows(); }

}  // namespace sender
