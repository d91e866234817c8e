"""Ruled lines of a page -> tables: rows of cells, where lines meet in a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

#: Lines that lie no farther apart than this, in points, are one.
_NEAR = 4.0
_SHORT = 6.0
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """A box on a page, in points from its top left; a thin one is a ruled line."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, its edges in points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of at least two columns; rows from the top, cells from the left."""

    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[tuple[Cell, ...], ...]
    #: Where each row begins, and the last one ends.
    levels: tuple[float, ...]


def find_grids(rules: Iterable[Rule]) -> list[Grid]:
    """The tables that the ruled lines of one page make, from the top."""
    lines = [r for r in rules if max(r.right - r.left, r.bottom - r.top) >= _SHORT][:_MOST]
    grids = [grid for group in _touching(lines) if (grid := _grid(group)) is not None]
    return sorted(grids, key=lambda grid: (grid.top, grid.left))


def _touching(lines: list[Rule]) -> list[list[Rule]]:
    """Lines that meet, directly or over others, together."""
    groups: list[list[Rule]] = []
    boxes: list[Rule] = []
    for line in sorted(lines, key=lambda r: (r.top, r.left)):
        group, box = [line], line
        rest_groups, rest_boxes = [], []
        for other, bounds in zip(groups, boxes, strict=True):
            if _meet(line, bounds) and any(_meet(line, one) for one in other):
                group, box = other + group, _around(bounds, box)
            else:
                rest_groups.append(other)
                rest_boxes.append(bounds)
        groups, boxes = [*rest_groups, group], [*rest_boxes, box]
    return groups


def _meet(a: Rule, b: Rule) -> bool:
    return (
        a.left <= b.right + _NEAR
        and b.left <= a.right + _NEAR
        and a.top <= b.bottom + _NEAR
        and b.top <= a.bottom + _NEAR
    )


def _around(a: Rule, b: Rule) -> Rule:
    return Rule(
        min(a.left, b.left), min(a.top, b.top), max(a.right, b.right), max(a.bottom, b.bottom)
    )


def _grid(group: list[Rule]) -> Grid | None:
    levels = _steps((r.top + r.bottom) / 2 for r in group if r.level)
    uprights = [r for r in group if not r.level]
    if len(levels) < 2 or len(_steps((r.left + r.right) / 2 for r in uprights)) < 3:
        return None
    rows = []
    for top, bottom in pairwise(levels):
        middle = (top + bottom) / 2
        edges = _steps((r.left + r.right) / 2 for r in uprights if r.top <= middle <= r.bottom)
        rows.append(tuple(Cell(a, top, b, bottom) for a, b in pairwise(edges)))
    if not any(len(row) > 1 for row in rows):
        return None
    left, right = min(r.left for r in group), max(r.right for r in group)
    return Grid(left, levels[0], right, levels[-1], tuple(rows), tuple(levels))


def _steps(places: Iterable[float]) -> list[float]:
    """The places in order, those near each other as one."""
    out: list[float] = []
    for place in sorted(places):
        if not out or place - out[-1] > _NEAR:
            out.append(place)
    return out
