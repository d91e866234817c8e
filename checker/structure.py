"""Structure: SourceText to Document, by grammars/structure.lark.

The grammar reads one letter a line. Pieces of a document (an article with its items, a heading with
its content) repeat their shape all the time, so each distinct one is parsed once (checker.shapes).
"""

from __future__ import annotations

import itertools
import re

from checker.document import Document, Provision
from checker.frame import frame_lines
from checker.identity import identify
from checker.lines import Line, cut_lines
from checker.shapes import shape
from checker.sources.text import SourceText

#: Rules of the grammar that give a kind of another name.
_RENAMED = {"heading_block": "heading1", "listed": "item"}

_PIECE = re.compile(r"T[^TaBCJXYHNAQLSDFO]*|a[^aTBCJXYHNAQLSDFO]*|[PKbcdei]+|.")
#: A paragraph of an article whose items go on after a table: the rows belong to it as they do.
_ROWS_INSIDE = re.compile("[TP][^TPK]*K[^TP]*[bcdei][^TP]*")


def parse(source: SourceText) -> Document:
    """Document of a source. Total: never raises for any text; spans tile the original text."""
    lines = cut_lines(source)
    frame_lines(source.shadow, lines)
    tree = _Tree(source, lines)
    tree.build()
    return identify(source, tree.finish())


class _Tree:
    """Provisions in the making: rows of (kind, line, parent row), then spans and numbers."""

    def __init__(self, source: SourceText, lines: list[Line]) -> None:
        self.source = source
        self.lines = lines
        self.letters = "".join(line.letter for line in lines)
        self.kinds: list[str] = ["document"]
        self.parents: list[int] = [-1]
        self.heads: list[int] = [-1]

    def add(self, kind: str, line: int, parent: int) -> int:
        self.kinds.append(kind)
        self.parents.append(parent)
        self.heads.append(line)
        return len(self.kinds) - 1

    def build(self) -> None:
        """Parse the outline, then each piece below its place in the outline."""
        pieces = _pieces(self.letters)
        cuts = [0, *(i for i, piece in enumerate(pieces) if piece[0] in "XY"), len(pieces)]
        for start, end in itertools.pairwise(cuts):
            if start < end or not pieces:
                self._unit(pieces[start:end])

    def _unit(self, pieces: list[tuple[str, int, int]]) -> None:
        """The main text or one attached text."""
        unit = self.add("unit", pieces[0][1] if pieces else 0, 0)
        outline = "".join(piece[0] for piece in pieces)
        closed = len(outline.rstrip("O"))  # notes from here on belong to the document
        rows: list[int] = []
        for i, ((letter, first, size), (kind, above)) in enumerate(
            zip(pieces, shape("structure", "unit", outline), strict=True)
        ):
            if kind == "attached":
                rows.append(self.add("attachment" if letter == "X" else "title", first, unit))
                continue
            parent = unit if above < 0 or outline[above] in "XY" else rows[above]
            if letter == "O" and i >= closed:
                parent = 0
            rows.append(self._fill((letter, first, size), kind, parent))

    def _fill(self, piece: tuple[str, int, int], kind: str, parent: int) -> int:
        """Add what a piece holds; row of its (last) head."""
        letter, first, size = piece
        if letter not in "Tap":
            return self.add(kind, first, parent)
        head = 0
        for start, end in _blocks(self.letters, first, first + size):
            head = self._graft(self.letters[start:end], start, parent) or head
        return head

    def _graft(self, letters: str, first: int, parent: int) -> int:
        """Add one article, heading block or loose text; row of its head."""
        rows: list[int] = []
        inside = {i for m in _ROWS_INSIDE.finditer(letters) for i in range(*m.span())}
        opened = 0  # row of the paragraph of an article that holds what comes next
        for offset, (rule, above) in enumerate(shape("structure", "block", letters)):
            kind = _RENAMED.get(rule, rule)
            over = rows[above] if above >= 0 else parent
            if kind == "article":
                row = self.add("article", first + offset, over)
                opened = self.add("paragraph", first + offset, row)
                rows.append(opened)
            elif letters[0] == "T" and above == 0:
                within = kind != "paragraph" and (kind != "row" or offset in inside)
                rows.append(self.add(kind, first + offset, opened if within else row))
                opened = rows[-1] if kind == "paragraph" else opened
            else:
                rows.append(self.add(kind, first + offset, over))
        return rows[0] - 1 if letters[0] == "T" else rows[0]

    def finish(self) -> tuple[Provision, ...]:
        """Provisions with exact spans: each ends where the next one that it does not hold begins."""
        starts, heads = self._starts()
        ends = self._ends(starts)
        siblings: dict[tuple[int, str], int] = {}
        made: list[Provision] = []
        singles = self._singles()
        for row, kind in enumerate(self.kinds):
            above = self.parents[row]
            key = (above, kind)
            siblings[key] = ordinal = siblings.get(key, 0) + 1
            line = self.lines[self.heads[row]] if self.heads[row] >= 0 and self.lines else None
            number, branch, label = self._number(kind, line, ordinal)
            made.append(
                Provision(
                    row,
                    kind,
                    number,
                    starts[row],
                    ends[row],
                    label,
                    made[above] if above >= 0 else None,
                    heads[row],
                    self._own_end(row, kind, line, heads[row]),
                    branch,
                    key in singles,
                )
            )
        return tuple(made)

    def _singles(self) -> set[tuple[int, str]]:
        counts: dict[tuple[int, str], int] = {}
        for row, kind in enumerate(self.kinds):
            key = (self.parents[row], kind)
            counts[key] = counts.get(key, 0) + 1
        return {key for key, count in counts.items() if count == 1}

    def _starts(self) -> tuple[list[int], list[int]]:
        source, starts, heads = self.source, [], []
        previous = -1
        for row, kind in enumerate(self.kinds):
            at = self.heads[row]
            if at < 0 or not self.lines:
                starts.append(0)
                heads.append(0)
                continue
            line = self.lines[at]
            inner = kind == "paragraph" and at == previous
            heads.append(line.start if kind == "article" else line.head)
            if inner:
                heads[-1] = line.head
                starts.append(
                    source.origin(line.head) if line.head < len(source.shadow) else len(source.text)
                )
            else:
                starts.append(source.origin(line.start) if at else 0)
            previous = at
        return starts, heads

    def _ends(self, starts: list[int]) -> list[int]:
        """A provision ends where the next row at its level or above begins."""
        size = len(self.source.text)
        depths: list[int] = []
        for row, above in enumerate(self.parents):
            depths.append(depths[above] + 1 if row and above >= 0 else 0)
        ends = [size] * len(starts)
        open_rows: list[int] = []
        for row, depth in enumerate(depths):
            while open_rows and depths[open_rows[-1]] >= depth:
                ends[open_rows.pop()] = starts[row]
            open_rows.append(row)
        return ends

    def _own_end(self, row: int, kind: str, line: Line | None, head: int) -> int:
        if line is None or kind in ("document", "unit", "article"):
            return head
        return max(line.end, head)

    def _number(self, kind: str, line: Line | None, ordinal: int) -> tuple[int, int, str]:
        if line is None or kind == "document":
            return ordinal, 0, ""
        if kind == "unit":
            return self._unit_number(line, ordinal)
        if kind == "paragraph" or not line.number:
            return ordinal, 0, ""
        return line.number, line.branch, self.source.shadow[line.start : line.head]

    def _unit_number(self, line: Line, ordinal: int) -> tuple[int, int, str]:
        if line.letter != "X":
            return ordinal, 0, ""
        return line.number or ordinal, 0, f"附件{line.number}" if line.number else "附件"


def _pieces(letters: str) -> list[tuple[str, int, int]]:
    """(outline letter, first line, number of lines); a run of articles is one piece."""
    pieces: list[tuple[str, int, int]] = []
    for m in _PIECE.finditer(letters):
        first, size = m.start(), m.end() - m.start()
        letter = m.group()[0]
        if letter in "PKbcdei":
            letter = "p"
        if letter == "T" and pieces and pieces[-1][0] == "T":
            pieces[-1] = ("T", pieces[-1][1], pieces[-1][2] + size)
        else:
            pieces.append((letter, first, size))
    return pieces


def _blocks(letters: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the single articles of a run begin and end; other pieces are one block."""
    cuts = [start, *(i for i in range(start + 1, end) if letters[i] == "T"), end]
    return list(itertools.pairwise(cuts))
