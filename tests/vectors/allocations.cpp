// SPDX-License-Identifier: MIT
#include "retry/allocations.cpp"  // NOLINT(bugprone-suspicious-include): each program has its own
