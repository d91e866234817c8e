"""Comment ranges in WordprocessingML: runs cut at exact characters, marks put around them.

A run is cut in two runs with the same properties; nothing is reworded, moved or left out.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

from checker.sources.runs import W, piece, pieces

_RUN, _PARAGRAPH, _BOX, _RUBY = f"{W}r", f"{W}p", f"{W}txbxContent", f"{W}ruby"
_ID = f"{W}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: Inline containers: a mark at their edge stands outside, so that they stay whole.
_INLINE = frozenset(
    W + word
    for word in (
        "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo",
        "sdt", "sdtContent",
    )
)  # fmt: skip
#: What takes no room beside a run.
_THIN = frozenset(
    W + word
    for word in (
        "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "proofErr",
        "permStart", "permEnd", "moveToRangeStart", "moveToRangeEnd", "moveFromRangeStart",
        "moveFromRangeEnd", "smartTagPr", "customXmlPr", "sdtPr", "sdtEndPr",
    )
)  # fmt: skip
#: Tracked changes of properties: a copied run does not repeat them.
_CHANGES = (f"{W}rPrChange", f"{W}ins", f"{W}del")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a comment goes: from an offset of one run to an offset of another.

    Runs count as in ``checker.sources.text.Run``; ``paragraph`` is the index of a ``w:p`` without
    a run of its own, None otherwise.
    """

    first: int = 0
    start: int = 0
    last: int = 0
    end: int = 0
    paragraph: int | None = None


class Marks:
    """The runs of one part, counted before anything is cut; ``fresh`` gives ids not in use."""

    def __init__(self, root: Any, fresh: Iterator[int]) -> None:
        self._fresh = fresh
        self.runs = list(root.iter(_RUN))
        self._paragraphs = list(root.iter(_PARAGRAPH))

    def story(self, run: int) -> Any | None:
        """The text box a run stands in; None in the body."""
        return next(self.runs[run].iterancestors(_BOX), None)

    def length(self, run: int) -> int:
        """Characters of a run."""
        return sum(len(text) for _, text in pieces(self.runs[run]))

    def put(self, anchors: Sequence[tuple[int, Anchor]]) -> None:
        """Put the marks of every comment, given by its id."""
        placed = [(number, anchor) for number, anchor in anchors if anchor.paragraph is None]
        ends = self._cut(anchor for _, anchor in placed)
        before: dict[Any, list[int]] = defaultdict(list)
        after: dict[Any, list[int]] = defaultdict(list)
        for number, anchor in placed:
            before[_edge(ends[anchor.first, anchor.start, True], first=True)].append(number)
            after[_edge(ends[anchor.last, anchor.end, False], first=False)].append(number)
        for node, numbers in before.items():
            for number in numbers:
                node.addprevious(_mark("commentRangeStart", number))
        for node, numbers in after.items():
            _close(node, numbers, node)
        for number, anchor in anchors:
            if anchor.paragraph is not None:
                self._put_on_paragraph(self._paragraphs[anchor.paragraph], number)

    def _put_on_paragraph(self, paragraph: Any, number: int) -> None:
        properties = paragraph.find(f"{W}pPr")
        start = _mark("commentRangeStart", number)
        paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, start)
        _close(start, [number], None)

    def _cut(self, anchors: Iterable[Anchor]) -> dict[tuple[int, int, bool], Any]:
        """The run that begins (True) or ends (False) at an offset of an original run."""
        cuts: dict[int, set[int]] = defaultdict(set)
        for anchor in anchors:
            cuts[anchor.first].add(anchor.start)
            cuts[anchor.last].add(anchor.end)
        ends: dict[tuple[int, int, bool], Any] = {}
        for index, offsets in cuts.items():
            length = self.length(index)
            inner = sorted(offset for offset in offsets if 0 < offset < length)
            parts = cut_run(self.runs[index], inner)
            for node in parts[1:]:
                _renumber(node, self._fresh)
            for start, end, node in zip([0, *inner], [*inner, length], parts, strict=True):
                ends[index, start, True] = ends[index, end, False] = node
        return {key: _whole(node) for key, node in ends.items()}


def cut_run(run: Any, offsets: list[int]) -> list[Any]:
    """The run cut at ascending inner offsets of its text; its first part is the run itself."""
    parts, at = [run], 0
    cuts, children = deque(offsets), deque(run)
    while children:
        child = children.popleft()
        text = piece(child)
        if text and cuts and cuts[0] == at:
            cuts.popleft()
            parts.append(_following(parts[-1]))
        if cuts and at < cuts[0] < at + len(text):
            children.appendleft(_cut_text(child, cuts[0] - at))
            text = piece(child)
        _into(parts[-1], child)
        at += len(text)
    return parts


def _into(run: Any, child: Any) -> None:
    if child.getparent() is not run:
        run.append(child)


def _cut_text(node: Any, offset: int) -> Any:
    """Shorten a ``w:t`` to its first characters; the rest in a new one after it."""
    rest = deepcopy(node)
    rest.tail = None
    rest.text, node.text = node.text[offset:], node.text[:offset]
    for text in (node, rest):
        text.set(_SPACE, "preserve")
    node.addnext(rest)
    return rest


def _following(run: Any) -> Any:
    """A new empty run after this one, with its attributes and properties."""
    new = run.makeelement(run.tag, dict(run.attrib))
    if (properties := run.find(f"{W}rPr")) is not None:
        new.append(deepcopy(properties))
    run.addnext(new)
    return new


def _whole(run: Any) -> Any:
    """The run, or the one whose ruby text it is: a comment goes on the word with its reading."""
    for ancestor in run.iterancestors():
        if ancestor.tag == _RUBY:
            return _whole(ancestor.getparent())
        if ancestor.tag == _PARAGRAPH:
            break
    return run


def _edge(node: Any, *, first: bool) -> Any:
    """The node, or the outermost inline container whose first (last) content it is."""
    while (parent := node.getparent()) is not None and parent.tag in _INLINE:
        if any(sibling.tag not in _THIN for sibling in node.itersiblings(preceding=first)):
            break
        node = parent
    return node


def _mark(word: str, number: int) -> Any:
    from lxml import etree

    return etree.Element(W + word, {_ID: str(number)})


def _close(node: Any, numbers: list[int], run: Any | None) -> None:
    """End these comments after a node; their reference marks look like the run they follow."""
    for number in numbers:
        end, reference = _mark("commentRangeEnd", number), _mark("commentReference", number)
        mark = end.makeelement(_RUN)
        properties = None if run is None else _last_properties(run)
        if properties is not None:
            mark.append(properties)
        mark.append(reference)
        node.addnext(end)
        end.addnext(mark)
        node = mark


def _last_properties(node: Any) -> Any | None:
    runs = [node] if node.tag == _RUN else list(node.iter(_RUN))
    found = runs[-1].find(f"{W}rPr") if runs else None
    if found is None:
        return None
    copy = deepcopy(found)
    for change in [child for child in copy if child.tag in _CHANGES]:
        copy.remove(change)
    return copy


def fresh_ids(*roots: Any) -> Iterator[int]:
    """Numbers that no ``w:id`` of these parts is."""
    taken = {node.get(_ID) for root in roots for node in root.iter() if _ID in node.attrib}
    return (number for number in count(1) if str(number) not in taken)


def _renumber(run: Any, fresh: Iterator[int]) -> None:
    """Give the tracked change of properties that a cut repeated an id of its own."""
    properties = run.find(f"{W}rPr")
    for change in () if properties is None else properties.iter():
        if _ID in change.attrib:
            change.set(_ID, str(next(fresh)))
