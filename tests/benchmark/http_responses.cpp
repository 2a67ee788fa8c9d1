// SPDX-License-Identifier: MIT
#include <bide/http/read.hpp>

#include "benchmark/batches.hpp"
#include "benchmark/retry_after_by_curl.hpp"
#include "retry/allocations.hpp"
#include "support/vectors.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// How long it takes to read a response: the median of many for each row of http_responses, and of
// the worst that a server can send; and beside libcurl's own reading. Nothing fails on time.

namespace {

using bide::http::field;

struct recorded_response {
    std::string name;
    int status;
    std::vector<std::string> texts;
    std::vector<field> fields;
};

std::vector<recorded_response> load() {
    std::vector<recorded_response> all;
    if (!std::filesystem::is_directory(vectors::folder())) {
        std::puts("skipped: recorded responses, BIDE_VECTORS_DIR names no folder with them");
        return all;
    }
    for (const auto& file : vectors::files_of("http_responses")) {
        std::ifstream in{file};
        for (const auto& row : vectors::json::parse(in)) {
            auto& r = all.emplace_back();
            r.name = row.at("name").get<std::string>();
            r.status = row.at("status").get<int>();
            for (const auto& header : row.at("headers"))
                for (const auto& text : header) r.texts.push_back(text.get<std::string>());
        }
    }
    for (auto& r : all)
        for (std::size_t i = 0; i + 1 < r.texts.size(); i += 2)
            r.fields.push_back({r.texts[i], r.texts[i + 1]});
    return all;
}

bide::http::reading reading_of(const std::vector<field>& fields, int status) {
    constexpr bide::http::profile generic{.name = "generic"};
    const auto now = bide::wall_time{std::chrono::seconds{1'795'299'600}};
    return bide::http::read({.status = status, .fields = fields}, {.method = "POST"}, generic, now);
}

/// Nanoseconds for one reading.
double time_of(const std::vector<field>& fields, int status, int batch, int rounds) {
    return batches::time([&] { return reading_of(fields, status); }, batch, rounds);
}

double worst_of(const std::vector<field>& fields) { return time_of(fields, 429, 1, 9) / 1e6; }

void print(const std::string& name, double ms) {
    std::printf("%-60s %10.3f ms\n", name.c_str(), ms);
}

void worst(const char* name, const std::vector<field>& fields) { print(name, worst_of(fields)); }

/// The longest of several.
struct longest {
    std::string name{};
    double ms = 0;

    void look_at(const std::string& what, const std::vector<field>& fields) {
        const auto took = worst_of(fields);
        if (took > ms) *this = {what, took};
    }
};

void many_fields() {
    std::vector<std::string> names;
    for (int i = 0; i < 10'000; ++i) names.push_back("X-RateLimit-Remaining-" + std::to_string(i));
    std::vector<field> distinct;
    for (const auto& name : names) distinct.push_back({name, "0"});
    worst("10,000 quotas of their own", distinct);
    worst("10,000 X-RateLimit-Reset", {10'000, {"X-RateLimit-Reset", "1795299607.512453"}});
    worst("10,000 RateLimit", {10'000, {"RateLimit", "\"default\";r=0;t=50"}});
    worst("10,000 RateLimit-Policy", {10'000, {"RateLimit-Policy", "\"default\";q=10;w=60"}});
    worst("10,000 RateLimit-Limit", {10'000, {"RateLimit-Limit", "10, 10;w=1, 50;w=60, 9;w=9"}});
    worst("10,000 Retry-After", {10'000, {"Retry-After", "Sat, 21 Nov 2026 22:21:30 GMT"}});
}

void long_values() {
    const auto filled = [](std::size_t size, std::string_view piece) {
        std::string text;
        while (text.size() < size) text += piece;
        text.resize(size);
        return text;
    };
    const auto mega = [&](std::string_view piece) { return filled(1'000'000, piece); };
    longest of_long;
    longest of_lists;
    for (const auto* name : {"Retry-After", "RateLimit", "RateLimit-Policy", "RateLimit-Limit",
                             "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit", "Date"})
        for (const auto* piece :
             {"9", "Sat, ", "1,", "a;", "\"a\";r=0;t=5,", "(1 2),", "1h", "=;"}) {
            const auto value = mega(piece);
            of_long.look_at(std::string{"longest: 1 MB of "} + piece + " in " + name,
                            {{name, value}});
            // The longest that is taken for a list.
            const auto list = filled(65'536, piece);
            of_lists.look_at(std::string{"longest: 64 KiB of "} + piece + " in " + name,
                             {{name, list}});
        }
    print(of_long.name, of_long.ms);
    print(of_lists.name, of_lists.ms);
    const auto name = mega("ratelimit-reset-after-");
    worst("a name of 1 MB", {{name, "5"}});
    const auto rates = mega("rate-");
    worst("a name of 1 MB of rate-", {{rates, "5"}});
}

}  // namespace

int main() {
    const auto rows = load();
    std::vector<double> times;
    double longest = 0;
    std::int64_t allocations = 0;
    std::string longest_name;
    for (const auto& r : rows) {
        const support::allocations allocated;
        static_cast<void>(reading_of(r.fields, r.status));
        allocations += allocated.count();
        times.push_back(time_of(r.fields, r.status, 2000, 15));
        if (times.back() <= longest) continue;
        longest = times.back();
        longest_name = r.name;
    }
    if (!times.empty())
        std::printf("%zu responses: median %.0f ns, longest %.0f ns (%s), %lld allocations\n",
                    times.size(), batches::median(times), longest, longest_name.c_str(),
                    static_cast<long long>(allocations));
    compare_with_curl();
    many_fields();
    long_values();
    return 0;
}
