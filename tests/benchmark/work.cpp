// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

namespace subjects {

int work(int x) { return x + 1; }

}  // namespace subjects
