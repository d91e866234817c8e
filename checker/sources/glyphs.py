"""Characters with their places on a page -> lines, from top to bottom and left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from checker.sources.tables import Rule

WESTERN = re.compile(r"[!-~]+")
_MARK = re.compile(r"\s*(?:\d{1,3}|[①-⓿]|[*＊†]|[〔\[［]\d{1,3}[〕\]］])[.．、]?\s*")
#: A gap this wide, in characters, is a space: between two Chinese characters, beside a Western one
#: (where programs leave a little by themselves), between two Western ones.
_SPACE = (0.25, 0.6, 0.18)
#: Characters so many times larger than others stand in no line with them.
_LARGER = 3


class Glyph(NamedTuple):
    """One character: its left and right edge, its base line from the top, its size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """What one page holds; ``number`` counts from 1."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as it stands on a page."""

    page: int
    index: int
    left: float
    right: float
    base: float
    size: float
    words: str
    #: The marks of footnotes that were left out of it.
    marks: str = ""
    #: On a page of two columns: 1 in the left one, 2 in the right one.
    strip: int = 0


def lines_of(page: Page, glyphs: list[Glyph], counter: Iterator[int]) -> list[Line]:
    """The lines of these characters; a mark of a footnote that wraps alone goes to the line before."""
    lines: list[Line] = []
    for row in rows_of(glyphs):
        line = _line(page, row, counter)
        if line is None:
            continue
        if lines and _MARK.fullmatch(line.words) and line.size < 0.75 * lines[-1].size:
            lines[-1] = replace(lines[-1], marks=lines[-1].marks + line.words)
        else:
            lines.append(line)
    return lines


def rows_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters of one base line together, from top to bottom; raised and lowered ones with them.

    Characters much larger than others are no part of their lines, or one would mix several of them.
    """
    rows = [row for alike in _sizes(glyphs) for row in _rows(alike)]
    return _with_marks(sorted(rows, key=lambda row: row[0].base))


def _sizes(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The characters of about the usual size, and apart from them smaller and larger ones likewise."""
    if not glyphs:
        return []
    usual = median(g.size for g in glyphs)
    small = [g for g in glyphs if g.size * _LARGER < usual]
    large = [g for g in glyphs if g.size > _LARGER * usual]
    if not small and not large:
        return [glyphs]
    alike = [g for g in glyphs if g.size * _LARGER >= usual and g.size <= _LARGER * usual]
    return [*_sizes(small), alike, *_sizes(large)]


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.base):
        reach = 0.45 * max(glyph.size, size)
        if rows and glyph.base - base <= reach:
            rows[-1].append(glyph)
            if glyph.size > size:
                base, size = glyph.base, glyph.size
        else:
            rows.append([glyph])
            base, size = glyph.base, glyph.size
    return rows


def _with_marks(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Rows that hold only raised marks of footnotes, joined to the line below."""
    out: list[list[Glyph]] = []
    for row in rows:
        size = max(g.size for g in row)
        above = out[-1] if out else []
        if _MARK.fullmatch("".join(g.text for g in above)) and all(
            g.size < 0.8 * size and row[0].base - g.base < 0.8 * size for g in above
        ):
            out[-1] = above + row
        else:
            out.append(row)
    return out


def _line(page: Page, row: list[Glyph], counter: Iterator[int]) -> Line | None:
    """The line that one row of characters makes; marks of footnotes are left out."""
    row.sort(key=lambda g: g.left)
    shown = [g for g in row if not g.text.isspace()]
    if not shown:
        return None
    size = max(median(g.size for g in shown), 0.1)
    base = median(g.base for g in shown)
    raised: list[Glyph] = []
    for high, part in groupby(row, key=lambda g: _raised(g, base, size)):
        group = list(part)
        if high and _MARK.fullmatch("".join(g.text for g in group)):
            raised += group
    marks = "".join(g.text for g in raised)
    shown = [g for g in shown if g not in raised]
    if not shown:
        return None
    index = next(counter)
    words = _spell(row, raised)
    return Line(page.number, index, shown[0].left, shown[-1].right, base, size, words, marks)


def _raised(glyph: Glyph, base: float, size: float) -> bool:
    return glyph.size < 0.8 * size and base - glyph.base > 0.15 * size


def _spell(row: list[Glyph], left_out: list[Glyph]) -> str:
    """The words of a row: a space where one stands or a gap shows; nothing twice in one place.

    Characters that are left out still fill their place.
    """
    out: list[str] = []
    before: Glyph | None = None
    gaps = [b.left - a.right for a, b in pairwise(row)]
    usual = max(median(gaps), 0.0) if gaps else 0.0
    spaced = False
    for glyph in row:
        if glyph.text.isspace():
            spaced = True
        elif before is None or not _twice(before, glyph):
            if glyph not in left_out:
                if out and before is not None and (spaced or _apart(before, glyph, usual)):
                    out.append(" ")
                out.append(glyph.text)
            before, spaced = glyph, False
    return "".join(out)


def _apart(a: Glyph, b: Glyph, usual: float) -> bool:
    """Whether the gap between two characters is wider than the usual one by a space."""
    western = bool(WESTERN.match(a.text)) + bool(WESTERN.match(b.text))
    return b.left - a.right > _SPACE[western] * b.size + usual


def _twice(a: Glyph, b: Glyph) -> bool:
    """Whether a program drew one character twice, to make it bold; dashes and dots may share a place."""
    return a.text == b.text and b.left - a.left < 0.3 * (b.right - b.left) and a.text not in "—―…─"


def mark_of(words: str) -> str:
    """The mark of a footnote with which a line begins, if it does; empty for a mark alone."""
    m = _MARK.match(words)
    return m[0].strip() if m and m.end() < len(words) else ""
