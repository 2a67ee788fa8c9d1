// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_HEADER_LIST_HPP
#define BIDE_CURL_DETAIL_HEADER_LIST_HPP

#include <bide/curl/request.hpp>
#include <bide/http/field.hpp>
#include <bide/http/idempotency_key.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Header fields in the form in which CURLOPT_HTTPHEADER takes them.
class header_list {
public:
    /// For the try of that number, from 1.
    header_list(const request& r, std::uint64_t number) {
        try {
            for (const auto& h : r.headers) add(h.name, h.value);
            if (const auto key = http::key_value::make(r.idempotency_key, *r.profile))
                add(r.profile->key_header, key->view());
            if (!r.attempt_header.empty()) add(r.attempt_header, std::to_string(number));
            // A name and a colon alone mean: not even libcurl's own.
            if (!names("Expect", r)) append("Expect:");
            if (!names("Content-Type", r)) append("Content-Type:");
        } catch (...) {
            curl_slist_free_all(list_);
            throw;
        }
    }
    header_list(const header_list&) = delete;
    header_list& operator=(const header_list&) = delete;
    ~header_list() { curl_slist_free_all(list_); }

    [[nodiscard]] curl_slist* get() const noexcept { return list_; }

private:
    static bool names(std::string_view name, const request& r) noexcept {
        for (const auto& h : r.headers)
            if (http::same_name(h.name, name)) return true;
        return false;
    }

    void add(std::string_view name, std::string_view value) {
        auto line = std::string{name};
        // "name;" is how libcurl sends an empty value.
        if (http::trim(value).empty())
            line += ';';
        else
            line.append(": ").append(value);
        append(line.c_str());
    }

    void append(const char* line) {
        auto* longer = curl_slist_append(list_, line);
        if (longer == nullptr) throw std::bad_alloc{};
        list_ = longer;
    }

    curl_slist* list_ = nullptr;
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
