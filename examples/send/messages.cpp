// SPDX-License-Identifier: MIT
#include "send/messages.hpp"

#include "send/csv.hpp"
#include "send/utf8.hpp"

#include <bide/detail/platform.hpp>
#include <bide/random.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace sender {
namespace {

constexpr std::array<std::string_view, 3> columns{"to", "text", "from"};

class reader {
public:
    reader(const std::string& file, const std::string& id_prefix)
        : file_{file}, id_prefix_{id_prefix} {}

    [[nodiscard]] std::vector<message> read(std::string_view csv) {
        if (csv.substr(0, 2) == "\xff\xfe" || csv.substr(0, 2) == "\xfe\xff")
            fail(1, "the file must be UTF-8, this looks like UTF-16");
        if (csv.substr(0, 3) == "\xef\xbb\xbf") csv.remove_prefix(3);
        const auto rows = parse(csv);
        read_header(rows);
        std::vector<message> all;
        for (std::size_t i = 1; i < rows.size(); ++i) {
            if (is_blank(rows[i])) continue;
            check(rows[i]);
            all.push_back({id_prefix_ + std::to_string(all.size() + 1), rows[i][0].text,
                           rows[i][1].text, columns_ > 2 ? rows[i][2].text : std::string{}});
        }
        return all;
    }

private:
    [[nodiscard]] std::vector<csv_row> parse(std::string_view csv) const {
        try {
            return parse_csv(csv);
        } catch (const csv_error& e) {
            fail(e.line(), name_of(e.field()) + " " + e.what());
        }
    }

    void read_header(const std::vector<csv_row>& rows) {
        const auto same = [](const csv_field& f, std::string_view name) { return f.text == name; };
        const auto fields = rows.empty() ? 0 : rows[0].size();
        if (fields < 2 || fields > columns.size() ||
            !std::equal(rows[0].begin(), rows[0].end(), columns.begin(), same))
            fail(1, "the first line must be to,text or to,text,from");
        columns_ = fields;
    }

    static bool is_blank(const csv_row& row) { return row.size() == 1 && row[0].text.empty(); }

    void check(const csv_row& row) const {
        if (row.size() != columns_)
            fail(row[0].line,
                 std::string{"a line must have "} +
                     (columns_ > 2 ? "3 fields (to,text,from)" : "2 fields (to,text)") + ", got " +
                     std::to_string(row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) check_utf8(row[i], i);
        if (!is_number(row[0].text))
            fail(row[0].line, "field to must be 1 to 15 digits, with or without a + before them");
        if (row[1].text.empty()) fail(row[1].line, "field text must not be empty");
        if (columns_ > 2 && !row[2].text.empty() && !is_sender(row[2].text))
            fail(row[2].line, "field from must be 1 to 15 characters, or empty for --from");
    }

    void check_utf8(const csv_field& field, std::size_t index) const {
        const auto at = find_invalid_utf8(field.text);
        if (at == std::string_view::npos) return;
        const auto before = std::string_view{field.text}.substr(0, at);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        fail(field.line + static_cast<std::size_t>(lines), name_of(index + 1) + " must be UTF-8");
    }

    /// E.164: at most fifteen digits; short codes have few.
    static bool is_number(std::string_view text) {
        if (text.substr(0, 1) == "+") text.remove_prefix(1);
        return !text.empty() && text.size() <= 15 &&
               text.find_first_not_of("0123456789") == std::string_view::npos;
    }

    [[nodiscard]] std::string name_of(std::size_t field) const {
        if (field <= columns_) return "field " + std::string{columns.at(field - 1)};
        return "field " + std::to_string(field);
    }

    [[noreturn]] void fail(std::size_t line, const std::string& what) const {
        throw std::invalid_argument{file_ + ":" + std::to_string(line) + ": " + what};
    }

    const std::string& file_;
    const std::string& id_prefix_;
    std::size_t columns_ = 2;
};

[[noreturn]] void fail_to_read(const std::string& file, const std::string& why) {
    throw std::invalid_argument{file + ": the file must be readable: " + why};
}

std::string read_all(const std::string& file) {
    if (file == "-")
        return {std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}};
    if (std::filesystem::is_directory(file)) fail_to_read(file, "it is a directory");
    std::ifstream in{file, std::ios::binary};
    if (!in) fail_to_read(file, std::generic_category().message(errno));
    std::ostringstream text;
    if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
    if (in.bad() || text.bad()) fail_to_read(file, "reading it failed");
    return text.str();
}

}  // namespace

bool is_sender(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 15 && find_invalid_utf8(name) == std::string_view::npos;
}

std::vector<message> read_messages(std::string_view csv, const std::string& file,
                                   const std::string& id_prefix) {
    return reader{file, id_prefix}.read(csv);
}

std::vector<message> load_messages(const std::string& file, const std::string& id_prefix) {
    return read_messages(read_all(file), file == "-" ? "standard input" : file, id_prefix);
}

std::vector<message> generate_messages(std::size_t count, const std::string& id_prefix) {
    std::vector<message> all;
    all.reserve(count);
    for (std::size_t i = 1; i <= count; ++i) {
        // No country has the code 999.
        auto to = std::to_string(9'990'000'000'000 + i);
        to.insert(0, 1, '+');
        all.push_back(
            {id_prefix + std::to_string(i), std::move(to), "Message " + std::to_string(i)});
    }
    return all;
}

std::string random_id_prefix() {
    bide::splitmix64 random{bide::detail::entropy()};
    std::string prefix = "m-";
    for (auto [i, bits] = std::pair{0, random()}; i < 7; ++i, bits /= 32)
        prefix += "0123456789abcdefghjkmnpqrstvwxyz"[bits % 32];
    return prefix + "-";
}

}  // namespace sender
