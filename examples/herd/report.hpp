// SPDX-License-Identifier: MIT
#ifndef HERD_REPORT_HPP
#define HERD_REPORT_HPP

#include "herd/chart.hpp"
#include "herd/table.hpp"

#include <string>

namespace herd {

/// What a scenario came to.
struct report {
    table summary;  ///< For people.
    table figures;  ///< All of it, for `--csv`.
    herd::picture picture;
    std::string note{};  ///< Below the summary, without a line end.
};

}  // namespace herd

#endif  // HERD_REPORT_HPP
