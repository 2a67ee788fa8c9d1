// SPDX-License-Identifier: MIT
// Two shared objects in one process: main local|global A B
#include "copy.hpp"

#include <cstdio>
#include <string_view>

#include <dlfcn.h>

namespace {

/// `global` binds as a program does that is linked with both: what both have is taken from the
/// first.
const copy* load(const char* path, int binding) {
    void* const object = ::dlopen(path, RTLD_NOW | binding);
    void* const found = object != nullptr ? ::dlsym(object, "bide_copy") : nullptr;
    if (found == nullptr) std::puts(::dlerror());
    return static_cast<const copy*>(found);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto binding = argv[1] == std::string_view{"global"} ? RTLD_GLOBAL : RTLD_LOCAL;
    const auto* const a = load(argv[2], binding);
    const auto* const b = load(argv[3], binding);
    if (a == nullptr || b == nullptr) return 1;

    const auto same = a->size_of_record == b->size_of_record;
    std::printf("%s | own: gave_up after %d and %d, %d and %d tries | ",
                same ? "same" : "different", a->attempts_in(a->give_up), b->attempts_in(b->give_up),
                a->tries(a->fail_for_good), b->tries(b->fail_for_good));
    std::printf("the other's: gave_up after %d and %d, %d and %d tries", a->attempts_in(b->give_up),
                b->attempts_in(a->give_up), a->tries(b->fail_for_good), b->tries(a->fail_for_good));
    if (same) {
        void* const outcome = a->make_failed();
        b->move_from(outcome);
        a->destroy(outcome);
        std::printf(" | outcome handed over");
    }
    std::puts("");
}
