// SPDX-License-Identifier: MIT
#include "gateway/http_request.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t most_chunk_line = 1024;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A whole number without sign; saturates instead of wrapping, so that size checks still hold.
std::optional<std::size_t> parse_size(std::string_view text, int base) {
    std::size_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || rest != end) return std::nullopt;
    if (error == std::errc::result_out_of_range) return most_body_bytes + 1;
    if (error != std::errc{}) return std::nullopt;
    return value;
}

}  // namespace

request_parser::progress request_parser::fail(int status, std::string_view reason) {
    failure_ = {status, reason};
    return progress::failed;
}

request_parser::progress request_parser::read_head() {
    while (buffer_.starts_with(crlf)) buffer_.erase(0, 2);  // RFC 9112, section 2.2
    const auto end = buffer_.find("\r\n\r\n");
    if (end > most_header_bytes) {  // includes npos
        if (buffer_.size() > most_header_bytes) return fail(431, "the header is over 64 KiB");
        return progress::need_more;
    }
    const auto head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const auto line_end = head.find(crlf);
    if (!parse_start_line(std::string_view{head}.substr(0, line_end)))
        return fail(400, "the first line is no HTTP/1.x request line");
    if (!parse_fields(std::string_view{head}.substr(line_end + 2)))
        return fail(400, "a header field is malformed");
    if (!choose_framing()) return fail(400, "the length of the body is unclear");
    if (wanted_ > most_body_bytes) return fail(413, "the body is over 1 MiB");
    return progress::complete;
}

bool request_parser::parse_start_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == 0 || last <= first + 1) return false;
    const auto version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
    request_.method = line.substr(0, first);
    request_.target = line.substr(first + 1, last - first - 1);
    request_.minor_version = version.back() - '0';
    return request_.target.find(' ') == std::string::npos;
}

bool request_parser::parse_fields(std::string_view lines) {
    while (!lines.empty()) {
        const auto end = lines.find(crlf);
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) return false;
        const auto name = line.substr(0, colon);
        if (name.find_first_of(" \t\r\n") != std::string_view::npos) return false;
        request_.fields.emplace_back(name, trimmed(line.substr(colon + 1)));
    }
    return true;
}

/// Two answers to "where does the body end" are how requests get smuggled, so they are refused.
bool request_parser::choose_framing() {
    const auto coding = request_.field("Transfer-Encoding");
    std::optional<std::size_t> length;
    for (const auto& [name, value] : request_.fields) {
        if (!same_word(name, "Content-Length")) continue;
        const auto parsed = parse_size(value, 10);
        if (!parsed || (length && *length != *parsed)) return false;
        length = parsed;
    }
    if (!coding.empty()) {
        stage_ = stage::chunk_size;
        return !length && same_word(coding, "chunked");
    }
    stage_ = stage::sized_body;
    wanted_ = length.value_or(0);
    return true;
}

request_parser::progress request_parser::read_sized_body() {
    if (buffer_.size() < wanted_) return progress::need_more;
    request_.body = buffer_.substr(0, wanted_);
    buffer_.erase(0, wanted_);
    stage_ = stage::done;
    return progress::complete;
}

request_parser::progress request_parser::read_chunk_size() {
    const auto end = buffer_.find(crlf);
    if (end == std::string::npos)
        return buffer_.size() > most_chunk_line ? fail(400, "a chunk size is too long")
                                                : progress::need_more;
    const auto line = std::string_view{buffer_}.substr(0, end);
    const auto size = parse_size(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size) return fail(400, "a chunk size is no hexadecimal number");
    if (*size > most_body_bytes - request_.body.size()) return fail(413, "the body is over 1 MiB");
    wanted_ = *size;
    buffer_.erase(0, end + 2);
    stage_ = wanted_ == 0 ? stage::trailer : stage::chunk_data;
    return progress::complete;
}

request_parser::progress request_parser::read_chunk_data() {
    if (buffer_.size() < wanted_ + 2) return progress::need_more;
    if (buffer_.compare(wanted_, 2, crlf) != 0) return fail(400, "a chunk does not end in CRLF");
    request_.body.append(buffer_, 0, wanted_);
    buffer_.erase(0, wanted_ + 2);
    stage_ = stage::chunk_size;
    return progress::complete;
}

request_parser::progress request_parser::read_trailer() {
    const auto end = buffer_.find(crlf);
    if (end == std::string::npos)
        return buffer_.size() > most_header_bytes ? fail(431, "the trailer is over 64 KiB")
                                                  : progress::need_more;
    buffer_.erase(0, end + 2);
    if (end == 0) stage_ = stage::done;
    return progress::complete;
}

}  // namespace gateway
