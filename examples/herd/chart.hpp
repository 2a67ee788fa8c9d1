// SPDX-License-Identifier: MIT
#ifndef HERD_CHART_HPP
#define HERD_CHART_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace herd {

struct point {
    double x;
    double y;
};

/// A line with a name in the legend. Those with the same name have the same colour.
struct series {
    std::string name;
    std::vector<point> points;
    std::size_t colour = 0;  ///< Of the palette, which has six.
    bool marked = false;     ///< A dot at each point, too.
    bool dashed = false;     ///< For bounds and the like.
};

/// The spread of something at one place: a thin bar from least to most, a thick one over the middle
/// half, a stroke at the median.
struct spread {
    double x;
    double least;
    double lower;
    double median;
    double upper;
    double most;
};

/// A part of the horizontal axis that is shaded and named.
struct span {
    double from;
    double to;
    std::string name;
};

/// One pair of axes; both begin at 0.
struct panel {
    std::string title;
    std::string x_axis;  ///< With the unit.
    std::string y_axis;
    std::vector<series> lines{};
    std::vector<spread> spreads{};
    std::optional<span> shaded{};
};

struct picture {
    std::string title;
    std::vector<panel> panels;
};

/// One self-contained SVG image that follows the reader's preference of light or dark.
[[nodiscard]] std::string to_svg(const picture& p);

}  // namespace herd

#endif  // HERD_CHART_HPP
