// SPDX-License-Identifier: MIT
#include "gateway/http_request.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view http_request::field(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (same_word(key, name)) return value;
    return {};
}

bool http_request::keeps_alive() const {
    const auto wish = field("Connection");
    if (same_word(wish, "close")) return false;
    return minor_version >= 1 || same_word(wish, "keep-alive");
}

std::string_view http_request::path() const {
    return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view http_request::query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view{}
                                     : std::string_view{target}.substr(mark + 1);
}

http_request request_parser::take() {
    stage_ = stage::head;
    wanted_ = 0;
    return std::exchange(request_, {});
}

bool request_parser::awaits_continue() const {
    const bool in_body = stage_ == stage::sized_body || stage_ == stage::chunk_size;
    return in_body && buffer_.empty() && request_.body.empty() &&
           same_word(request_.field("Expect"), "100-continue");
}

request_parser::progress request_parser::advance() {
    // Every step but the last either moves to another stage or asks for more.
    for (;;) {
        const auto result = step();
        if (result != progress::complete || stage_ == stage::done) return result;
    }
}

request_parser::progress request_parser::step() {
    switch (stage_) {
        case stage::head:
            return read_head();
        case stage::sized_body:
            return read_sized_body();
        case stage::chunk_size:
            return read_chunk_size();
        case stage::chunk_data:
            return read_chunk_data();
        case stage::trailer:
            return read_trailer();
        case stage::done:
            break;
    }
    return progress::complete;
}

}  // namespace gateway
