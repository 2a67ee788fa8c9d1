// SPDX-License-Identifier: MIT
#include <bide/http/read.hpp>

#include "fuzz/require.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Any bytes are the header block of a response: the first byte is its status, the fields stand
/// between bars, each a name, a colon and a value.
namespace {

using bide::http::field;
using bide::http::reading;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'299'600}};

std::vector<field> fields_in(std::string_view text) {
    std::vector<field> fields;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('|'));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            fields.push_back({line.substr(0, colon), line.substr(colon + 1)});
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return fields;
}

reading read(const std::vector<field>& fields, int status) {
    constexpr bide::http::profile generic{.name = "generic"};
    return bide::http::read({.status = status, .fields = fields}, {.method = "POST"}, generic,
                            bide::wall_time{now});
}

void require_same(const reading& a, const reading& b, const char* why) {
    require(a.hint == b.hint && a.advice == b.advice && a.date == b.date, why);
    require(a.finding.verdict == b.finding.verdict, why);
    require(a.quotas.size() == b.quotas.size(), why);
    for (std::size_t i = 0; i < a.quotas.size(); ++i)
        require(a.quotas[i].limit == b.quotas[i].limit &&
                    a.quotas[i].remaining == b.quotas[i].remaining &&
                    a.quotas[i].reset == b.quotas[i].reset &&
                    a.quotas[i].window == b.quotas[i].window,
                why);
}

void check(const std::vector<field>& fields, int status) {
    const auto found = read(fields, status);
    require(!found.hint || (status >= 300 && found.hint->count() >= 0), "a hint from 300 on");
    require(found.hint.has_value() == found.finding.hint.has_value(), "both hints");
    require(status / 100 == 2 || found.finding.verdict != bide::verdict::success, "no success");
    require(status != 429 || found.finding.certainty == bide::certainty::rejected, "429");
    require(status / 100 != 5 || found.finding.certainty != bide::certainty::not_sent, "sent");

    auto more = fields;
    more.push_back({"Server", "1"});
    more.insert(more.begin(), {"Via", "429"});
    require_same(read(more, status), found, "other fields say nothing");

    std::vector<std::string> names;
    for (const auto& f : fields) {
        names.emplace_back(f.name);
        for (auto& c : names.back())
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    auto loud = fields;
    for (std::size_t i = 0; i < loud.size(); ++i) loud[i].name = names[i];
    require_same(read(loud, status), found, "names in capitals");

    more.push_back({"Age", "60"});
    require(read(more, status).quotas.empty(), "nothing from a cache");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr int statuses[] = {429, 200, 403, 503, 302, 413, 409, 0, 999, 400};
    const std::string text{data + 1, data + size};
    check(fields_in(text), statuses[data[0] % 10]);
    return 0;
}
