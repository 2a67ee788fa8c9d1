// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_CONSUMER_SHARED_OBJECTS_COPY_HPP
#define BIDE_TESTS_CONSUMER_SHARED_OBJECTS_COPY_HPP

#include <cstddef>

/// What a shared object with its own copy of bide can do; found under the name `bide_copy`.
struct copy {
    std::size_t size_of_record;

    void (*give_up)();        ///< Throws bide::gave_up after two attempts.
    void (*fail_for_good)();  ///< Throws a runtime_error that is marked as permanent.

    /// What this copy sees in what is thrown: attempts of a gave_up, or -1 if it is none.
    int (*attempts_in)(void (*throws)());
    /// Tries that this copy makes of what is thrown, out of three.
    int (*tries)(void (*throws)());

    void* (*make_failed)();  ///< A new outcome without a value.
    void (*move_from)(void* outcome);
    void (*destroy)(void* outcome);
};

#endif  // BIDE_TESTS_CONSUMER_SHARED_OBJECTS_COPY_HPP
