"""Characters with their places on pages -> text as a person reads it.

Lines are built from base lines; what stands alike at the edge of several pages is a header; what
lies in the cells of ruled lines is a table; what stands below the short line at the foot is a
footnote. A line that reaches the right margin inside a sentence runs on into the next one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from checker.sources.draft import PAGE_NUMBER, Draft
from checker.sources.tables import Cell, Grid, Rule, find_grids
from checker.sources.text import Run
from checker.sources.wrapping import breaks_off, is_label, mid_sentence, never_first, open_ended

__all__ = ["Glyph", "Layout", "Page", "Rule"]

_WESTERN = re.compile(r"[!-~]+")
_NARROW = re.compile(r"[!-~]")
#: No program breaks a line after an opening mark, before a closing one, or beside a quotation mark.
_TOGETHER = re.compile(
    r"[（(《〈〔\[]*(?:[!-~]+|.)(?:[“”‘’]+(?:[!-~]+|.)|[，。、；：！？》〉）〕])*"
)
_MARK = re.compile(r"\s*(?:\d{1,3}|[①-⓿]|[*＊†]|[〔\[［]\d{1,3}[〕\]］])[.．、]?\s*")
#: A gap this wide, in characters, is a space: between two Chinese characters, beside a Western one
#: (where programs leave a little by themselves), between two Western ones.
_SPACE = (0.25, 0.6, 0.18)
_DIGITS = re.compile(r"\d+")
#: Of the height of a page: headers and footers lie within this much of its edges.
_EDGE = 0.15


@dataclass(frozen=True, slots=True)
class Glyph:
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


@dataclass(slots=True)
class _Sheet:
    """The lines of one page: of its running text, and of its tables cell by cell."""

    page: Page
    lines: list[Line]
    tables: list[tuple[float, list[list[tuple[Cell, list[Line]]]]]]
    notes: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    """The left and right edge between which lines are broken."""

    left: float
    right: float
    indented: bool = False


class Layout:
    """The pages of one document, added in order, then written once."""

    def __init__(self) -> None:
        self._sheets: list[_Sheet] = []

    def add(self, page: Page) -> None:
        """Build the lines of a page; its characters are let go."""
        grids = find_grids(page.rules)
        free: list[Glyph] = []
        inside: dict[tuple[int, int, int], list[Glyph]] = defaultdict(list)
        for glyph in page.glyphs:
            place = _cell_of(glyph, grids)
            (free if place is None else inside[place]).append(glyph)
        counter = iter(range(len(page.glyphs) + 1))
        lines = _lines(page, free, counter)
        tables = []
        for g, grid in enumerate(grids):
            rows = [
                [(cell, _lines(page, inside[g, r, c], counter)) for c, cell in enumerate(cells)]
                for r, cells in enumerate(grid.rows)
            ]
            tables.append((grid.top, rows))
        bare = Page(page.number, page.width, page.height, (), page.rules)
        self._sheets.append(_Sheet(bare, lines, tables))

    def write(self, draft: Draft) -> None:
        """Write body, then footnotes, then headers, as the reader of Word files does."""
        headers = _take_headers(self._sheets)
        column = _column(self._sheets)
        for sheet in self._sheets:
            _take_notes(sheet, column)
        _join_tables(self._sheets)
        _write_body(draft, self._sheets, column)
        for note in _notes(self._sheets):
            start = draft.length
            _write_paragraphs(draft, note, column)
            draft.mark(start, "footnote")
        drafts = []
        for header in headers:
            drafts.append(Draft(draft.name))
            _write_paragraph(drafts[-1], [header])
        draft.append_headers(drafts)


def _cell_of(glyph: Glyph, grids: Sequence[Grid]) -> tuple[int, int, int] | None:
    x, y = (glyph.left + glyph.right) / 2, glyph.base - glyph.size * 0.3
    for g, grid in enumerate(grids):
        if grid.left <= x <= grid.right and grid.top <= y <= grid.bottom:
            for r, cells in enumerate(grid.rows):
                for c, cell in enumerate(cells):
                    if cell.left <= x <= cell.right and cell.top <= y <= cell.bottom:
                        return g, r, c
    return None


# Lines


def _lines(page: Page, glyphs: list[Glyph], counter: Iterator[int]) -> list[Line]:
    """The lines of these characters; a mark of a footnote that wraps alone goes to the line before."""
    lines: list[Line] = []
    for row in _rows(glyphs):
        line = _line(page, row, counter)
        if line is None:
            continue
        if lines and _MARK.fullmatch(line.words) and line.size < 0.75 * lines[-1].size:
            lines[-1] = replace(lines[-1], marks=lines[-1].marks + line.words)
        else:
            lines.append(line)
    return lines


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters of one base line together, from top to bottom; raised and lowered ones with them."""
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
    return _with_marks(rows)


def _with_marks(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Rows that hold only raised marks of footnotes, joined to the line below."""
    out: list[list[Glyph]] = []
    for row in rows:
        size = max(g.size for g in row)
        above = out[-1] if out else []
        if above and all(
            g.size < 0.8 * size and row[0].base - g.base < 0.8 * size and _MARK.fullmatch(g.text)
            for g in above
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
    size = median(g.size for g in shown)
    base = median(g.base for g in shown)
    kept = [g for g in row if not _raised(g, base, size)]
    marks = "".join(g.text for g in row if _raised(g, base, size))
    shown = [g for g in kept if not g.text.isspace()]
    if not shown:
        return None
    index = next(counter)
    words = _spell(kept)
    return Line(page.number, index, shown[0].left, shown[-1].right, base, size, words, marks)


def _raised(glyph: Glyph, base: float, size: float) -> bool:
    small = glyph.size < 0.8 * size and base - glyph.base > 0.15 * size
    return small and bool(_MARK.fullmatch(glyph.text))


def _spell(row: list[Glyph]) -> str:
    """The words of a row: a space where one stands or a gap shows; nothing twice in one place."""
    out: list[str] = []
    before: Glyph | None = None
    gaps = [b.left - a.right for a, b in pairwise(row)]
    usual = max(median(gaps), 0.0) if gaps else 0.0
    spaced = False
    for glyph in row:
        if glyph.text.isspace():
            spaced = True
            continue
        if before is not None:
            if _twice(before, glyph):
                continue
            western = bool(_WESTERN.match(before.text)) + bool(_WESTERN.match(glyph.text))
            if spaced or glyph.left - before.right > _SPACE[western] * glyph.size + usual:
                out.append(" ")
        out.append(glyph.text)
        before, spaced = glyph, False
    return "".join(out)


def _twice(a: Glyph, b: Glyph) -> bool:
    """Whether a program drew one character twice, to make it bold; dashes and dots may share a place."""
    return a.text == b.text and b.left - a.left < 0.3 * b.size and a.text not in "—―…─"


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
                if PAGE_NUMBER.fullmatch(line.words)
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
        return base < _EDGE * height
    return base > (1 - _EDGE) * height


def _in_margin(sheet: _Sheet) -> bool:
    """Whether the first line lies in the upper margin, well apart from the text."""
    first, height = sheet.lines[0], sheet.page.height
    second = sheet.lines[1].base if len(sheet.lines) > 1 else 0.0
    return first.base < 0.075 * height and second - first.base > 2.5 * first.size


def _wording(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.words.replace(" ", "")), round(line.base / 4)


def _take_notes(sheet: _Sheet, column: _Column) -> None:
    """Move the footnotes of a page away from its body: they begin with a mark, at its foot."""
    lines, marks = sheet.lines, {line.marks for line in sheet.lines if line.marks}
    foot = _foot_rule(sheet, column)
    steps = [b.base - a.base for a, b in pairwise(lines)]
    usual = median(steps) if steps else 0.0
    for i, line in enumerate(lines):
        mark = line.marks or _mark_of(line.words)
        if not mark or line.base < 0.3 * sheet.page.height:
            continue
        apart = i > 0 and (steps[i - 1] > 1.25 * usual or line.size < 0.9 * lines[i - 1].size)
        if (foot is not None and line.base > foot) or (apart and mark in marks and i > 0):
            sheet.notes, sheet.lines = lines[i:], lines[:i]
            return


def _is_note(sheet: _Sheet, line: Line) -> bool:
    """Whether a line begins with a mark that stands in the text of its page."""
    mark = line.marks or _mark_of(line.words)
    return bool(mark) and any(other.marks == mark for other in sheet.lines if other is not line)


def _mark_of(words: str) -> str:
    m = _MARK.match(words)
    return m[0].strip() if m and m.end() < len(words) else ""


def _foot_rule(sheet: _Sheet, column: _Column) -> float | None:
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
            mark = "" if line.marks else _mark_of(line.words)
            if line.marks or i == 0 or mark in marks:
                notes.append([])
            else:
                mark = ""
            words = line.words[len(mark) :].lstrip(" .．、") if mark else line.words
            notes[-1].append(replace(line, words=words))
    return notes


# Paragraphs


def _column(sheets: list[_Sheet]) -> _Column:
    """Where the lines of the running text begin and end, by what several lines agree on."""
    lines = [line for sheet in sheets for line in sheet.lines]
    if not lines:
        return _Column(0.0, 0.0)
    size = median(line.size for line in lines)
    need = max(2, len(lines) // 50)
    left = _agreed(sorted(line.left for line in lines), size, need)
    # A mark that hangs over the edge is not counted.
    right = -_agreed(
        sorted(line.size * never_first(line.words[-1]) - line.right for line in lines), size, need
    )
    width = median(sheet.page.width for sheet in sheets)
    close = sum(line.right > right - 0.8 * size for line in lines)
    if close < max(4, len(lines) // 8):
        right = max(right, width - left)
    first = sum(line.left > left + 0.8 * size for line in lines)
    return _Column(left, right, 0.1 * len(lines) < first < 0.95 * len(lines))


def _agreed(edges: list[float], size: float, need: int) -> float:
    """The outermost edge that at least ``need`` lines share within half a character."""
    for i, edge in enumerate(edges):
        if i + need <= len(edges) and edges[i + need - 1] - edge < 0.5 * size:
            return edge
    return edges[0]


def _runs_on(line: Line, following: Line, column: _Column) -> bool:
    """Whether the break between two lines is only the end of the column."""
    if abs(line.size - following.size) > 0.12 * max(line.size, following.size):
        return False
    room = (column.right - line.right) / line.size
    indent = following.left - column.left > 0.8 * following.size
    if room >= _first_width(following.words) + 0.7:
        # Where paragraphs are indented, one that is not goes on, though its line was broken early.
        return (
            column.indented
            and not indent
            and room < 4
            and mid_sentence(line.words, following.words)
        )
    if never_first(following.words):
        return True
    if line.left - column.left > 4 * line.size and abs(line.left - following.left) > line.size:
        return False  # set in the middle or at the right
    if breaks_off(line.words, following.words):
        return False
    if open_ended(line.words) and not (
        is_label(following.words) and (indent or not column.indented)
    ):
        return True
    return not indent and not is_label(following.words)


def _first_width(words: str) -> float:
    """Width, in full-width characters, of what must stay together at the beginning of a line."""
    together = _TOGETHER.match(words)
    first = together[0] if together else words[:1]
    return len(first) - len(_NARROW.findall(first)) / 2


def _write_body(draft: Draft, sheets: list[_Sheet], column: _Column) -> None:
    flow: list[Line] = []
    for sheet in sheets:
        rows = sorted(
            [(top, i, table) for i, (top, table) in enumerate(sheet.tables)], key=lambda t: t[:2]
        )
        lines = list(sheet.lines)
        for top, _, table in rows:
            above = [line for line in lines if line.base < top]
            lines = lines[len(above) :]
            _write_paragraphs(draft, [*flow, *above], column)
            flow = []
            _write_table(draft, table)
        flow.extend(lines)
    _write_paragraphs(draft, flow, column)


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
    return open_ended(lines[-1].words) and _runs_on(lines[-1], more[0], _cell_column(cell, lines))


def _cell_column(cell: Cell, lines: list[Line]) -> _Column:
    edge = min(line.left for line in lines) - cell.left
    return _Column(cell.left, cell.right - max(edge, 0.0))


def _write_table(draft: Draft, rows: list[list[tuple[Cell, list[Line]]]]) -> None:
    """Each paragraph of a cell on its own line, each row a region, as in Word files."""
    for cells in rows:
        start = draft.length
        for cell, lines in cells:
            if lines:
                _write_paragraphs(draft, lines, _cell_column(cell, lines))
        draft.mark(start, "table")


def _write_paragraphs(draft: Draft, lines: Sequence[Line], column: _Column) -> None:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not _runs_on(paragraph[-1], line, column):
            _write_paragraph(draft, paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        _write_paragraph(draft, paragraph)


def _write_paragraph(draft: Draft, lines: Sequence[Line]) -> None:
    before = ""
    for line in lines:
        if (
            before
            and _WESTERN.match(before[-1])
            and _WESTERN.match(line.words)
            and before[-1] != "-"
        ):
            draft.add(" ")
        start = draft.length
        draft.add(line.words)
        draft.runs.append(Run(start, draft.length, f"page/{line.page}", line.index))
        before = line.words
    draft.add("\n")
