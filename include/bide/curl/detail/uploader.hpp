// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_UPLOADER_HPP
#define BIDE_CURL_DETAIL_UPLOADER_HPP

#include <bide/curl/handle.hpp>
#include <bide/curl/request.hpp>
#include <bide/retry/default_classifier.hpp>
#include <bide/retry/finding.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Gives libcurl the bytes of a `body_source`, from the first in each send.
class uploader {
public:
    /// Opens the source, if there is one, and throws what that throws: no byte was sent.
    explicit uploader(const body_source& from) : from_{&from} {
        if (from.open) open();
    }

    /// The handle must not be used after the uploader is gone.
    void feed(CURL* easy) {
        if (!from_->open) return;
        set(easy, CURLOPT_READDATA, static_cast<void*>(this));
        set(easy, CURLOPT_READFUNCTION, &uploader::on_read);
        set(easy, CURLOPT_SEEKDATA, static_cast<void*>(this));
        set(easy, CURLOPT_SEEKFUNCTION, &uploader::on_seek);
    }

    /// What the source threw, or that it has another size than it said.
    [[nodiscard]] const std::exception_ptr& thrown() const noexcept { return thrown_; }
    /// What that means; only its certainty is not known here.
    [[nodiscard]] const finding& failure() const noexcept { return failure_; }

private:
    static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self) noexcept {
        return static_cast<uploader*>(self)->read({to, size * count});
    }
    static int on_seek(void* self, curl_off_t offset, int origin) noexcept {
        return static_cast<uploader*>(self)->rewind(offset, origin);
    }

    void open() {
        left_ = from_->size.value_or((std::numeric_limits<std::uint64_t>::max)());
        reader_ = from_->open();
        if (!reader_) throw std::logic_error{"bide::curl::body_source: open must return a reader"};
    }

    std::size_t read(std::span<char> room) noexcept {
        try {
            if (!reader_) open();
            return fill(room.first(
                static_cast<std::size_t>((std::min<std::uint64_t>)(room.size(), left_))));
        } catch (...) {
            thrown_ = std::current_exception();
            failure_ = default_classifier::of_exception(certainty::ambiguous);
            return CURL_READFUNC_ABORT;
        }
    }

    /// The last byte goes out only if none follows it: with all the bytes that it was promised the
    /// server would act on a part of the body.
    std::size_t fill(std::span<char> room) {
        if (room.empty()) return 0;
        const auto count = ask(room);
        if (count == 0 && from_->size) refuse_size("fewer");
        left_ -= count;
        auto beyond = char{};
        if (left_ == 0 && ask({&beyond, 1}) != 0) refuse_size("more");
        return count;
    }

    std::size_t ask(std::span<char> room) {
        const auto count = reader_(room);
        if (count > room.size())
            throw std::logic_error{
                "bide::curl::body_source: a reader must return at most the size of its span"};
        return count;
    }

    [[noreturn]] static void refuse_size(const char* got) {
        throw std::logic_error{
            std::string{"bide::curl::body_source: size must be what the reader gives, got "} + got};
    }

    /// The source is opened when the first byte is wanted, since before that the send may be
    /// vetoed.
    int rewind(curl_off_t offset, int origin) noexcept {
        if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_FAIL;
        reader_ = nullptr;
        return CURL_SEEKFUNC_OK;
    }

    const body_source* from_;
    body_reader reader_{};
    std::uint64_t left_ = 0;
    std::exception_ptr thrown_{};
    finding failure_{};
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_UPLOADER_HPP
