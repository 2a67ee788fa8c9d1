// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_JSON_MUTATE_HPP
#define BIDE_TESTS_JSON_MUTATE_HPP

#include <bide/random.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

/// Spoils policies, or makes other ones of them, the same way for the same seed.
class mutator {
public:
    using json = nlohmann::json;

    explicit mutator(std::uint64_t seed) : random_{seed} {}

    /// One or two changes: in the characters, or in what they mean.
    std::string operator()(const std::string& text) {
        auto changed = below(3) == 0 ? of_characters(text) : of_values(text);
        return below(4) == 0 ? of_values(changed) : changed;
    }

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

private:
    template <class List>
    const auto& one_of(const List& list) {
        return list[below(list.size())];
    }

    std::string of_characters(std::string text) {
        const auto at = below(text.size());
        static const std::string characters = "{}[]:,\"\\ .-+0123456789eEnumshtrfalbx\n\t\x01\xc3";
        switch (below(4)) {
            case 0:
                return text.erase(at, 1 + below(3));
            case 1:
                return text.insert(at, 1, one_of(characters));
            case 2:
                text[at] = one_of(characters);
                return text;
            default:  // a member or some of it once more
                return text.insert(at, text.substr(at, 1 + below(20)));
        }
    }

    std::string of_values(const std::string& text) {
        auto whole = json::parse(text, nullptr, false);
        if (whole.is_discarded()) return text;
        std::vector<json*> places;
        collect(whole, places);
        change(*one_of(places));
        return whole.dump();
    }

    static void collect(json& value, std::vector<json*>& places) {
        places.push_back(&value);
        if (value.is_structured())
            for (auto& element : value) collect(element, places);
    }

    void change(json& value) {
        if (value.is_object() && below(4) != 0)
            change_member(value);
        else if (value.is_number())
            value = number();
        else if (value.is_string() && below(8) != 0)
            value = word(value.get<std::string>());
        else
            value = anything();
    }

    void change_member(json& object) {
        static const std::array keys{"backoff",   "jitter",          "max_attempts", "max_elapsed",
                                     "max_hint",  "try_timeout",     "grace",        "kind",
                                     "base",      "factor",          "step",         "degree",
                                     "cap",       "delays",          "then",         "of",
                                     "otherwise", "throttled",       "at_least",     "total",
                                     "least_try", "connect_timeout", "Base",         "a~/b"};
        switch (below(4)) {
            case 0:
                object[one_of(keys)] = anything();
                return;
            case 1:
                if (!object.empty()) object.erase(random_key(object));
                return;
            case 2:  // the same value under another name
                if (!object.empty()) object[one_of(keys)] = object[random_key(object)];
                return;
            default:
                object = nested(object);
        }
    }

    std::string random_key(const json& object) {
        auto item = object.begin();
        for (auto steps = below(object.size()); steps > 0; --steps) ++item;
        return item.key();
    }

    json nested(const json& object) {
        if (below(2) == 0) return {{"kind", "sum"}, {"of", {object, {{"kind", "constant"}}}}};
        return {{"kind", "by_verdict"}, {"otherwise", object}, {"throttled", object}};
    }

    json number() {
        static const json numbers{
            0,   1,   2,    3,     7,    1000,       -1,         0.5,
            1.5, 2.0, 1e10, 1e300, -0.0, 4294967295, 4294967296, 18446744073709551615U};
        return one_of(numbers);
    }

    json word(const std::string& text) {
        static const std::array units{"ns", "us", "ms", "s", "m", "h", "", "d", "S"};
        static const std::array words{"none",        "full",     "equal",        "decorrelated",
                                      "constant",    "linear",   "polynomial",   "fibonacci",
                                      "exponential", "sequence", "sum",          "by_verdict",
                                      "repeat",      "stop",     "proportional", "1.s"};
        const auto digits = text.find_first_not_of("0123456789.");
        if (digits == 0 || digits == std::string::npos || below(6) == 0) return one_of(words);
        if (below(2) == 0) return text.substr(0, digits) + one_of(units);
        return duration();
    }

    json duration() {
        static const std::array durations{"0s",      "1ns", "0.5ns", "250ms", "1s",  "1.5s",
                                          "0.0001h", "20s", "21s",   "2m",    "24h", "99999999h",
                                          "007s",    "-1s", "1",     "1 s",   "1.s", "0.10s"};
        return one_of(durations);
    }

    json anything() {
        switch (below(8)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 0;
            case 2:
                return number();
            case 3:
                return json::array({duration(), duration()});
            case 4:
                return {{"kind", word("")}};
            case 5:
                return word("");
            default:
                return duration();
        }
    }

    bide::splitmix64 random_;
};

#endif  // BIDE_TESTS_JSON_MUTATE_HPP
