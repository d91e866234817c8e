"""Plots: time against rules, length, documents and processes, as SVG with the fitted exponents.

    python bench/plots.py [--times 3] [--small]      (make bench-plots)

Writes bench/plots/*.svg and prints the points. Both axes are logarithmic, so a straight line of slope k
is growth with the k-th power; the slope is fitted by least squares.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.corpus import document, write
from bench.figures import circumstances, keep, median
from bench.runs import exponent, in_turn
from bench.scaling import seconds, with_rules
from checker.api import Checker
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.sources import unify
from checker.structure import parse

FOLDER = Path(__file__).with_name("plots")
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot: (x, seconds) rising in x."""

    name: str
    points: Points

    @property
    def slope(self) -> float:
        """Fitted exponent."""
        return exponent(self.points)


@dataclass(frozen=True, slots=True)
class Plot:
    """What one SVG shows."""

    name: str
    title: str
    across: str
    series: tuple[Series, ...]


def by_rules(times: int, small: bool) -> Plot:
    """Matching 100 documents: the ruleset filled up with rules that find nothing, and cut down."""
    ruleset = load_ruleset()
    rng = random.Random(11)
    documents = [parse(unify(f"d{i}", document(rng))) for i in range(10 if small else 100)]
    size = len(ruleset.rules)
    same = [size, 500, 1000, 2000] if small else [size, 500, 1000, 2000, 5000]
    part = [10, 20, 40, 80, 160, size]

    def timed(matcher: Matcher) -> float:
        seconds(matcher, documents[:5], 1)
        return seconds(matcher, documents, times)

    constant = tuple((float(n), timed(Matcher(with_rules(ruleset, n)))) for n in same)
    growing = tuple(
        (float(n), timed(Matcher(replace(ruleset, rules=ruleset.rules[:: size // n][:n]))))
        for n in part
    )
    return Plot(
        "rules", f"matching {len(documents)} documents", "rules",
        (Series("findings constant", constant), Series("findings growing", growing)),
    )  # fmt: skip


def by_length(times: int, small: bool) -> Plot:
    """One document, text to JSON."""
    checker = Checker()
    sizes = (10, 30, 100, 300) if small else (10, 30, 100, 300, 1000, 3000, 10_000)
    points = []
    for size in sizes:
        texts = [document(random.Random(size + i), size * 1000 // 3) for i in range(times)]
        points.append((float(size), median([_clock(checker, [text]) for text in texts])))
    return Plot("length", "one document, text to JSON", "kB", (Series("check", tuple(points)),))


def by_documents(times: int, small: bool) -> Plot:
    """Documents of one process, text to JSON."""
    checker = Checker()
    counts = (10, 30, 100) if small else (10, 30, 100, 300, 1000)
    rng = random.Random(13)
    texts = [document(rng) for _ in range(counts[-1])]
    _clock(checker, texts[:5])
    points = [
        (float(n), median([_clock(checker, texts[:n]) for _ in range(times)])) for n in counts
    ]
    return Plot(
        "documents", "documents, text to JSON", "documents", (Series("check", tuple(points)),)
    )


def by_processes(times: int, small: bool) -> Plot:
    """A folder as a whole command, with 1 … as many processes as there are cores."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, 40 if small else 500, seed=14)
        command = [
            sys.executable,
            "-m",
            "checker",
            "check",
            "-q",
            "--no-cache",
            "-f",
            "json",
            name,
            "--jobs",
        ]
        jobs = range(1, (os.cpu_count() or 1) + 1)
        runs = in_turn({str(n): [*command, str(n)] for n in jobs}, times)
    points = tuple((float(n), runs[str(n)].median) for n in jobs)
    title = f"{40 if small else 500} documents, whole command"
    return Plot("processes", title, "processes", (Series("checker check", points),))


def _clock(checker: Checker, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        checker.check_text(text).to_json()
    return time.perf_counter() - start


PLOTS: tuple[Callable[[int, bool], Plot], ...] = (by_rules, by_length, by_documents, by_processes)

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 520, 340, 64, 40, 20, 48
_COLOURS = ("#1f5fa8", "#b5482a")


def svg(plot: Plot, caption: str) -> str:
    """The plot as SVG: same points, same characters."""
    xs = _ticks([x for s in plot.series for x, _ in s.points])
    ys = _ticks([y for s in plot.series for _, y in s.points])

    def x_at(x: float) -> float:
        share = math.log(x / xs[0]) / math.log(xs[-1] / xs[0])
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y_at(y: float) -> float:
        share = math.log(y / ys[0]) / math.log(ys[-1] / ys[0])
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="11">',
        f"<title>{plot.title}</title><desc>{caption}</desc>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20" font-size="13">{plot.title}: seconds against {plot.across}</text>',
    ]
    for x in xs:
        parts.append(_rule(x_at(x), _TOP, x_at(x), _HEIGHT - _BOTTOM))
        parts.append(_label(x_at(x), _HEIGHT - _BOTTOM + 15, f"{x:g}", "middle"))
    for y in ys:
        parts.append(_rule(_LEFT, y_at(y), _WIDTH - _RIGHT, y_at(y)))
        parts.append(_label(_LEFT - 6, y_at(y) + 4, f"{y:g}", "end"))
    parts.append(_label((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, plot.across, "middle"))
    for number, (series, colour) in enumerate(zip(plot.series, _COLOURS, strict=False)):
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in series.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3" fill="{colour}">'
            f"<title>{x:g} {plot.across}: {y:.4f} s</title></circle>"
            for x, y in series.points
        ]
        words = f"{series.name}: exponent {series.slope:z.2f}"
        parts.append(
            f'<text x="{_LEFT + 10}" y="{_TOP + 16 + 15 * number}" fill="{colour}">{words}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _label(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#444">{words}</text>'


def _ticks(values: Sequence[float]) -> list[float]:
    """1, 2, 5, 10 … from below the smallest to above the largest value; decades if these are many."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    steps = (1, 2, 5) if high - low <= 2 else (1,)
    every = [float(f"{step}e{power}") for power in range(low, high + 1) for step in steps]
    first = max(i for i, tick in enumerate(every) if tick <= min(values))
    last = min(i for i, tick in enumerate(every) if tick >= max(values))
    return every[first : max(last, first + 1) + 1]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="a quick run that proves the path")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--write", action="store_true", help="keep the figures in the README")
    options = parser.parse_args()
    options.to.mkdir(exist_ok=True)
    lines = []
    for make in PLOTS:
        before = circumstances()
        plot = make(options.times, options.small)
        (options.to / f"{plot.name}.svg").write_text(svg(plot, before), encoding="utf-8")
        for series in plot.series:
            points = ", ".join(f"{x:g}: {y:.3f} s" for x, y in series.points)
            lines.append(
                f"- {plot.title}, {series.name}, against {plot.across}: exponent "
                f"**{series.slope:z.2f}** ({points}); {before}"
            )
            print(lines[-1])
    if options.write:
        keep("plots", lines)


if __name__ == "__main__":
    main()
