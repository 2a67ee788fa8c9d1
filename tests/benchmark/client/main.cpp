// SPDX-License-Identifier: MIT
// What the library costs beside bare loops of libcurl, against a server that answers at
// once. Run by client.sh; never part of the tests, and nothing fails on time.

#include "subject.hpp"
#include "tables.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

void give_up(const std::string& why) {
    std::fprintf(stderr, "bide-benchmark-client: %s\n", why.c_str());
    std::_Exit(1);
}

int main(int argc, char** argv) {
    const std::string_view part = argc == 3 ? argv[2] : "";
    if (part == "easy")
        easy(argv[1]);
    else if (part == "throughput")
        throughput(argv[1]);
    else if (part == "stalled")
        stalled(argv[1]);
    else if (part == "latency")
        latency(argv[1]);
    else if (part == "memory")
        memory(argv[1]);
    else
        give_up("usage: bide-benchmark-client URL easy|throughput|stalled|latency|memory");
    return 0;
}
