"""Lines of a page layout -> paragraphs.

A line that reaches the right margin inside a sentence runs on into the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from checker.sources.draft import Draft
from checker.sources.glyphs import WESTERN, Line
from checker.sources.text import Run
from checker.sources.wrapping import (
    breaks_off,
    has_clause,
    is_label,
    mid_sentence,
    never_first,
    open_ended,
)

_NARROW = re.compile(r"[!-~]")
#: No program breaks a line after an opening mark, before a closing one, or beside a quotation mark.
_TOGETHER = re.compile(
    r"[（(《〈〔\[]*(?:[!-~]+|.)(?:[“”‘’]+(?:[!-~]+|.)|[，。、；：！？》〉）〕])*"
)


@dataclass(frozen=True, slots=True)
class Column:
    """The left and right edge between which lines are broken.

    ``indented`` says that paragraphs begin with an indent, ``justified`` that lines broken by the
    layout end exactly at the right edge.
    """

    left: float
    right: float
    indented: bool = False
    justified: bool = False


#: In which column a line stands.
Columns = Callable[[Line], Column]


def column_of(lines: Sequence[Line], width: float) -> Column:
    """Where lines of running text begin and end on pages that wide, by what several agree on."""
    if not lines:
        return Column(0.0, 0.0)
    size = median(line.size for line in lines)
    need = max(2, len(lines) // 50)
    left = _agreed(sorted(line.left for line in lines), size, need)
    # A mark that hangs over the edge is not counted.
    right = -_agreed(
        sorted(line.size * never_first(line.words[-1]) - line.right for line in lines), size, need
    )
    close = sum(line.right > right - 0.8 * size for line in lines)
    if close < max(4, len(lines) // 8) or right - left < 0.35 * width:
        right = max(right, width - left)
    first = sum(line.left > left + 0.8 * size for line in lines)
    rooms = [(right - line.right) / line.size for line in lines if open_ended(line.words)]
    full = [room for room in rooms if room < 1.7]
    justified = sum(room < 0.15 for room in full) > 0.8 * len(full)
    return Column(left, right, 0.1 * len(lines) < first < 0.95 * len(lines), justified)


def _agreed(edges: list[float], size: float, need: int) -> float:
    """The outermost edge that at least ``need`` lines share within half a character."""
    for i, edge in enumerate(edges):
        if i + need <= len(edges) and edges[i + need - 1] - edge < 0.5 * size:
            return edge
    return edges[0]


def runs_on(line: Line, following: Line, columns: Columns) -> bool:
    """Whether the break between two lines is only the end of the column."""
    column, next_column = columns(line), columns(following)
    if abs(line.size - following.size) > 0.12 * max(line.size, following.size):
        return False
    room = (column.right - line.right) / line.size
    first = _first_width(following.words)
    indent = following.left - next_column.left > 0.8 * following.size
    if room >= first + 0.7:
        # Where paragraphs are indented, one that is not goes on, though its line was broken early.
        early = column.indented and not indent and room < 4
        return early and mid_sentence(line.words, following.words)
    if never_first(following.words):
        return True
    aside = line.left - column.left
    if aside > 4 * line.size and abs(aside - following.left + next_column.left) > line.size:
        return False  # set in the middle or at the right
    if breaks_off(line.words, following.words):
        return False
    label, inside = is_label(following.words), open_ended(line.words)
    if column.indented:
        return (not indent and (inside or not label)) or (inside and not label)
    tight = room < (0.15 if column.justified else first + 0.05)
    if label:
        return inside and tight and has_clause(line.words) and not following.words.startswith("第")
    return inside or (tight and not line.words.endswith(("：", ":")))


def _first_width(words: str) -> float:
    """Width, in full-width characters, of what must stay together at the beginning of a line."""
    together = _TOGETHER.match(words)
    first = together[0] if together else words[:1]
    return len(first) - len(_NARROW.findall(first)) / 2


def write_paragraphs(draft: Draft, lines: Sequence[Line], columns: Columns) -> None:
    """Write lines of one flow, those of a paragraph as one."""
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not runs_on(paragraph[-1], line, columns):
            write_paragraph(draft, paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        write_paragraph(draft, paragraph)


def write_paragraph(draft: Draft, lines: Sequence[Line]) -> None:
    """Write lines as one paragraph; each is a run of its page."""
    before = ""
    for line in lines:
        if before and WESTERN.match(before[-1]) and WESTERN.match(line.words) and before[-1] != "-":
            draft.add(" ")
        start = draft.length
        draft.add(line.words)
        draft.runs.append(Run(start, draft.length, f"page/{line.page}", line.index))
        before = line.words
    draft.add("\n")
