// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_SLOT_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_SLOT_HPP

#include <bide/curl/detail/options.hpp>
#include <bide/curl/handle.hpp>
#include <bide/curl/request.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <curl/curl.h>

/// An easy handle, with the options that `curl::request` sets, and what they point to.
class slot {
public:
    slot() = default;
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;
    ~slot() { curl_slist_free_all(fields_); }

    void prepare(bide::curl::request next, long timeout_ms) {
        what_ = std::move(next);
        header_.clear();
        body_.clear();
        curl_slist_free_all(std::exchange(fields_, nullptr));
        for (const auto& h : what_.headers)
            fields_ = curl_slist_append(fields_, (h.name + ": " + h.value).c_str());
        fields_ = curl_slist_append(fields_, "Expect:");
        curl_easy_reset(get());
        bide::curl::detail::set_defaults(get(), false);
        set(CURLOPT_PRIVATE, static_cast<void*>(this));
        set(CURLOPT_URL, what_.url.c_str());
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, what_.body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what_.body.size()));
        set(CURLOPT_HTTPHEADER, fields_);
        set(CURLOPT_FAILONERROR, 0L);
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_TIMEOUT_MS, timeout_ms);
        set(CURLOPT_CONNECTTIMEOUT_MS, 3000L);
        set(CURLOPT_FRESH_CONNECT, 0L);
        set(CURLOPT_MAXAGE_CONN, 1L);
        set(CURLOPT_HEADERDATA, &header_);
        set(CURLOPT_HEADERFUNCTION, &slot::collect);
        set(CURLOPT_WRITEDATA, &body_);
        set(CURLOPT_WRITEFUNCTION, &slot::collect);
        set(CURLOPT_PREREQFUNCTION, &slot::agree);
    }

    [[nodiscard]] CURL* get() const noexcept { return easy_.get(); }

private:
    template <class T>
    void set(CURLoption option, T value) {
        curl_easy_setopt(get(), option, value);
    }
    static std::size_t collect(char* data, std::size_t size, std::size_t count, void* to) {
        static_cast<std::string*>(to)->append(data, size * count);
        return size * count;
    }
    static int agree(void*, char*, char*, int, int) { return CURL_PREREQFUNC_OK; }

    bide::curl::handle easy_{};
    bide::curl::request what_{};
    curl_slist* fields_ = nullptr;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::string header_{};
    std::string body_{};
};

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_SLOT_HPP
