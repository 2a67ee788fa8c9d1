// SPDX-License-Identifier: MIT
#ifndef SENDER_CSV_HPP
#define SENDER_CSV_HPP

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

struct csv_field {
    std::string text;
    std::size_t line = 1;  ///< Where it begins, from 1.
};
using csv_row = std::vector<csv_field>;

/// What is wrong where: `what()` completes "field … ", for example "must end with a quote".
class csv_error : public std::runtime_error {
public:
    csv_error(std::size_t line, std::size_t field, const std::string& what)
        : std::runtime_error{what}, line_{line}, field_{field} {}

    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    [[nodiscard]] std::size_t field() const noexcept { return field_; }  ///< From 1.

private:
    std::size_t line_;
    std::size_t field_;
};

/// Reads comma-separated values as RFC 4180 has them: fields in quotes may hold commas, line ends
/// and doubled quotes. Lines end with LF or CRLF, the last one may lack it. No character is
/// altered.
/// @throws csv_error for anything else.
[[nodiscard]] std::vector<csv_row> parse_csv(std::string_view text);

}  // namespace sender

#endif  // SENDER_CSV_HPP
