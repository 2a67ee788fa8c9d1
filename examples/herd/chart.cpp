// SPDX-License-Identifier: MIT
#include "herd/chart.hpp"

#include "herd/chart_style.hpp"
#include "herd/scale.hpp"
#include "herd/table.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace herd {
namespace {

// In units of the image, which is 800 wide: at 600 pixels a text is still 11 pixels high.
constexpr double width = 800;
constexpr double left = 76;
constexpr double right = width - 24;
constexpr double plot_height = 210;
constexpr double above_plot = 56;  // the panel's name and the unit of its vertical axis
constexpr double below_plot = 56;  // marks and name of the horizontal axis
constexpr double legend_line = 24;

std::string n(double value) { return fixed(value, 1); }

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '&')
            safe += "&amp;";
        else if (c == '<')
            safe += "&lt;";
        else
            safe += c;
    }
    return safe;
}

std::string text(double x, double y, const std::string& classes, const std::string& words) {
    return "<text x=\"" + n(x) + "\" y=\"" + n(y) + "\" class=\"" + classes + "\">" +
           escaped(words) + "</text>\n";
}

std::string stroke(double x1, double y1, double x2, double y2, const std::string& classes) {
    return "<line x1=\"" + n(x1) + "\" y1=\"" + n(y1) + "\" x2=\"" + n(x2) + "\" y2=\"" + n(y2) +
           "\" class=\"" + classes + "\"/>\n";
}

std::string box(double x, double y, double wide, double high, const std::string& classes) {
    return "<rect x=\"" + n(x) + "\" y=\"" + n(y) + "\" width=\"" + n(wide) + "\" height=\"" +
           n(high) + "\" class=\"" + classes + "\"/>\n";
}

std::string colour(char what, const series& s) { return what + std::to_string(s.colour % colours); }

// ---- One pair of axes -------------------------------------------------------------------------

struct axes {
    scale x;
    scale y;
    double top;

    [[nodiscard]] double across(double value) const {
        return left + (right - left) * value / x.most;
    }
    [[nodiscard]] double down(double value) const {
        return top + plot_height * (1 - value / y.most);
    }
    [[nodiscard]] double bottom() const { return top + plot_height; }
};

axes axes_of(const panel& p, double top) {
    double x = 0;
    double y = 0;
    for (const auto& line : p.lines)
        for (const auto& at : line.points) {
            x = std::max(x, at.x);
            y = std::max(y, at.y);
        }
    for (const auto& s : p.spreads) {
        x = std::max(x, s.x + 1);
        y = std::max(y, s.most);
    }
    return {scale_to(x, 10, 1), scale_to(y, 5), top};  // there are no half clients
}

std::string frame(const panel& p, const axes& a) {
    std::string svg;
    if (p.shaded) {
        const auto from = a.across(p.shaded->from);
        svg += box(from, a.top, a.across(p.shaded->to) - from, plot_height, "shade");
        svg += text(from + 6, a.top + 18, "soft", p.shaded->name);
    }
    for (const auto y : a.y.marks()) {
        svg += stroke(left, a.down(y), right, a.down(y), "grid");
        svg += text(left - 8, a.down(y) + 5, "soft end", a.y.name(y));
    }
    for (const auto x : a.x.marks()) {
        svg += stroke(a.across(x), a.bottom(), a.across(x), a.bottom() + 5, "axis");
        svg += text(a.across(x), a.bottom() + 22, "soft middle", a.x.name(x));
    }
    svg += stroke(left, a.bottom(), right, a.bottom(), "axis");
    svg += text((left + right) / 2, a.bottom() + 44, "soft middle", p.x_axis);
    svg += text(left, a.top - 34, "ink name", p.title);
    return svg + text(left, a.top - 13, "soft", p.y_axis);
}

std::string line(const series& s, const axes& a) {
    std::string dots;
    auto svg =
        "<polyline class=\"line " + colour('s', s) + (s.dashed ? " dashed" : "") + "\" points=\"";
    for (const auto& at : s.points) {
        svg += n(a.across(at.x)) + ',' + n(a.down(at.y)) + ' ';
        if (s.marked)
            dots += "<circle cx=\"" + n(a.across(at.x)) + "\" cy=\"" + n(a.down(at.y)) +
                    R"(" r="3.5" class=")" + colour('f', s) + "\"/>\n";
    }
    return svg + "\"/>\n" + dots;
}

std::string bar(const spread& s, const axes& a) {
    const auto half = std::min(16.0, (right - left) / a.x.most / 3);
    const auto x = a.across(s.x);
    const auto rise = [&](double from, double to, const std::string& classes) {
        return box(x - half, a.down(to), 2 * half, a.down(from) - a.down(to), classes);
    };
    return rise(s.least, s.most, "f0 s0 faint") + rise(s.lower, s.upper, "f0 s0 faint") +
           stroke(x - half, a.down(s.median), x + half, a.down(s.median), "line s0");
}

// ---- The legend -------------------------------------------------------------------------------

struct legend_entry {
    std::string name;
    std::string swatch;  // drawn at 0, 0
};

std::vector<legend_entry> entries_of(const picture& p) {
    std::vector<legend_entry> all;
    for (const auto& panel : p.panels) {
        for (const auto& s : panel.lines) {
            const auto known = [&](const legend_entry& e) { return e.name == s.name; };
            if (std::any_of(all.begin(), all.end(), known)) continue;
            const auto classes = "line " + colour('s', s) + (s.dashed ? " dashed" : "");
            all.push_back({s.name, stroke(0, -5, 26, -5, classes)});
        }
        if (panel.spreads.empty()) continue;
        all.push_back({"least to greatest", box(0, -12, 26, 14, "f0 s0 faint")});
        all.push_back({"middle half",
                       box(0, -12, 26, 14, "f0 s0 faint") + box(0, -12, 26, 14, "f0 s0 faint")});
        all.push_back({"median", stroke(0, -5, 26, -5, "line s0")});
    }
    return all;
}

/// Draws it from `y` on and moves `y` below it.
std::string legend(const picture& p, double& y) {
    std::string svg;
    auto x = left;
    for (const auto& e : entries_of(p)) {
        const auto takes = 34 + 8.6 * static_cast<double>(e.name.size()) + 18;  // of a wide font
        if (x > left && x + takes > right) {
            x = left;
            y += legend_line;
        }
        svg += "<g transform=\"translate(" + n(x) + ' ' + n(y) + ")\">\n" + e.swatch +
               text(34, 0, "ink", e.name) + "</g>\n";
        x += takes;
    }
    y += legend_line;
    return svg;
}

}  // namespace

std::string to_svg(const picture& p) {
    double y = 36;
    auto body = text(left, y, "ink title", p.title);
    y += 30;
    body += legend(p, y);
    for (const auto& panel : p.panels) {
        const auto a = axes_of(panel, y + above_plot);
        body += frame(panel, a);
        for (const auto& s : panel.spreads) body += bar(s, a);
        for (const auto& s : panel.lines) body += line(s, a);
        y = a.bottom() + below_plot;
    }
    const auto size = "0 0 " + fixed(width, 0) + ' ' + fixed(y + 8, 0);
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox=")" + size +
           "\" role=\"img\">\n<title>" + escaped(p.title) + "</title>\n" +
           std::string{chart_style} + box(0, 0, width, y + 8, "ground") + body + "</svg>\n";
}

}  // namespace herd
