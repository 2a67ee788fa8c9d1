// SPDX-License-Identifier: MIT
#ifndef HERD_CHART_STYLE_HPP
#define HERD_CHART_STYLE_HPP

#include <cstddef>
#include <string_view>

namespace herd {

inline constexpr std::size_t colours = 6;

/// Every colour of a text has a contrast of at least 4.5 to the ground, as WCAG 2.2 asks (1.4.3),
/// those of the lines, too. Plain classes, because not every reader of SVG knows CSS variables.
inline constexpr std::string_view chart_style = R"(<style>
text{font-family:system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:15px}
.title{font-size:19px;font-weight:600}
.name{font-weight:600}
.middle{text-anchor:middle}
.end{text-anchor:end}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.dashed{stroke-dasharray:7 5}
.faint{fill-opacity:.28}
.ground{fill:#fff}
.ink{fill:#1f2328}
.soft{fill:#59636e}
.grid{stroke:#d8dee4}
.axis{stroke:#59636e;stroke-width:1.5}
.shade{fill:#eceff2}
.s0{stroke:#0b5fb0}.f0{fill:#0b5fb0}
.s1{stroke:#b4460f}.f1{fill:#b4460f}
.s2{stroke:#0b7a4b}.f2{fill:#0b7a4b}
.s3{stroke:#7a3fc4}.f3{fill:#7a3fc4}
.s4{stroke:#7f6000}.f4{fill:#7f6000}
.s5{stroke:#b3266f}.f5{fill:#b3266f}
@media (prefers-color-scheme:dark){
.ground{fill:#0d1117}
.ink{fill:#f0f6fc}
.soft{fill:#a9b4c0}
.grid{stroke:#2b323b}
.axis{stroke:#a9b4c0}
.shade{fill:#1d242d}
.s0{stroke:#6cb0ff}.f0{fill:#6cb0ff}
.s1{stroke:#ff9a62}.f1{fill:#ff9a62}
.s2{stroke:#4fd08d}.f2{fill:#4fd08d}
.s3{stroke:#c9a6ff}.f3{fill:#c9a6ff}
.s4{stroke:#e5c45a}.f4{fill:#e5c45a}
.s5{stroke:#ff8fc4}.f5{fill:#ff8fc4}
}
</style>
)";

}  // namespace herd

#endif  // HERD_CHART_STYLE_HPP
