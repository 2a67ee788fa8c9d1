// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_HANDLE_HPP
#define BIDE_CURL_HANDLE_HPP

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075400
#error "bide/curl.hpp needs libcurl 7.84 or newer"
#endif

namespace bide::inline v1::curl {

/// An easy handle that is cleaned up. For one thread at a time.
///
/// libcurl's global initialisation is left to `curl_easy_init`, which since 7.84 does it once and
/// safely for threads (if built with CURL_VERSION_THREADSAFE, as every common build is; else call
/// `curl_global_init` in `main`). `curl_global_cleanup` is never called: a library cannot know who
/// else in the program still uses libcurl.
class handle {
public:
    /// @throws std::runtime_error if libcurl gives none.
    handle() : easy_{curl_easy_init()} {
        if (easy_ == nullptr) throw std::runtime_error{"bide::curl: libcurl gave no easy handle"};
    }
    handle(handle&& other) noexcept : easy_{std::exchange(other.easy_, nullptr)} {}
    handle& operator=(handle&& other) noexcept {
        std::swap(easy_, other.easy_);
        return *this;
    }
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ~handle() { curl_easy_cleanup(easy_); }

    [[nodiscard]] CURL* get() const noexcept { return easy_; }

private:
    CURL* easy_;
};

namespace detail {

/// Sets an option or throws: a guard that libcurl does not know would not guard.
template <class T>
void set(CURL* easy, CURLoption option, T value) {
    const auto code = curl_easy_setopt(easy, option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc{};
    if (code != CURLE_OK)
        throw std::logic_error{"bide::curl: libcurl refuses option " +
                               std::to_string(static_cast<int>(option)) + ": " +
                               curl_easy_strerror(code)};
}

}  // namespace detail

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_HANDLE_HPP
