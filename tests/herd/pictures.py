# SPDX-License-Identifier: MIT
#
#     pictures.py PROGRAM       runs PROGRAM (bide-herd) in small and checks each of its pictures
#     pictures.py FILE.svg...   checks these pictures
#
# A picture is good if, 1200 and 600 pixels wide, light and dark, a reader finds axes, units and a
# legend, and can read every word. Widths of texts are those of DejaVu Sans, the widest of the fonts
# that the pictures ask for.

import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

PIXELS = (1200, 600)
LEAST_TEXT = 9  # pixels
LEAST_STROKE = 1
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
UNITS = ("seconds", "per second", "number of", "in all", "retry")

SCENARIOS = (
    ("aws", "--trials", "1", "--clients", "10,100,200"),
    ("vonage", "--tasks", "100", "--plan", "{}"),
    ("outage", "--clients", "50", "--plan", "{}"),
    ("sms",),
    ("run", '{"clients": 9, "server": {"kind": "fixed_window", "limit": 5}}'),
    ("explain",),
    ("explain", '{"max_attempts": 30}'),
)

# In thousandths of the font's size, from the space on.
WIDTHS = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)
BOLD = 1.12


def width_of(words, size, bold):
    thousandths = sum(WIDTHS[ord(c) - 32] if " " <= c <= "~" else 1000 for c in words)
    return thousandths * size / 1000 * (BOLD if bold else 1)


def is_number(words):
    return re.fullmatch(r"\d+(\.\d+)?", words) is not None


class Style:
    """The rules of the picture's style sheet, for one colour scheme."""

    def __init__(self, sheet, dark):
        block = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?\})\s*\}", sheet, re.DOTALL)
        light = sheet.replace(block.group(0), "") if block else sheet
        both = light + (block.group(1) if block and dark else "")
        self.rules = [
            (selector.strip(), dict(p.split(":", 1) for p in body.split(";") if p))
            for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", both)
        ]

    def of(self, tag, classes):
        found = {}
        for selector, properties in self.rules:
            if selector == tag or selector.lstrip(".") in classes:
                found.update(properties)
        return found


class Shape:
    def __init__(self, element, dx, dy, in_legend):
        self.tag = element.tag.rpartition("}")[2]
        self.classes = element.get("class", "").split()
        self.in_legend = in_legend
        self.words = element.text or ""

        def at(name):
            return float(element.get(name, 0))

        if self.tag == "line":
            self.points = [(at("x1") + dx, at("y1") + dy), (at("x2") + dx, at("y2") + dy)]
        elif self.tag == "polyline":
            pairs = (p.split(",") for p in element.get("points").split())
            self.points = [(float(x) + dx, float(y) + dy) for x, y in pairs]
        elif self.tag == "rect":
            x, y = at("x") + dx, at("y") + dy
            self.points = [(x, y), (x + at("width"), y + at("height"))]
        else:  # a circle or a text
            self.points = [(at("cx") + at("x") + dx, at("cy") + at("y") + dy)]

    @property
    def x(self):
        return self.points[0][0]

    @property
    def y(self):
        return self.points[0][1]

    def colour(self):
        """The number of its colour in the palette, or nothing."""
        return next((c[1:] for c in self.classes if re.fullmatch(r"[sf]\d", c)), None)

    def box(self, style):
        """Of a text: left, top, right, bottom."""
        properties = style.of("text", self.classes)
        size = size_of(properties)
        wide = width_of(self.words, size, properties.get("font-weight") == "600")
        before = {"middle": wide / 2, "end": wide}.get(properties.get("text-anchor"), 0)
        left = self.x - before
        return left, self.y - 0.76 * size, left + wide, self.y + 0.24 * size


def size_of(properties):
    return float(properties["font-size"].removesuffix("px"))


class Picture:
    def __init__(self, text):
        self.text = text
        root = xml.fromstring(text)
        self.root = root
        self.width, self.height = (float(n) for n in root.get("viewBox").split()[2:])
        self.shapes, self.legend, sheet = [], [], ""
        self.title = None
        for element in root:
            tag = element.tag.rpartition("}")[2]
            if tag == "style":
                sheet = element.text
            elif tag == "title":
                self.title = element.text
            elif tag == "g":
                moved = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", element.get("transform"))
                entry = [Shape(e, float(moved[1]), float(moved[2]), True) for e in element]
                self.legend.append(entry)
                self.shapes += entry
            else:
                self.shapes.append(Shape(element, 0, 0, False))
        self.schemes = {"light": Style(sheet, False), "dark": Style(sheet, True)}
        self.style = self.schemes["light"]
        self.texts = [s for s in self.shapes if s.tag == "text"]
        self.grid = [s for s in self.shapes if "grid" in s.classes]
        self.data = [s for s in self.shapes if s.colour() and not s.in_legend]
        self.panels = panels_of(self)


class Panel:
    """A pair of axes, found by its horizontal one, and what is written around it."""

    def __init__(self, picture, axis, above):
        (self.left, self.bottom), (self.right, _) = axis.points
        self.grid = [g for g in picture.grid if above < g.y <= self.bottom]
        self.top = min((g.y for g in self.grid), default=self.bottom)
        near = [t for t in picture.texts if not t.in_legend and above + 60 < t.y < self.bottom + 60]
        self.y_marks = [t for t in near if "end" in t.classes and is_number(t.words)]
        middle = [t for t in near if "middle" in t.classes and t.y > self.bottom]
        self.x_marks = [t for t in middle if is_number(t.words)]
        self.x_name = " ".join(t.words for t in middle if not is_number(t.words)).strip()
        over = [t for t in near if t.x == self.left and self.top - 50 < t.y < self.top]
        over = [t for t in over if not {"middle", "end"} & set(t.classes)]
        self.title = " ".join(t.words for t in over if "name" in t.classes)
        self.y_name = " ".join(t.words for t in over if "name" not in t.classes)


def panels_of(picture):
    axes = [s for s in picture.shapes if "axis" in s.classes and s.points[1][0] - s.x > 100]
    found, above = [], 0
    for axis in sorted(axes, key=lambda s: s.y):
        found.append(Panel(picture, axis, above))
        above = axis.y
    return found


# ---- The rules: each yields what is wrong --------------------------------------------------------


def alone(picture):
    rest = picture.text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    for word in ("http", "href", "<script", "<image", "@import", "url("):
        if word in rest:
            yield f"{word} in a picture that must need nothing else"


def named(picture):
    shown = [t.words for t in picture.texts if "title" in t.classes]
    if not picture.title or shown != [picture.title] or picture.root.get("role") != "img":
        yield f"the title for those who hear it is {picture.title!r}, the one shown is {shown}"


def axes(picture):
    if not picture.panels:
        yield "none"
    for p in picture.panels:
        if not p.title:
            yield f"those at {p.bottom:.0f} have no name"
        lines = [(t, "x", t.x) for t in p.x_marks] + [(t, "y", -t.y) for t in p.y_marks]
        for axis in "xy":
            marks = [(place, float(t.words)) for t, of, place in lines if of == axis]
            steps = [
                (b[1] - a[1]) / (b[0] - a[0]) if b[0] > a[0] else 0
                for a, b in zip(marks, marks[1:])
            ]
            even = steps and steps[0] > 0 and max(steps) - min(steps) < 0.02 * steps[0]
            if len(marks) < 3 or marks[0][1] != 0 or not even:
                yield f"{p.title}: {axis} is marked {[value for _, value in marks]}"
        if not all(t.words.isdigit() for t in p.x_marks):  # clients, retries or seconds
            yield f"{p.title}: x is marked at parts of what it counts"
        if len(p.y_marks) != len(p.grid):
            yield f"{p.title}: {len(p.grid)} lines, but {len(p.y_marks)} figures beside them"


def units(picture):
    for p in picture.panels:
        for axis, name in (("x", p.x_name), ("y", p.y_name)):
            if not any(unit in name for unit in UNITS):
                yield f"{p.title}: {axis} is {name!r}, without a unit"


def legend(picture):
    def key(shape):
        return shape.colour(), "bar" if shape.tag == "rect" else "line", "dashed" in shape.classes

    for entry in picture.legend:
        if not any(s.tag == "text" and s.words for s in entry):
            yield "a sample without a name"
    samples = [{key(s) for s in entry if s.colour()} for entry in picture.legend]
    lines = [s for sample in samples for s in sample if s[1] == "line"]
    if len(lines) != len(set(lines)):
        yield f"two names for one line among {lines}"
    drawn = {key(s) for s in picture.data if s.tag != "circle"}
    explained = set().union(*samples)
    if drawn != explained:
        yield f"drawn are {sorted(drawn)}, explained are {sorted(explained)}"


def clipped(picture):
    for t in picture.texts:
        left, top, right, bottom = t.box(picture.style)
        if left < 0 or top < 0 or right > picture.width or bottom > picture.height:
            yield f"{t.words!r} spans {left:.0f}..{right:.0f}, {top:.0f}..{bottom:.0f}"
    for s in picture.data:
        for x, y in s.points:
            inside = (p.left <= x <= p.right and p.top <= y <= p.bottom for p in picture.panels)
            if not any(inside):
                yield f"a {s.tag} at {x}, {y}"


def crosses(segment, box):
    """Whether a part of the segment lies in the box (Liang and Barsky's clipping)."""
    (x1, y1), (x2, y2) = segment
    left, top, right, bottom = box
    first, last = 0.0, 1.0
    for step, room in (
        (x1 - x2, x1 - left),
        (x2 - x1, right - x1),
        (y1 - y2, y1 - top),
        (y2 - y1, bottom - y1),
    ):
        if step == 0 and room < 0:
            return False
        if step < 0:
            first = max(first, room / step)
        elif step > 0:
            last = min(last, room / step)
    return first <= last


def overlap(picture):
    boxes = [(t.words, t.box(picture.style)) for t in picture.texts]
    for i, (words, a) in enumerate(boxes):
        for others, b in boxes[:i]:
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                yield f"{words!r} and {others!r}"
    for s in picture.shapes:
        if s.tag not in ("line", "polyline"):
            continue
        for segment in zip(s.points, s.points[1:]):
            for words, box in boxes:
                if crosses(segment, box):
                    yield f"a line through {words!r}"


def size(picture):
    for pixels in PIXELS:
        scale = pixels / picture.width
        for t in picture.texts:
            high = size_of(picture.style.of("text", t.classes)) * scale
            if high < LEAST_TEXT:
                yield f"{t.words!r} is {high:.1f} pixels high at {pixels}"
        for s in picture.shapes:
            if "line" in s.classes:
                wide = float(picture.style.of(s.tag, s.classes)["stroke-width"]) * scale
                if wide < LEAST_STROKE:
                    yield f"a line is {wide:.1f} pixels wide at {pixels}"


def luminance(colour):
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_of(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def contrast(picture):
    grounds = [c for c in ("ground", "shade") if any(c in s.classes for s in picture.shapes)]
    if len({style.of("rect", ["ground"])["fill"] for style in picture.schemes.values()}) < 2:
        yield "light and dark are the same"
    seen = {(s.tag, tuple(s.classes)) for s in picture.texts + picture.data}
    for scheme, style in picture.schemes.items():
        for tag, classes in sorted(seen):
            properties = style.of(tag, classes)
            what = properties.get("fill" if tag in ("text", "circle") else "stroke", "#fff")
            for ground in grounds:
                ratio = contrast_of(what, style.of("rect", [ground])["fill"])
                if ratio < LEAST_CONTRAST:
                    yield f"{tag} {' '.join(classes)} on {ground}, {scheme}: {ratio:.2f}"


RULES = (alone, named, axes, units, legend, clipped, overlap, size, contrast)


def faults(text):
    picture = Picture(text)
    return [(rule.__name__, fault) for rule in RULES for fault in rule(picture)]


# ---- Each rule is seen to fail -------------------------------------------------------------------

# A rule, what of the picture of an outage is replaced once, by what.
MUTANTS = (
    (alone, r"</style>", "@import url(x.css)</style>"),
    (named, r"<title>[^<]*", "<title>"),
    (named, r' role="img"', ""),
    (axes, r'class="ink name">[^<]*', 'class="ink name">'),
    (axes, r'soft middle">20<', 'soft middle">21<'),
    (axes, r'soft middle">0<', 'soft middle">0.0<'),
    (axes, r'<text [^>]*soft end">0</text>', ""),
    (axes, r'<line [^>]*class="grid"/>', ""),
    (units, r"time in seconds", "time"),
    (units, r"tries per second", "tries"),
    (legend, r'(<g [^>]*>\n)<line [^>]*>', r"\1"),
    (legend, r">no_retry<", "><"),
    (legend, r'(<g [^>]*>\n<line [^>]*)line s1', r"\1line s0"),
    (legend, r'polyline class="line s0', 'polyline class="line s0 dashed'),
    (clipped, r'title">After', 'title">After a very, very, very, very long time and'),
    (clipped, r'viewBox="0 0 800 \d+', 'viewBox="0 0 800 700'),
    (clipped, r'points="[\d.]+', 'points="70'),
    (overlap, r">no_retry<", ">no retry, never, not at all<"),
    (overlap, r'<text x="153.8"', '<text x="84.0"'),
    (overlap, r'(points="[^"]*)"', r'\1 700,200 90,155 700,200"'),
    (size, r"font-size:15px", "font-size:11px"),
    (size, r"stroke-width:2.2", "stroke-width:1.2"),
    (contrast, r"\.soft\{fill:#59636e", ".soft{fill:#808890"),
    (contrast, r"\.shade\{fill:#eceff2", ".shade{fill:#cceff2"),
    (contrast, r"\.s4\{stroke:#e5c45a\}", ""),
    (contrast, r"@media \(prefers-color-scheme:dark\)\{\n\.ground", "@media print{\n.ground"),
)


def blind_spots(good):
    for rule, what, instead in MUTANTS:
        bad, replaced = re.subn(what, instead, good, count=1)
        if replaced == 0:
            yield f"{what}: not in the picture any more"
        elif not any(rule(Picture(bad))):
            yield f"{rule.__name__}: does not see {what} -> {instead}"


def drawn(program, scenario, folder):
    file = Path(folder) / "picture.svg"
    command = [program, *scenario, "--svg", str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return file.read_text()


def main(arguments):
    if not arguments:
        sys.exit("usage: pictures.py PROGRAM | FILE.svg...")
    if arguments[0].endswith(".svg"):
        pictures = {file: Path(file).read_text() for file in arguments}
    else:
        with tempfile.TemporaryDirectory() as folder:
            pictures = {" ".join(s): drawn(arguments[0], s, folder) for s in SCENARIOS}
    wrong = [f"{name}: {rule}: {f}" for name, text in pictures.items() for rule, f in faults(text)]
    if not arguments[0].endswith(".svg"):
        outage = next(text for name, text in pictures.items() if name.startswith("outage"))
        wrong += blind_spots(outage)
    print("\n".join(wrong) or f"{len(pictures)} pictures are good")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
