"""Pages set in two columns, as gazettes are: the strips of text in the order they are read."""

from __future__ import annotations

from itertools import groupby, pairwise
from statistics import median

from checker.sources.glyphs import Glyph, rows_of

_LEAST_ROWS = 15
#: The gutter lies in this part of the width of the text; so wide, in points, is one step of looking.
_FROM, _TO, _STEP = 0.35, 0.65, 2.0
#: So many rows may cross the gutter, stand on both its sides, reach it from the left.
_CROSSING, _BOTH, _REACHING = 0.2, 0.5, 0.5
_NEAR = 2.5
#: No page is wider than this, in points, by the standard of PDF (ISO 32000-1, annex C).
_WIDEST = 14_400.0


def strips_of(glyphs: list[Glyph]) -> list[tuple[int, list[Glyph]]]:
    """The characters of a page in strips: 0 over the whole width, 1 left, 2 right."""
    rows = rows_of(glyphs)
    gutter = _gutter(rows) if len(rows) >= _LEAST_ROWS else None
    if gutter is None:
        return [(0, glyphs)]
    apart = _apart(rows)
    whole = [i in apart or _crosses(row, *gutter) for i, row in enumerate(rows)]
    middle = sum(gutter) / 2
    out: list[tuple[int, list[Glyph]]] = []
    for over, part in groupby(zip(whole, rows, strict=True), key=lambda pair: pair[0]):
        band = [glyph for _, row in part for glyph in row]
        if over:
            out.append((0, band))
        else:
            out.append((1, [g for g in band if g.left < middle]))
            out.append((2, [g for g in band if g.left >= middle]))
    return [(strip, part) for strip, part in out if part]


def _gutter(rows: list[list[Glyph]]) -> tuple[float, float] | None:
    """The left and right edge of the blank stretch between two columns, if the page has them."""
    left = min(g.left for row in rows for g in row)
    width = max(g.right for row in rows for g in row) - left
    size = median(g.size for row in rows for g in row)
    if width > _WIDEST:
        return None
    start, count = left + _FROM * width, int((_TO - _FROM) * width / _STEP)
    taken = [0] * count
    for row in rows:
        covered = {
            i
            for g in row
            if not g.text.isspace()
            for i in range(
                max(0, int((g.left - start) / _STEP)),
                min(count, int((g.right - start) / _STEP) + 1),
            )
        }
        for i in covered:
            taken[i] += 1
    best = (0, 0)
    for free, run in groupby(range(count), key=lambda i: taken[i] <= _CROSSING * len(rows)):
        steps = list(run)
        if free and len(steps) > best[1] - best[0]:
            best = (steps[0], steps[-1] + 1)
    edges = start + best[0] * _STEP, start + best[1] * _STEP
    wide = edges[1] - edges[0] >= 0.8 * size
    return edges if wide and _is_gutter(rows, edges, size) else None


def _is_gutter(rows: list[list[Glyph]], edges: tuple[float, float], size: float) -> bool:
    """Whether text stands on both sides and is broken at the blank stretch, as columns are."""
    both = reaching = 0
    for row in rows:
        before = [g.right for g in row if g.right <= edges[0] + size]
        after = [g.left for g in row if g.left >= edges[1] - size]
        if before and after and not _crosses(row, *edges):
            both += 1
            reaching += edges[0] - max(before) < _NEAR * size
    return both >= _BOTH * len(rows) and reaching >= _REACHING * both


def _crosses(row: list[Glyph], left: float, right: float) -> bool:
    return any(g.left < right - 1 and g.right > left + 1 for g in row if not g.text.isspace())


def _apart(rows: list[list[Glyph]]) -> set[int]:
    """The first and last row, where they lie apart from the rest: headers and page numbers."""
    bases = [median(g.base for g in row) for row in rows]
    steps = [b - a for a, b in pairwise(bases)]
    usual = median(steps)
    first = {0} if steps[0] > 1.8 * usual else set()
    return first | ({len(rows) - 1} if steps[-1] > 1.8 * usual else set())
