"""Lines placed on pages -> SourceText: reading order, repeated lines, tables, paragraphs.

For formats that keep where ink stands and not what belongs together (PDF, OFD). A reader gives the
typed lines; what is joined, moved to the end or left out is decided here, by the margins that the
lines themselves show and by the words of :mod:`checker.sources.wrapping`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from math import inf
from statistics import median

from checker.sources.errors import UnreadableSource
from checker.sources.limits import MAX_TEXT_CHARACTERS
from checker.sources.text import Region, Run, SourceText, unify
from checker.sources.wrapping import (
    DATE,
    LABEL,
    NEVER_FIRST,
    inside_title,
    open_ended,
)

#: All lengths below are in characters of the body text (em).
_INDENT = 1.2
_SLACK = 1.6
_CELL_GAP = 2.0
#: Where no line is as long as this, none is broken at the margin.
_COLUMN = 15
#: At the head and at the foot of a page so many rows may be repeated ones.
_EDGE = 3
_NUMBER = re.compile(r"[\s\d\-—–－·.第页共/／〇一二三四五六七八九十]*")
_DIGITS = re.compile(r"\d+")
_WESTERN = re.compile(r"[A-Za-z0-9,.;:)]")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One stretch of text on one line of one page.

    ``page`` counts from 1. ``x`` (from the left) and ``y`` (from the top, of its upper edge) are
    those of its box; these and ``width`` and ``height`` (the font's size, not the ink) are in one
    unit, whichever.
    """

    page: int
    x: float
    y: float
    width: float
    height: float
    text: str

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class _Measure:
    """The body text of a document: size of a character, margins, whether paragraphs are indented."""

    em: float
    left: float
    right: float
    pitch: float
    indented: bool

    def indent(self, line: PlacedLine) -> float:
        return (line.x - self.left) / self.em

    def full(self, line: PlacedLine) -> bool:
        """Whether one more character would not have fitted."""
        return line.right > self.right - _SLACK * self.em

    def centred(self, line: PlacedLine) -> bool:
        """Whether it stands as far from the left as from the right margin."""
        before, after = line.x - self.left, self.right - line.right
        return abs(before - after) < self.em and before > -self.em


def read_lines(
    name: str,
    lines: Iterable[PlacedLine],
    *,
    format: str,
    aside: Iterable[PlacedLine] = (),
    notes: tuple[str, ...] = (),
    gaps: tuple[str, ...] = (),
    modified: date | None = None,
) -> SourceText:
    """The text of placed lines: one paragraph or table cell a line, headers and footers at the end.

    ``aside`` are lines outside the running text (of page templates, watermarks); each wording of
    them stands once at the end too.

    Each run is a stretch of one printed line: part ``page/N``, index the number of the line on the
    page from 0. Raises UnreadableSource beyond the limit of characters.
    """
    rows = _rows(lines)
    rows, repeated = _part_repeated(rows)
    for row in _rows(aside):
        words = _words(row)
        if not _is_number(words):
            repeated.setdefault(words, row)
    out = _Out(name)
    _write_body(out, rows)
    for text, row in repeated.items():
        start = out.length
        out.add_line(row[0], text)
        out.end()
        out.regions.append(Region(start, out.length, "header"))
    text = "".join(out.pieces)
    return unify(
        name,
        text,
        regions=tuple(out.regions),
        runs=tuple(out.runs),
        notes=notes,
        gaps=gaps,
        format=format,
        modified=modified,
    )


_Row = list[PlacedLine]


def _rows(lines: Iterable[PlacedLine]) -> list[_Row]:
    """Lines that stand beside one another, from left to right; pages and rows from the top."""
    kept = [line for line in lines if line.text.strip()]
    rows: list[_Row] = []
    for line in sorted(kept, key=lambda line: (line.page, line.y + line.height / 2, line.x)):
        row = rows[-1] if rows else None
        if row is not None and row[0].page == line.page and _beside(row[0], line):
            row.append(line)
        else:
            rows.append([line])
    return [_joined(sorted(row, key=lambda line: (line.x, line.y))) for row in rows]


def _beside(one: PlacedLine, other: PlacedLine) -> bool:
    middle, its = one.y + one.height / 2, other.y + other.height / 2
    return abs(middle - its) < 0.4 * max(one.height, other.height)


def _joined(row: _Row) -> _Row:
    """Stretches of a row that no wide gap parts become one; a gap of half a character is a space."""
    out = [row[0]]
    for before, line in pairwise(row):
        last = out[-1]
        if line.text == before.text and abs(line.x - before.x) < 0.2 * line.height:
            continue  # printed twice to look bold
        size = max(last.height, line.height)
        gap = line.x - last.right
        if gap >= _CELL_GAP * size:
            out.append(line)
            continue
        western = _WESTERN.match(last.text[-1]) and _WESTERN.match(line.text[0])
        space = " " if gap > (0.15 if western else 0.5) * size else ""
        top = min(last.y, line.y)
        text = last.text + space + line.text
        right = max(last.right, line.right)
        out[-1] = PlacedLine(last.page, last.x, top, right - last.x, size, text)
    return out


def _part_repeated(rows: list[_Row]) -> tuple[list[_Row], dict[str, _Row]]:
    """The rows of the body; and headers and footers, each wording once, without page numbers."""
    pages = [list(group) for _, group in groupby(rows, key=lambda row: row[0].page)]
    seen: Counter[tuple[int, str]] = Counter()
    for page in pages:
        seen.update({_place(row) for row in _edges(page)})
    least = 2 if len(pages) < 4 else max(3, len(pages) // 3)
    body: list[_Row] = []
    repeated: dict[str, _Row] = {}
    for page in pages:
        edges = {id(row) for row in _edges(page)}
        ends = {id(page[0]), id(page[-1])}
        for row in page:
            words = _words(row)
            number = len(row) == 1 and _is_number(words)
            if id(row) in ends and number:
                continue
            if id(row) in edges and seen[_place(row)] >= least:
                if not number:
                    repeated.setdefault(words, row)
                continue
            body.append(row)
    return body, _once(repeated)


def _words(row: _Row) -> str:
    return " ".join(line.text.strip() for line in row)


def _is_number(words: str) -> bool:
    """Whether a line only counts pages; a bare Chinese number may be a label."""
    return bool(_NUMBER.fullmatch(words)) and bool(re.search(r"\d|[-—–－]", words))


def _edges(page: list[_Row]) -> list[_Row]:
    return page if len(page) <= 2 * _EDGE else [*page[:_EDGE], *page[-_EDGE:]]


def _place(row: _Row) -> tuple[int, str]:
    """Height on the page, coarsely, and wording without its numbers."""
    words = "".join(_DIGITS.sub("0", line.text.strip()) for line in row)
    return round((row[0].y + row[0].height / 2) / max(row[0].height, 0.1)), words


def _once(repeated: dict[str, _Row]) -> dict[str, _Row]:
    """Of wordings that differ only in numbers (第 3 页) the first."""
    kept: dict[str, str] = {}
    for words in repeated:
        kept.setdefault(_DIGITS.sub("0", words), words)
    return {words: repeated[words] for words in kept.values()}


class _Out:
    """The text written so far, its runs and regions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[str] = []
        self.length = 0
        self.runs: list[Run] = []
        self.regions: list[Region] = []
        self._on_page: dict[int, int] = defaultdict(int)

    def add_line(self, line: PlacedLine, text: str, space: str = "") -> None:
        """One printed line, after what parts it from the line before."""
        text = space + text
        start, self.length = self.length, self.length + len(text)
        if self.length > MAX_TEXT_CHARACTERS:
            raise UnreadableSource(self.name, f"文字超过 {MAX_TEXT_CHARACTERS:,} 字的上限，未读取")
        self.pieces.append(text)
        index = self._on_page[line.page]
        self._on_page[line.page] += 1
        self.runs.append(Run(start, self.length, f"page/{line.page}", index))

    def end(self) -> None:
        """End the paragraph."""
        self.pieces.append("\n")
        self.length += 1


def _write_body(out: _Out, rows: list[_Row]) -> None:
    if not rows:
        return
    measure = _measured(rows)
    previous: PlacedLine | None = None
    for row, in_table in zip(rows, _in_tables(rows), strict=True):
        if in_table or len(row) > 1:
            if previous is not None:
                out.end()
            start = out.length
            for line in row:
                out.add_line(line, line.text.strip())
                out.end()
            if in_table:
                out.regions.append(Region(start, out.length, "table"))
            previous = None
            continue
        line = replace(row[0], text=row[0].text.strip())
        if previous is not None and _continues(previous, line, measure):
            out.add_line(line, line.text, _between(previous.text, line.text))
        else:
            if previous is not None:
                out.end()
            out.add_line(line, line.text)
        previous = line
    if previous is not None:
        out.end()


def _between(before: str, after: str) -> str:
    """A space where a line ends between two Western words."""
    return " " if _WESTERN.match(before[-1]) and re.match(r"[A-Za-z]", after) else ""


def _in_tables(rows: Sequence[_Row]) -> Iterator[bool]:
    """Whether each row is one of a table: of several cells, beside another such row."""
    several = [len(row) > 1 for row in rows]
    for i, row_is in enumerate(several):
        beside = several[max(i - 1, 0) : i + 2].count(True) > 1
        yield row_is and beside


def _measured(rows: list[_Row]) -> _Measure:
    single = [row[0] for row in rows if len(row) == 1] or [line for row in rows for line in row]
    long = [line for line in single if len(line.text) >= 10] or single
    em = median(line.width / max(width_of(line.text.strip()), 0.5) for line in long) or 1.0
    lefts = sorted(line.x for line in single)
    left = lefts[len(lefts) // 20]
    right = _usual_end(long, em)
    if right - left < _COLUMN * em:
        right = inf
    gaps = [b.y - a.y for a, b in pairwise(single) if a.page == b.page and b.y > a.y]
    starts = sum(_INDENT * em < line.x - left < 3 * em for line in single)
    indented = 0.05 * len(single) < starts < 0.95 * len(single)
    return _Measure(em, left, right, median(gaps) if gaps else 0.0, indented)


def _usual_end(lines: list[PlacedLine], em: float) -> float:
    """The furthest place where at least two lines end, or one in thirty."""
    ends = sorted((line.right for line in lines), reverse=True)
    enough = max(2, len(ends) // 30)
    return next(
        (end for i, end in enumerate(ends[: 1 - enough]) if end - ends[i + enough - 1] < em / 2),
        ends[0],
    )


def width_of(text: str) -> float:
    """Width of a text in characters, of which Latin letters and digits take half."""
    return sum(0.5 if c < "\u1100" else 1.0 for c in text)


def _continues(previous: PlacedLine, line: PlacedLine, measure: _Measure) -> bool:
    """Whether a line goes on the paragraph of the line before it."""
    before, words = previous.text, line.text
    if words[0] in NEVER_FIRST or inside_title(before, words):
        return True
    if abs(previous.height - line.height) > 0.15 * max(previous.height, line.height):
        return False
    if line.page == previous.page and line.y - previous.y > 1.6 * max(measure.pitch, line.height):
        return False
    if DATE.fullmatch(words):
        return False
    if measure.centred(line) and measure.indent(line) > _INDENT:
        wide = previous.width > measure.right - measure.left - _SLACK * measure.em
        return wide and open_ended(before) and not LABEL.match(words)
    if not measure.full(previous):
        return False
    if measure.indent(line) > _INDENT:
        first = measure.indented and measure.indent(line) < 3
        same = abs(line.x - previous.x) < 0.5 * measure.em
        return same and not first and open_ended(before) and not LABEL.match(words)
    if measure.indented:
        return open_ended(before) or not LABEL.match(words)
    return open_ended(before) and not LABEL.match(words)
