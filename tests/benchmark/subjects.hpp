// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_SUBJECTS_HPP
#define BIDE_TESTS_BENCHMARK_SUBJECTS_HPP

/// What is measured, in pairs: a loop as people write it by hand, and the library.
namespace subjects {

using subject = long (*)(long n);  ///< Does it `n` times; the sum keeps the compiler honest.

struct named {
    const char* name;
    const char* beside;  ///< What it is compared with.
    subject run;
};

extern const named all[9];

/// Gates that let go at once, and a header field. Only counted: gates.cpp and http_responses.cpp
/// measure the time.
extern const named more[6];

/// In a translation unit of its own, so that nobody knows what it does or that it never throws.
int work(int x);

}  // namespace subjects

#endif  // BIDE_TESTS_BENCHMARK_SUBJECTS_HPP
