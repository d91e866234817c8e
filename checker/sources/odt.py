"""OpenDocument texts (.odt) -> SourceText: body, then notes, then headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checker.sources.archive import Archive
from checker.sources.draft import HIDDEN, MACROS, OBJECT, TRACKED, Draft
from checker.sources.errors import UnreadableSource
from checker.sources.odflists import TEXT, Lists
from checker.sources.styles import MOST_PARENTS
from checker.sources.text import SourceText

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_ROWS = frozenset(_TABLE + word for word in ("table-header-rows", "table-rows", "table-row-group"))
#: What is no text of the document, or repeats what is counted elsewhere.
_PASSED = frozenset(
    (
        *(TEXT + word for word in ("note-citation", "ruby-text", "page-number", "page-count")),
        *(TEXT + word for word in ("tracked-changes", "sequence-decls", "variable-decls")),
        *(TEXT + word for word in ("user-field-decls", "soft-page-break", "page-continuation")),
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
    )
)
_OTHERS = {
    "spreadsheet": "这是 OpenDocument 表格（.ods）文件，请提供 .odt、.docx 或者 .txt",
    "presentation": "这是 OpenDocument 演示文稿（.odp）文件，请提供 .odt、.docx 或者 .txt",
}
_BLANKS = re.compile("[ \t\r\n]+")
_HEADERS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")


def read_odt(data: bytes, name: str) -> SourceText:
    """Read an OpenDocument text; raises UnreadableSource for what is none, is damaged or too large."""
    archive = Archive(data, name)
    _refuse_locked(archive)
    if "content.xml" not in archive:
        raise UnreadableSource(name, "OpenDocument 文件不完整：缺少正文 content.xml")
    root = archive.root("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        kinds = [
            kind for kind in _OTHERS if root.find(f"{_OFFICE}body/{_OFFICE}{kind}") is not None
        ]
        reason = _OTHERS[kinds[0]] if kinds else "content.xml 中没有正文，文件可能已经损坏"
        raise UnreadableSource(name, reason)
    styles = archive.root("styles.xml") if "styles.xml" in archive else None
    roots = [root] if styles is None else [styles, root]
    draft = Draft(name)
    if archive.macros:
        draft.notes[MACROS] = None
    story = _Story(draft, Lists(roots), _Hidden(roots))
    story.read(body)
    written = draft.length
    for note in story.notes:
        start = draft.length
        story.read(note)
        draft.mark(start, "footnote")
    draft.append_headers(list(_headers(styles, story)))
    return draft.finish("odt", written)


def _refuse_locked(archive: Archive) -> None:
    part = "META-INF/manifest.xml"
    if part in archive:
        for _ in archive.root(part).iter(f"{_MANIFEST}encryption-data"):
            raise UnreadableSource(archive.name, "文件设有打开密码，请取消密码后再检查")


def _headers(styles: Any | None, story: _Story) -> Iterator[Draft]:
    pages = [] if styles is None else styles.iter(f"{_STYLE}master-page")
    for page in pages:
        for word in _HEADERS:
            node = page.find(_STYLE + word)
            if node is not None and node.get(f"{_STYLE}display") != "false":
                draft = Draft(story.draft.name)
                _Story(draft, story.lists, story.hidden).read(node)
                yield draft


class _Hidden:
    """Which styles hide their text, by inheritance."""

    def __init__(self, roots: list[Any]) -> None:
        self._own: dict[tuple[str, str], tuple[str, bool | None]] = {}
        for root in roots:
            for node in root.iter(f"{_STYLE}style"):
                key = node.get(f"{_STYLE}family", ""), node.get(f"{_STYLE}name", "")
                properties = node.find(f"{_STYLE}text-properties")
                shown = None if properties is None else properties.get(f"{TEXT}display")
                hidden = None if shown is None else shown == "none"
                self._own[key] = node.get(f"{_STYLE}parent-style-name", ""), hidden

    def holds(self, family: str, name: str) -> bool | None:
        """Whether a style hides its text; None where neither it nor its parents say."""
        seen: set[str] = set()
        while (family, name) in self._own and name not in seen and len(seen) < MOST_PARENTS:
            seen.add(name)
            parent, hidden = self._own[family, name]
            if hidden is not None:
                return hidden
            name = parent
        return None


class _Story:
    """Reads one flow of text into a draft; notes are kept for the end."""

    def __init__(self, draft: Draft, lists: Lists, hidden: _Hidden) -> None:
        self.draft = draft
        self.lists = lists
        self.hidden = hidden
        self.notes: list[Any] = []
        self._boxes: list[Any] = []

    def read(self, parent: Any) -> None:
        """Read the paragraphs, lists and tables below a node."""
        for child in parent:
            tag = child.tag
            if tag in _PARAGRAPHS:
                label = self.lists.heading(child) if tag == f"{TEXT}h" else ""
                self._paragraph(child, label)
            elif tag == f"{TEXT}list":
                self._list(child, 1)
            elif tag == f"{_TABLE}table":
                self._table(child)
            elif tag == f"{TEXT}section" and child.get(f"{TEXT}display") in ("none", "condition"):
                self.draft.notes[HIDDEN] = None
            elif tag == f"{TEXT}tracked-changes":
                if len(child):
                    self.draft.notes[TRACKED] = None
            elif (
                isinstance(tag, str) and tag.startswith(TEXT) and tag.endswith(("index", "content"))
            ):
                start = self.draft.length
                self.read(child)
                self.draft.mark(start, "contents")
            elif isinstance(tag, str) and tag.startswith(_DRAW):
                self._graphic(child)
                self._write_boxes()
            elif isinstance(tag, str) and tag not in _PASSED and not tag.endswith("-source"):
                self.read(child)

    # Lists

    def _list(self, node: Any, level: int) -> None:
        self.lists.open(node, level)
        for item in node:
            if item.tag in (f"{TEXT}list-item", f"{TEXT}list-header"):
                fresh = item.tag == f"{TEXT}list-item"
                for child in item:
                    if child.tag in _PARAGRAPHS:
                        label = self.lists.label(level, item, child) if fresh else ""
                        fresh = False
                        self._paragraph(child, label)
                    elif child.tag == f"{TEXT}list":
                        self._list(child, level + 1)
        self.lists.close(level)

    # Paragraphs

    def _paragraph(self, node: Any, label: str) -> None:
        draft = self.draft
        start = draft.length
        hidden = bool(self.hidden.holds("paragraph", node.get(f"{TEXT}style-name", "")))
        if label and not hidden:
            draft.add(label)
        self._inline(node, hidden)
        if not (hidden and draft.length == start):
            draft.add("\n")
        self._write_boxes()

    def _write_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            start = self.draft.length
            self.read(box)
            self.draft.mark(start, "textbox")

    def _inline(self, node: Any, hidden: bool) -> None:
        self._write(node.text, hidden)
        for child in node:
            if isinstance(child.tag, str):
                self._inner(child, hidden)
            self._write(child.tail, hidden)

    def _inner(self, child: Any, hidden: bool) -> None:
        tag = child.tag
        if tag == f"{TEXT}s":
            self._put(" " * _count(child.get(f"{TEXT}c")), hidden)
        elif tag == f"{TEXT}tab":
            self._put("\t", hidden)
        elif tag == f"{TEXT}line-break":
            self._put("\n", hidden)
        elif tag == f"{TEXT}note":
            self.notes.extend(child.iterfind(f"{TEXT}note-body"))
        elif tag in (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"):
            self.draft.notes[HIDDEN] = None
        elif tag.startswith(_DRAW):
            self._graphic(child)
        elif tag not in _PASSED:
            own = self.hidden.holds("text", child.get(f"{TEXT}style-name", ""))
            self._inline(child, hidden if own is None else own)

    def _write(self, text: str | None, hidden: bool) -> None:
        """Text of the file, in which white space counts once and none at the start of a paragraph."""
        words = _BLANKS.sub(" ", text or "")
        before = self.draft.out[-1] if self.draft.out else "\n"
        if words.startswith(" ") and before.endswith((" ", "\n", "\t")):
            words = words[1:]
        self._put(words, hidden)

    def _put(self, words: str, hidden: bool) -> None:
        if hidden and words.strip():
            self.draft.notes[HIDDEN] = None
        elif words and not hidden:
            self.draft.add(words)

    def _graphic(self, node: Any) -> None:
        """Queue what a drawing says; count its pictures, name the objects that cannot be read."""
        words = [child for child in node if child.tag in (*_PARAGRAPHS, f"{TEXT}list")]
        if node.tag == f"{_DRAW}text-box" or words:
            self._boxes.append(node)
            return
        objects = [c for c in node if c.tag in (f"{_DRAW}object", f"{_DRAW}object-ole")]
        if objects:
            self.draft.gaps[OBJECT] = None
        elif node.tag == f"{_DRAW}image":
            self.draft.pictures += 1
        else:
            for child in node:
                if isinstance(child.tag, str) and child.tag.startswith(_DRAW):
                    self._graphic(child)

    # Tables

    def _table(self, table: Any) -> None:
        """Each paragraph of a cell on its own line; a table of one column is only layout."""
        rows = [[cell for cell in row if cell.tag == f"{_TABLE}table-cell"] for row in _rows(table)]
        wide = any(len(cells) > 1 for cells in rows)
        for cells in rows:
            start = self.draft.length
            for cell in cells:
                self.read(cell)
            if wide:
                self.draft.mark(start, "table")


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROWS:
            yield from _rows(child)


def _count(text: str | None) -> int:
    return min(int(text), 200) if text and text.isdecimal() else 1
