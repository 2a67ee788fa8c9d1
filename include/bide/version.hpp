// SPDX-License-Identifier: MIT
#ifndef BIDE_VERSION_HPP
#define BIDE_VERSION_HPP

// The one place that holds the version: CMake reads these three lines.
#define BIDE_VERSION_MAJOR 0
#define BIDE_VERSION_MINOR 1
#define BIDE_VERSION_PATCH 0

#endif  // BIDE_VERSION_HPP
