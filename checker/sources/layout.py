"""Pages of characters with their places -> text as a person reads it, header and notes at its end.

What stands alike at the edge of several pages is a header; what lies in the cells of ruled lines is
a table; what stands below the short line at the foot, or begins with a mark of the text, is a
footnote.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from checker.sources.draft import Draft
from checker.sources.glyphs import Glyph, Line, Page, lines_of, mark_of
from checker.sources.paragraphs import (
    Column,
    Columns,
    column_of,
    runs_on,
    write_paragraph,
    write_paragraphs,
)
from checker.sources.strips import strips_of
from checker.sources.tables import Cell, Grid, find_grids
from checker.sources.wrapping import open_ended

_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*\d{1,4}[-—–－·\s]*|\d{1,4}\s*[/／]\s*\d{1,4}|第\s*\d{1,4}\s*页.{0,12}"
)
_DIGITS = re.compile(r"\d+")
#: Of the height of a page: headers lie within this much of its top, footers of its bottom.
_TOP, _BOTTOM = 0.12, 0.15


@dataclass(slots=True)
class _Sheet:
    """The lines of one page: of its running text, and of its tables cell by cell."""

    page: Page
    lines: list[Line]
    tables: list[tuple[float, list[list[tuple[Cell, list[Line]]]]]]
    notes: list[Line] = field(default_factory=list)


class Layout:
    """The pages of one document, added in order, then written once."""

    def __init__(self) -> None:
        self._sheets: list[_Sheet] = []
        #: How many characters all pages hold.
        self.characters = 0

    def add(self, page: Page) -> None:
        """Build the lines of a page; its characters are let go."""
        self.characters += len(page.glyphs)
        grids = find_grids(page.rules)
        free: list[Glyph] = []
        inside: dict[tuple[int, int, int], list[Glyph]] = defaultdict(list)
        for glyph in page.glyphs:
            place = _cell_of(glyph, grids)
            (free if place is None else inside[place]).append(glyph)
        counter = iter(range(len(page.glyphs) + 1))
        strips = [(0, free)] if grids else strips_of(free)
        lines = [
            replace(line, strip=strip)
            for strip, part in strips
            for line in lines_of(page, part, counter)
        ]
        tables = []
        for g, grid in enumerate(grids):
            rows = [
                [(cell, lines_of(page, inside[g, r, c], counter)) for c, cell in enumerate(cells)]
                for r, cells in enumerate(grid.rows)
            ]
            tables.append((grid.top, rows))
        bare = Page(page.number, page.width, page.height, (), page.rules)
        self._sheets.append(_Sheet(bare, lines, tables))

    def write(self, draft: Draft) -> None:
        """Write body, then footnotes, then headers, as the reader of Word files does."""
        headers = _take_headers(self._sheets)
        columns = _columns(self._sheets)
        for sheet in self._sheets:
            _take_notes(sheet, columns)
        _join_tables(self._sheets)
        _write_body(draft, self._sheets, columns)
        for note in _notes(self._sheets):
            start = draft.length
            write_paragraphs(draft, note, columns)
            draft.mark(start, "footnote")
        drafts = []
        for header in headers:
            drafts.append(Draft(draft.name))
            write_paragraph(drafts[-1], [header])
        draft.append_headers(drafts)


def _cell_of(glyph: Glyph, grids: Sequence[Grid]) -> tuple[int, int, int] | None:
    x, y = (glyph.left + glyph.right) / 2, glyph.base - glyph.size * 0.3
    for g, grid in enumerate(grids):
        if grid.left <= x <= grid.right and grid.top <= y <= grid.bottom:
            r = bisect_right(grid.levels, y) - 1
            cells = grid.rows[r] if 0 <= r < len(grid.rows) else ()
            c = bisect_right(cells, x, key=lambda cell: cell.left) - 1
            if c >= 0 and x <= cells[c].right:
                return g, r, c
    return None


def _columns(sheets: list[_Sheet]) -> Columns:
    """The column of each line: pages of one width have theirs in common."""
    widths = {sheet.page.number: round(sheet.page.width) for sheet in sheets}
    lines: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            lines[widths[line.page], line.strip].append(line)
    found = {
        (width, strip): column_of(group, 0.0 if strip else float(width))
        for (width, strip), group in lines.items()
    }
    return lambda line: found[widths[line.page], line.strip]


# Headers and footnotes


def _take_headers(sheets: list[_Sheet]) -> list[Line]:
    """Remove page numbers and what stands alike on several pages from their edges; each once."""
    taken: list[Line] = []
    for at in (0, -1):
        while True:
            edges = [(s, s.lines[at]) for s in sheets if s.lines and _outermost(s, at)]
            alike = Counter(_wording(line) for _, line in edges)
            found = [
                (sheet, line)
                for sheet, line in edges
                if _PAGE_NUMBER.fullmatch(line.words)
                or (1 < alike[_wording(line)] >= 0.3 * len(sheets) and not _is_note(sheet, line))
                or (at == 0 and _in_margin(sheet))
            ]
            if not found:
                break
            for sheet, line in found:
                sheet.lines.pop(at)
                taken.append(line)
    seen: dict[str, Line] = {}
    for line in taken:
        seen.setdefault(_wording(line)[0], line)
    return list(seen.values())


def _outermost(sheet: _Sheet, at: int) -> bool:
    """Whether the first or last line lies at the edge of the page, and no table beyond it."""
    base, height = sheet.lines[at].base, sheet.page.height
    if at == 0:
        return base < _TOP * height
    return base > (1 - _BOTTOM) * height


def _in_margin(sheet: _Sheet) -> bool:
    """Whether the first line lies in the upper margin, well apart from the text."""
    first, height = sheet.lines[0], sheet.page.height
    second = sheet.lines[1].base if len(sheet.lines) > 1 else 0.0
    return first.base < 0.075 * height and second - first.base > 2.5 * first.size


def _wording(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.words.replace(" ", "")), round(line.base / 4)


def _take_notes(sheet: _Sheet, columns: Columns) -> None:
    """Move the footnotes of a page away from its body: they begin with a mark, at its foot."""
    lines, marks = sheet.lines, {line.marks for line in sheet.lines if line.marks}
    if any(line.strip for line in lines):
        return
    foot = _foot_rule(sheet, columns(lines[-1])) if lines else None
    steps = [b.base - a.base for a, b in pairwise(lines)]
    usual = median(steps) if steps else 0.0
    for i, line in enumerate(lines):
        mark = line.marks or mark_of(line.words)
        if not mark or line.base < 0.3 * sheet.page.height:
            continue
        apart = i > 0 and (steps[i - 1] > 1.25 * usual or line.size < 0.9 * lines[i - 1].size)
        if (foot is not None and line.base > foot) or (apart and mark in marks and i > 0):
            sheet.notes, sheet.lines = lines[i:], lines[:i]
            return


def _is_note(sheet: _Sheet, line: Line) -> bool:
    """Whether a line begins with a mark that stands in the text of its page."""
    mark = line.marks or mark_of(line.words)
    return bool(mark) and any(other.marks == mark for other in sheet.lines if other is not line)


def _foot_rule(sheet: _Sheet, column: Column) -> float | None:
    """Where the short line lies that parts footnotes from the text, if there is one."""
    width = column.right - column.left
    for rule in sheet.page.rules:
        if (
            rule.bottom - rule.top <= 3
            and 0.15 * width < rule.right - rule.left < 0.55 * width
            and abs(rule.left - column.left) < 20
            and not any(top - 2 < rule.top for top, _ in sheet.tables)
        ):
            return rule.top
    return None


def _notes(sheets: list[_Sheet]) -> list[list[Line]]:
    """The lines of each footnote, its mark left out."""
    notes: list[list[Line]] = []
    for sheet in sheets:
        marks = {line.marks for line in sheet.lines if line.marks}
        for i, line in enumerate(sheet.notes):
            mark = "" if line.marks else mark_of(line.words)
            if line.marks or i == 0 or mark in marks:
                notes.append([])
            else:
                mark = ""
            words = line.words[len(mark) :].lstrip(" .．、") if mark else line.words
            notes[-1].append(replace(line, words=words))
    return notes


# Body


def _write_body(draft: Draft, sheets: list[_Sheet], columns: Columns) -> None:
    flow: list[Line] = []
    for sheet in sheets:
        rows = sorted(
            [(top, i, table) for i, (top, table) in enumerate(sheet.tables)], key=lambda t: t[:2]
        )
        lines = list(sheet.lines)
        for top, _, table in rows:
            above = [line for line in lines if line.base < top]
            lines = lines[len(above) :]
            write_paragraphs(draft, [*flow, *above], columns)
            flow = []
            _write_table(draft, table)
        flow.extend(lines)
    write_paragraphs(draft, flow, columns)


def _join_tables(sheets: list[_Sheet]) -> None:
    """Join a row that a page break has cut: its cells go on, each inside a sentence."""
    for sheet, following in pairwise(sheets):
        if not sheet.tables or not following.tables or not following.tables[0][1]:
            continue
        (foot, above), (top, below) = sheet.tables[-1], following.tables[0]
        if any(line.base > foot for line in sheet.lines) or any(
            ln.base < top for ln in following.lines
        ):
            continue
        if (
            above
            and len(above[-1]) == len(below[0])
            and all(
                not more or (lines and _cell_goes_on(cell, lines, more))
                for (cell, lines), (_, more) in zip(above[-1], below[0], strict=True)
            )
        ):
            for (_, lines), (_, more) in zip(above[-1], below.pop(0), strict=True):
                lines.extend(more)


def _cell_goes_on(cell: Cell, lines: list[Line], more: list[Line]) -> bool:
    return open_ended(lines[-1].words) and runs_on(lines[-1], more[0], _cell_column(cell, lines))


def _cell_column(cell: Cell, lines: list[Line]) -> Columns:
    edge = min(line.left for line in lines) - cell.left
    column = Column(cell.left, cell.right - max(edge, 0.0))
    return lambda _: column


def _write_table(draft: Draft, rows: list[list[tuple[Cell, list[Line]]]]) -> None:
    """Each paragraph of a cell on its own line, each row a region, as in Word files."""
    for cells in rows:
        start = draft.length
        for cell, lines in cells:
            if lines:
                write_paragraphs(draft, lines, _cell_column(cell, lines))
        draft.mark(start, "table")
