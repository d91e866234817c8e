"""A Word template filled in: {{名称}} becomes words, {{清单.栏目}} repeats for every row of a list.

Consecutive paragraphs, or consecutive table rows, that name the same list repeat together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from checker.faults import nearest
from checker.sources.archive import Archive
from checker.sources.docx import main_part
from checker.sources.runs import VAL, W
from checker.word.package import rewritten, serialised

_PARAGRAPH, _TEXT = f"{W}p", f"{W}t"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAME = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
#: Ids of paragraphs that newer programs write: a repeated paragraph has none.
_OWN_IDS = re.compile(r"\}(?:paraId|textId)$")
#: What XML cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one list, each with the same columns, and what stands there when there are none."""

    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, str]]
    empty: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What a template may ask for: single words by name, and lists by name (None: no such list)."""

    words: Mapping[str, str]
    listing: Callable[[str], Listing | None]
    lists: tuple[str, ...]


class TemplateFault(ValueError):
    """What is wrong with a template; the message names the file and the placeholder."""


def fill(data: bytes, name: str, filling: Filling) -> bytes:
    """The template ``data`` with everything filled in; equal input gives equal bytes.

    Only the body is filled; all else stays as the office made it. Raises TemplateFault for an
    unknown placeholder, UnreadableSource for what is no Word file.
    """
    archive = Archive(data, name)
    main = main_part(archive)
    root = archive.root(main)
    _Filler(name, filling).fill(root)
    copy = Archive(data, name)
    return rewritten(copy, {main: serialised(root, strict=archive.strict)})


class _Filler:
    def __init__(self, name: str, filling: Filling) -> None:
        self._name, self._filling = name, filling
        #: Paragraphs that hold words of a list: those are never read as placeholders.
        self._done: set[Any] = set()

    def fill(self, root: Any) -> None:
        for parent in [node for node in root.iter() if len(node)]:
            if parent.getroottree().getroot() is root:
                self._repeat(parent)
        for paragraph in root.iter(_PARAGRAPH):
            if paragraph not in self._done:
                _put(paragraph, self._word)

    def _repeat(self, parent: Any) -> None:
        """Repeat the children that name a list."""
        tag = f"{W}tr" if parent.tag == f"{W}tbl" else _PARAGRAPH
        for name, nodes in groupby(list(parent), lambda n: self._list(n) if n.tag == tag else ""):
            if name:
                self._write(list(nodes), name)

    def _list(self, node: Any) -> str:
        """The list that a paragraph or row names, or empty. Raises TemplateFault for two lists."""
        asked = [n for p in node.iter(_PARAGRAPH) for n in _names(p)]
        lists = sorted({n.rpartition(".")[0] for n in asked if "." in n})
        if len(lists) > 1:
            raise TemplateFault(
                f"{self._name}：同一段（行）里只能写一个清单，写了{'、'.join(lists)}"
            )
        return lists[0] if lists else ""

    def _write(self, nodes: list[Any], name: str) -> None:
        listing = self._filling.listing(name)
        if listing is None:
            raise self._unknown(name, self._filling.lists, "清单")
        for asked in (n for node in nodes for p in node.iter(_PARAGRAPH) for n in _names(p)):
            owner, dot, column = asked.rpartition(".")
            if dot and column not in listing.columns:
                raise self._unknown(asked, [f"{owner}.{c}" for c in listing.columns], "占位符")
        last = nodes[-1]
        for row in listing.rows:
            for node in nodes:
                last.addnext(copy := _copy(node))
                last = copy
                for paragraph in copy.iter(_PARAGRAPH):
                    _put(paragraph, partial(self._cell, row))
                    self._done.add(paragraph)
        if not listing.rows:
            last.addnext(copy := _copy(nodes[0]))
            _say_empty(copy, listing.empty)
        for node in nodes:
            node.getparent().remove(node)

    def _cell(self, row: Mapping[str, str], name: str) -> str:
        _, dot, column = name.rpartition(".")
        return row[column] if dot else self._word(name)

    def _word(self, name: str) -> str:
        if name not in self._filling.words:
            raise self._unknown(name, self._filling.words, "占位符")
        return self._filling.words[name]

    def _unknown(self, name: str, known: Iterable[str], what: str) -> Exception:
        return TemplateFault(f"{self._name}：没有{what}“{name}”{nearest(name, known)}")


def _copy(node: Any) -> Any:
    copy = deepcopy(node)
    copy.tail = None
    for part in copy.iter():
        for attribute in [a for a in part.attrib if _OWN_IDS.search(a)]:
            del part.attrib[attribute]
    return copy


def _texts(paragraph: Any) -> list[Any]:
    return [t for t in paragraph.iter(_TEXT) if next(t.iterancestors(_PARAGRAPH)) is paragraph]


def _names(paragraph: Any) -> Iterator[str]:
    """Placeholders of a paragraph, though Word may have cut them over several runs."""
    joined = "".join(t.text or "" for t in _texts(paragraph))
    return (m[1] for m in _NAME.finditer(joined))


def _put(paragraph: Any, value: Callable[[str], str]) -> None:
    """Replace placeholders; the words take the look of the run in which the placeholder begins."""
    texts = _texts(paragraph)
    joined = "".join(t.text or "" for t in texts)
    for m in reversed(list(_NAME.finditer(joined))):
        words, at = value(m[1]), 0
        for node in texts:
            own = node.text or ""
            start, end = max(m.start() - at, 0), min(m.end() - at, len(own))
            if start < end:
                new = _ILLEGAL.sub("", words) if at + start == m.start() else ""
                node.text = own[:start] + new + own[end:]
                node.set(_SPACE, "preserve")
            at += len(own)
    for node in texts:
        _break_lines(node)


def _break_lines(node: Any) -> None:
    first, *more = (node.text or "").split("\n")
    node.text = first
    for line in more:
        new = node.makeelement(f"{W}br")
        node.addnext(new)
        rest = node.makeelement(_TEXT, {_SPACE: "preserve"})
        rest.text = line
        new.addnext(rest)
        node = rest


def _say_empty(node: Any, words: str) -> None:
    """Make a paragraph say these words alone; a row says them in one cell."""
    cells = node.findall(f"{W}tc")
    for cell in cells[1:]:
        node.remove(cell)
    if cells:
        _span(cells[0], sum(map(_room, cells)))
    first, *more = node.iter(_PARAGRAPH)
    for paragraph in more:
        paragraph.getparent().remove(paragraph)
    for i, text in enumerate(_texts(first)):
        text.text = "" if i else words


def _room(cell: Any) -> int:
    """Columns that a cell takes."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else int(span.get(VAL, "1"))


def _span(cell: Any, columns: int) -> None:
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        properties = cell.makeelement(f"{W}tcPr")
        cell.insert(0, properties)
    for old in [c for c in properties if c.tag in (f"{W}tcW", f"{W}gridSpan")]:
        properties.remove(old)
    properties.insert(0, cell.makeelement(f"{W}gridSpan", {VAL: str(columns)}))
