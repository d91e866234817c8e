"""Remarks on a text put into its Word file as comments on exactly those words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checker.sources import UnreadableSource, read_bytes
from checker.sources.archive import Archive
from checker.sources.docx import main_part, relations_of
from checker.sources.runs import W
from checker.sources.text import Run, SourceText
from checker.word.marks import Anchor, Marks, fresh_ids
from checker.word.package import announced, free_part, rewritten, serialised

AUTHOR, INITIALS = "合法性预审", "预审"
_NUMBERING = "#numbering"
_NOTES = {"footnotes": ("footnote", "脚注"), "endnotes": ("endnote", "尾注")}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of the original characters ``start:end``: its lines, the first a heading."""

    start: int
    end: int
    lines: tuple[str, ...]


#: Parts that the reader finds by their usual names where the relations are lost; with a new relation
#: they are not.
_BY_NAME = ("styles", "numbering", "footnotes", "endnotes")


class Unmarkable(Exception):
    """Why a file cannot be given comments, in words for the person who handed it in."""


def annotate(data: bytes, source: SourceText, remarks: Iterable[Remark]) -> bytes:
    """The Word file ``data``, from which ``source`` was read, with every remark as a comment.

    The words, their formatting, tracked changes and earlier comments stay; parts that take no
    comment keep their bytes. Word allows none in notes and headers: a remark on a note goes on its
    mark, one on a header on the first words, and each says so. Comments bear no date: equal input
    gives equal bytes. Raises Unmarkable for other formats, UnreadableSource for a damaged part.
    """
    if source.format != "docx":
        raise Unmarkable(f"{source.name}：只有 .docx 文件能写批注")
    archive = Archive(data, source.name)
    main = main_part(archive)
    root = archive.root(main)
    relations = {kind: target for kind, target, _ in relations_of(archive, main)}
    if not relations and any(f"word/{kind}.xml" in archive for kind in _BY_NAME):
        raise Unmarkable(
            f"{source.name}：文件内部的部件关系表缺失，请用 Word/WPS 打开后另存一次，再写批注"
        )
    part = relations.get("comments", "")
    comments = archive.root(part) if part in archive else _no_comments()
    fresh = fresh_ids(root, comments)
    marks = Marks(root, fresh)
    places = _Places(archive, source, main, relations, marks)
    anchors: list[tuple[int, Anchor]] = []
    for remark in remarks:
        anchor, where = places.find(remark.start, remark.end)
        number = next(fresh)
        anchors.append((number, anchor))
        comments.append(_comment(number, (*remark.lines, *where)))
    marks.put(anchors)
    parts = {main: serialised(root, strict=archive.strict)}
    if part not in archive:
        part = free_part(archive, main, "comments")
        parts |= announced(archive, main, part, "comments")
    parts[part] = serialised(comments, strict=archive.strict)
    copy = rewritten(Archive(data, source.name), parts)
    if read_bytes(copy, source.name).text != source.text:
        raise RuntimeError(f"{source.name}：写批注后正文有变化，没有写出")
    return copy


class _Places:
    """From characters of the text to runs of the main part."""

    def __init__(
        self,
        archive: Archive,
        source: SourceText,
        main: str,
        relations: dict[str, str],
        marks: Marks,
    ) -> None:
        self._source, self._main, self._marks = source, main, marks
        self._archive = archive
        self._notes = {
            relations[kind]: names for kind, names in _NOTES.items() if kind in relations
        }
        self._roots: dict[str, list[Any]] = {}
        self._first = next((run for run in source.runs if run.part == main), None)

    def find(self, start: int, end: int) -> tuple[Anchor, tuple[str, ...]]:
        """Where a remark on ``start:end`` goes, and what to add where that is not on its words."""
        runs = list(self._runs(start, end))
        own = [run for run in runs if run.part == self._main]
        if own:
            return self._around(own, start, end), ()
        if runs and runs[0].part == self._main + _NUMBERING:
            return self._beside(runs[0]), ()
        if runs and runs[0].part in self._notes:
            return self._at_mark(runs[0])
        at = self._whole(self._first) if self._first else Anchor(paragraph=0)
        return at, ("所指文字在页眉或者页脚，批注只能放在这里",) if runs else ()

    def _runs(self, start: int, end: int) -> Iterator[Run]:
        for position in range(start, max(end, start + 1)):
            run = self._source.run_at(position)
            if run is not None and position in (start, run.start):
                yield run

    def _around(self, runs: list[Run], start: int, end: int) -> Anchor:
        """From the first to the last of these runs that stands in the same body or text box."""
        first = runs[0]
        story = self._marks.story(first.index)
        last = [run for run in runs if self._marks.story(run.index) is story][-1]
        return Anchor(
            first.index,
            max(start - first.start, 0) + first.offset,
            last.index,
            min(end, last.end) - last.start + last.offset,
        )

    def _whole(self, run: Run) -> Anchor:
        return Anchor(run.index, run.offset, run.index, run.offset + run.end - run.start)

    def _beside(self, label: Run) -> Anchor:
        """A number that Word writes has no run: the first words beside it, or its paragraph."""
        run = self._source.run_at(label.end)
        if run is not None and run.part == self._main:
            return self._whole(run)
        return Anchor(paragraph=label.index)

    def _at_mark(self, run: Run) -> tuple[Anchor, tuple[str, ...]]:
        """The mark in the body of the note that this run stands in."""
        kind, word = self._notes[run.part]
        if run.part not in self._roots:
            self._roots[run.part] = list(self._archive.root(run.part).iter(f"{W}r"))
        note = next(self._roots[run.part][run.index].iterancestors(W + kind))
        number = note.get(f"{W}id")
        for i, candidate in enumerate(self._marks.runs):
            if any(mark.get(f"{W}id") == number for mark in candidate.iter(f"{W}{kind}Reference")):
                length = self._marks.length(i)
                return Anchor(i, 0, i, length), (f"所指文字在{word}中，批注只能放在{word}标记处",)
        raise UnreadableSource(self._source.name, f"找不到{word}在正文中的标记")


def _no_comments() -> Any:
    from lxml import etree

    return etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})


def _comment(number: int, lines: tuple[str, ...]) -> Any:
    """A comment that looks the same whatever the styles of the document are."""
    from lxml import etree

    comment = etree.Element(
        f"{W}comment",
        {f"{W}id": str(number), f"{W}author": AUTHOR, f"{W}initials": INITIALS},
    )
    for i, line in enumerate(lines):
        paragraph = etree.SubElement(comment, f"{W}p")
        properties = etree.SubElement(paragraph, f"{W}pPr")
        for word, values in _LAYOUT:
            etree.SubElement(properties, W + word, {W + key: value for key, value in values})
        if i == 0:
            mark = etree.SubElement(paragraph, f"{W}r")
            etree.SubElement(mark, f"{W}annotationRef")
        run = etree.SubElement(paragraph, f"{W}r")
        look = etree.SubElement(run, f"{W}rPr")
        if i == 0:
            etree.SubElement(look, f"{W}b")
        for word in ("sz", "szCs"):
            etree.SubElement(look, W + word, {f"{W}val": "18"})
        etree.SubElement(run, f"{W}t").text = line
    return comment


_LAYOUT = (
    ("spacing", (("before", "0"), ("after", "0"), ("line", "240"), ("lineRule", "auto"))),
    ("ind", (("firstLine", "0"), ("firstLineChars", "0"))),
    ("jc", (("val", "left"),)),
)
