// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_HEADER_LIST_HPP
#define BIDE_CURL_DETAIL_HEADER_LIST_HPP

#include <bide/curl/request.hpp>
#include <bide/http/field.hpp>
#include <bide/http/idempotency_key.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Header fields in the form in which CURLOPT_HTTPHEADER takes them: all lines in one piece of
/// memory and all nodes in another, where curl_slist_append takes two pieces for each line.
class header_list {
public:
    /// For the try of that number, from 1. The request is one that `check` let pass.
    header_list(const request& r, std::uint64_t number) {
        std::size_t bytes = 256;  // for what is not in `headers`
        for (const auto& h : r.headers) bytes += h.name.size() + h.value.size() + 3;
        lines_.reserve(bytes);

        for (const auto& h : r.headers) add(h.name, h.value);
        if (const auto key = http::key_value::make(r.idempotency_key, *r.profile))
            add(r.profile->key_header, key->view());
        if (!r.attempt_header.empty()) add(r.attempt_header, std::to_string(number));
        // A name and a colon alone mean: not even libcurl's own.
        if (!names("Expect", r)) end_line("Expect:");
        if (!names("Content-Type", r)) end_line("Content-Type:");
        link();
    }
    header_list(const header_list&) = delete;
    header_list& operator=(const header_list&) = delete;
    ~header_list() = default;

    [[nodiscard]] curl_slist* get() noexcept { return nodes_.empty() ? nullptr : nodes_.data(); }

private:
    static bool names(std::string_view name, const request& r) noexcept {
        for (const auto& h : r.headers)
            if (http::same_name(h.name, name)) return true;
        return false;
    }

    void add(std::string_view name, std::string_view value) {
        lines_.append(name);
        // "name;" is how libcurl sends an empty value.
        if (http::trim(value).empty())
            end_line(";");
        else
            end_line(value, ": ");
    }

    void end_line(std::string_view end, std::string_view before = "") {
        lines_.append(before).append(end).push_back('\0');
        ++count_;
    }

    /// Only now, since the lines have moved while they grew.
    void link() {
        nodes_.resize(count_);
        auto* line = lines_.data();
        for (auto& node : nodes_) {
            node = {.data = line, .next = &node + 1};
            line += std::strlen(line) + 1;
        }
        if (!nodes_.empty()) nodes_.back().next = nullptr;
    }

    std::string lines_{};  ///< Each ends in NUL.
    std::size_t count_ = 0;
    std::vector<curl_slist> nodes_{};
};

/// The header fields that libcurl itself kept of the last response; bounded, since listing n of
/// them takes it n^2 steps.
inline std::vector<header> kept_headers(CURL* easy) {
    constexpr std::size_t most = 500;
    std::vector<header> all;
    curl_header* h = nullptr;
    while (all.size() < most && (h = curl_easy_nextheader(easy, CURLH_HEADER, -1, h)) != nullptr)
        all.push_back({h->name, h->value});
    return all;
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_HEADER_LIST_HPP
