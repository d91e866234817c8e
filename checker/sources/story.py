"""The walk through WordprocessingML: paragraphs, tables, text boxes, fields and tracked changes.

A *story* is one flow of text: the body, a footnote, a header. Tracked changes read as accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checker.sources.draft import HIDDEN, OBJECT, TRACKED, Draft
from checker.sources.numbering import Numbering
from checker.sources.runs import VAL, W, pieces
from checker.sources.styles import Styles, hides, number_of
from checker.sources.text import Run

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PARAGRAPH, _TABLE, _RUN, _SDT = f"{W}p", f"{W}tbl", f"{W}r", f"{W}sdt"
_BOX = f"{W}txbxContent"
_ALTERNATIVE = f"{_MC}AlternateContent"
#: Containers whose content counts as if they were not there.
_THROUGH = frozenset(
    W + word
    for word in (
        "ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo",
        "ruby", "rubyBase",
    )
)  # fmt: skip
_DROPPED = frozenset((f"{W}del", f"{W}moveFrom"))
_KEPT = frozenset((f"{W}ins", f"{W}moveTo"))
_PAGE_FIELDS = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "SECTION"))

CHART = "图表或者 SmartArt 图形中的文字未读取"
CHUNK = "插入的其他文档（altChunk、子文档）未读取"


@dataclass(slots=True)
class _Field:
    """An open complex field: its instruction, and whether its result has begun."""

    instruction: str = ""
    result: bool = False

    @property
    def word(self) -> str:
        """The first word of the instruction, such as PAGE or TOC."""
        return (self.instruction.split() or [""])[0].upper()

    @property
    def shown(self) -> bool:
        """Whether text that comes now is a result to be read."""
        return self.result and self.word not in _PAGE_FIELDS


class Story:
    """Reads the stories of one XML part into a draft."""

    def __init__(
        self, draft: Draft, part: str, root: Any, styles: Styles, numbering: Numbering
    ) -> None:
        self.draft = draft
        self.part = part
        self.styles = styles
        self.numbering = numbering
        self._ordinal = {run: i for i, run in enumerate(root.iter(_RUN))}
        self._paragraph = {node: i for i, node in enumerate(root.iter(_PARAGRAPH))}
        self._fields: list[_Field] = []
        self._boxes: list[Any] = []
        self._held: list[Any] = []
        #: Ids of footnotes and endnotes in the order of their marks; relations of headers.
        self.note_marks: list[tuple[str, str]] = []
        self.header_relations: list[str] = []

    def read(self, parent: Any) -> None:
        """Read the paragraphs and tables below a body, cell, text box, note or header."""
        held, self._held = self._held, []
        self._blocks(parent)
        if self._held:
            last = self._held.pop()
            self._write_paragraph([*self._held, last], broken=False)
        self._held = held

    def _blocks(self, parent: Any) -> None:
        for child in self._children(parent):
            tag = child.tag
            if tag == _PARAGRAPH:
                self._read_paragraph(child)
            elif tag == _TABLE:
                self._read_table(child)
            elif tag == f"{W}sectPr":
                self._note_headers(child)
            elif tag in (f"{W}altChunk", f"{W}subDoc"):
                self.draft.gaps[CHUNK] = None

    def _children(self, parent: Iterable[Any]) -> Iterator[Any]:
        """Children with transparent containers opened and deleted ones left out."""
        for child in parent:
            tag = child.tag
            if tag in _DROPPED or tag in _KEPT:
                if len(child):
                    self.draft.notes[TRACKED] = None
                if tag in _DROPPED:
                    continue
            if tag == _ALTERNATIVE:
                chosen = child.find(f"{_MC}Choice")
                chosen = child.find(f"{_MC}Fallback") if chosen is None else chosen
                if chosen is not None:
                    yield from self._children(chosen)
            elif tag == _SDT:
                if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    yield from self._children(child)
            elif tag in _THROUGH:
                yield from self._children(child)
            else:
                yield child

    # Paragraphs

    def _read_paragraph(self, node: Any) -> None:
        """A paragraph whose mark is deleted runs on into the next one."""
        mark = node.find(f"{W}pPr/{W}rPr")
        if mark is not None:
            deleted = any(mark.find(tag) is not None for tag in _DROPPED)
            if deleted or any(mark.find(tag) is not None for tag in _KEPT):
                self.draft.notes[TRACKED] = None
            if deleted:
                self._held.append(node)
                return
        nodes, self._held = [*self._held, node], []
        self._write_paragraph(nodes, broken=True)

    def _write_paragraph(self, nodes: list[Any], *, broken: bool) -> None:
        """Write paragraphs that form one line; the last gives the label and the line break."""
        draft, last = self.draft, nodes[-1]
        properties = last.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        start = draft.length
        contents = self._in_contents()
        own = None if properties is None else hides(properties.find(f"{W}rPr"))
        hidden_mark = self.styles.hidden(style) if own is None else own
        if broken and not hidden_mark:
            self._write_label(last, properties, style)
        for node in nodes:
            self._inline(node, self.styles.hidden(_value(node.find(f"{W}pPr"), "pStyle")))
        contents = contents or self._in_contents()
        # Only results of fields such as TOC go on over paragraphs; other open fields are damaged.
        self._fields = [entry for entry in self._fields if entry.shown]
        if broken and not (hidden_mark and draft.length == start):
            draft.add("\n")
        if contents:
            draft.mark(start, "contents")
        if properties is not None and (section := properties.find(f"{W}sectPr")) is not None:
            self._note_headers(section)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._read_box(box)

    def _in_contents(self) -> bool:
        return any(entry.word == "TOC" for entry in self._fields)

    def close(self) -> None:
        """End the story: contents whose field never ended are no contents."""
        if self._in_contents():
            self.draft.regions = [r for r in self.draft.regions if r.kind != "contents"]

    def _read_box(self, box: Any) -> None:
        start = self.draft.length
        self.read(box)
        self.draft.mark(start, "textbox")

    def _write_label(self, node: Any, properties: Any | None, style: str) -> None:
        number, level = number_of(properties)
        styled, styled_level, owner = self.styles.number(style)
        if number is None:
            number = styled
            if level is None and number is not None:
                level = self.numbering.level_of_style(number, owner)
        if not number or number == "0":
            return
        level = styled_level if level is None else level
        label = self.numbering.label(number, level or 0)
        if label:
            start = self.draft.length
            self.draft.add(label)
            part = f"{self.part}#numbering"
            self.draft.runs.append(Run(start, self.draft.length, part, self._paragraph[node]))

    # Runs and fields

    def _inline(self, parent: Any, hidden: bool) -> None:
        for child in self._children(parent):
            tag = child.tag
            if tag == _RUN:
                self._read_run(child, hidden)
            elif tag == f"{W}fldSimple":
                self._fields.append(_Field(child.get(f"{W}instr", ""), result=True))
                self._inline(child, hidden)
                self._fields.pop()
            elif tag in (f"{_M}oMath", f"{_M}oMathPara"):
                self.draft.add("".join(node.text or "" for node in child.iter(f"{_M}t")))

    def _read_run(self, run: Any, hidden: bool) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            style = _value(properties, "rStyle")
            if style and self.styles.hidden(style):
                hidden = True
            own = hides(properties)
            hidden = hidden if own is None else own
        offset = 0
        for child, text in pieces(run):
            if text:
                self._write_piece(run, text, offset, hidden)
                offset += len(text)
            elif child.tag not in (f"{W}rPr", f"{W}t"):
                self._read_special(child, hidden)

    def _write_piece(self, run: Any, text: str, offset: int, hidden: bool) -> None:
        if not all(entry.shown for entry in self._fields):
            return
        draft = self.draft
        if hidden:
            if text.strip():
                draft.notes[HIDDEN] = None
            return
        start, index = draft.length, self._ordinal[run]
        draft.add(text)
        before = draft.runs[-1] if draft.runs else None
        if (
            before is not None
            and (before.part, before.index, before.end) == (self.part, index, start)
            and before.offset + before.end - before.start == offset
        ):
            draft.runs[-1] = Run(before.start, draft.length, self.part, index, before.offset)
        else:
            draft.runs.append(Run(start, draft.length, self.part, index, offset))

    def _read_special(self, child: Any, hidden: bool) -> None:
        tag = child.tag
        if tag == f"{W}fldChar":
            self._step_field(child.get(f"{W}fldCharType"))
        elif tag == f"{W}instrText":
            if self._fields and not self._fields[-1].result:
                self._fields[-1].instruction += child.text or ""
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            self.note_marks.append((tag[len(W) :][:-9], child.get(f"{W}id", "")))
        elif tag == f"{W}ruby":
            self._inline(child, hidden)
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object", _ALTERNATIVE):
            self._read_graphic([child])

    def _step_field(self, step: str | None) -> None:
        if step == "begin":
            self._fields.append(_Field())
        elif self._fields and step == "separate":
            self._fields[-1].result = True
        elif self._fields and step == "end":
            self._fields.pop()

    def _read_graphic(self, nodes: Iterable[Any]) -> None:
        """Queue the text boxes of drawings; say what of them cannot be read."""
        for child in self._children(nodes):
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == _BOX:
                self._boxes.append(child)
                continue
            if tag.endswith(("}OLEObject", "}control")):
                self.draft.gaps[OBJECT] = None
            elif tag.endswith(("/chart}chart", "/diagram}relIds")):
                self.draft.gaps[CHART] = None
            elif tag.endswith(("}blip", "}imagedata")):
                self.draft.pictures += 1
            self._read_graphic(child)

    # Tables and headers

    def _read_table(self, table: Any) -> None:
        """Each paragraph of a cell on its own line; a table of one column is only layout."""
        rows = [
            [cell for cell in self._children(row) if cell.tag == f"{W}tc"]
            for row in self._children(table)
            if row.tag == f"{W}tr" and not self._deleted_row(row)
        ]
        wide = any(len(cells) > 1 for cells in rows)
        for cells in rows:
            start = self.draft.length
            for cell in cells:
                self.read(cell)
            if wide:
                self.draft.mark(start, "table")

    def _deleted_row(self, row: Any) -> bool:
        if row.find(f"{W}trPr/{W}del") is None:
            return False
        self.draft.notes[TRACKED] = None
        return True

    def _note_headers(self, section: Any) -> None:
        for tag in (f"{W}headerReference", f"{W}footerReference"):
            for reference in section.iterfind(tag):
                self.header_relations.append(reference.get(f"{_R}id", ""))


def _value(properties: Any | None, word: str) -> str:
    found = None if properties is None else properties.find(W + word)
    return "" if found is None else str(found.get(VAL, ""))
