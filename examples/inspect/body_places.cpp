// SPDX-License-Identifier: MIT
#include "inspect/body_places.hpp"

#include <bide/json/body.hpp>
#include <bide/json/read.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace inspector {

std::vector<std::string> waits_in_body(const bide::http::response_view& response,
                                       const bide::http::request_traits& request,
                                       const bide::http::profile& provider,
                                       std::optional<bide::wall_time> now) {
    constexpr std::size_t most_tried = 64;
    using json = nlohmann::json;
    if (!bide::json::body::parse(response.body)) return {};  // it bounds size and depth, too
    const auto wait = bide::json::read(response, request, provider, now).hint;
    const auto begin = response.body.find_first_of("[{");
    auto body = json::parse(response.body.substr(begin));
    std::vector<std::string> pointers;
    std::size_t tried = 0;
    const auto values = body.flatten();
    for (const auto& [pointer, value] : values.items()) {
        if (++tried > most_tried) break;
        auto& place = body[json::json_pointer{pointer}];
        place = nullptr;
        const auto text = body.dump();
        auto without = response;
        without.body = text;
        if (bide::json::read(without, request, provider, now).hint != wait)
            pointers.push_back(pointer);
        place = value;
    }
    return pointers;
}

}  // namespace inspector
