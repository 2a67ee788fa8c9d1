// SPDX-License-Identifier: MIT
#include "send/provider.hpp"

#include <bide/http/profiles.hpp>
#include <bide/time.hpp>

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace sender {
namespace {

class parsed_url {
public:
    explicit parsed_url(const std::string& text) {
        constexpr unsigned as_given = CURLU_NON_SUPPORT_SCHEME;
        ok_ = url_ && curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), as_given) == CURLUE_OK;
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }

    /// Empty if there is no such part.
    [[nodiscard]] std::string get(CURLUPart part) const {
        char* text = nullptr;
        if (curl_url_get(url_.get(), part, &text, 0) != CURLUE_OK) return {};
        const std::unique_ptr<char, void (*)(void*)> owner{text, curl_free};
        return owner.get();
    }

    void set_path(const std::string& path) {
        curl_url_set(url_.get(), CURLUPART_PATH, path.c_str(), 0);
    }

private:
    std::unique_ptr<CURLU, void (*)(CURLU*)> url_{curl_url(), curl_url_cleanup};
    bool ok_ = false;
};

}  // namespace

const bide::http::profile& profile_of(shape looks) noexcept {
    const auto* const known = bide::http::profiles::find(name_of(looks));
    return known != nullptr ? *known : bide::http::profiles::generic;
}

bool honours_key(const bide::http::profile& profile) noexcept {
    return !profile.key_header.empty() && profile.key_life.get() > bide::duration::zero();
}

std::string url_of(shape looks, const identity& who, const std::string& gateway) {
    parsed_url url{gateway};
    const auto scheme = url.ok() ? url.get(CURLUPART_SCHEME) : std::string{};
    if (!url.get(CURLUPART_USER).empty() || !url.get(CURLUPART_PASSWORD).empty())
        throw std::invalid_argument{"--gateway must be a URL without user name and password"};
    if ((scheme != "http" && scheme != "https") || url.get(CURLUPART_HOST).empty())
        throw std::invalid_argument{
            "--gateway must be an http or https URL such as http://127.0.0.1:8080, got \"" +
            gateway + "\""};
    if (url.get(CURLUPART_PATH) == "/") url.set_path(path_of(looks, who));
    return url.get(CURLUPART_URL);
}

bool is_loopback(const std::string& url) {
    const parsed_url parsed{url};
    const auto host = parsed.ok() ? parsed.get(CURLUPART_HOST) : std::string{};
    return host == "localhost" || host == "[::1]" || host.substr(0, 6) == "127.0.";
}

}  // namespace sender
