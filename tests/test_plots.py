"""Plots: well-formed, the same for the same points, with the fitted exponents."""

from __future__ import annotations

from xml.etree import ElementTree

from bench.figures import percentile
from bench.plots import Plot, Series, svg

PLOT = Plot(
    "p", "a title", "kB",
    (Series("square", ((1, 0.1), (10, 10), (100, 1000))), Series("flat", ((1, 1), (100, 1)))),
)  # fmt: skip


def test_svg_holds_every_point_inside_the_frame_and_names_the_slopes() -> None:
    text = svg(PLOT, "a day")
    assert text == svg(PLOT, "a day")
    root = ElementTree.fromstring(text)
    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 5
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for circle in circles:
        assert 0 <= float(circle.attrib["cx"]) <= width
        assert 0 <= float(circle.attrib["cy"]) <= height
    assert "square: exponent 2.00" in text
    assert "flat: exponent 0.00" in text


def test_percentile_is_the_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, p) for p in (50, 95, 99)] == [50, 95, 99]
    assert percentile([3.0], 99) == 3.0
