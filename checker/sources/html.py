"""Web pages -> SourceText: the main text, as a browser shows it, line by line."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from checker.sources.draft import HIDDEN, TRACKED, Draft
from checker.sources.encoding import decode
from checker.sources.errors import UnreadableSource
from checker.sources.limits import MAX_XML_DEPTH, in_force
from checker.sources.maintext import DROPPED, find_main, words_of
from checker.sources.numbering import format_number
from checker.sources.text import SourceText

_SPACE = "{http://www.w3.org/1999/xhtml}"
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_\-]{2,20})""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5"}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
_CELLS = ("td", "th")
_BLANKS = re.compile("[ \t\r\n\f]+")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_FLOATS = re.compile(r"float\s*:\s*left", re.I)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z\-]+)", re.I)
_BARE_LISTS = re.compile(
    r"(?:^|[},;\s])(?:ol|li)\s{0,9}(?:,[^{}]{0,200})?\{[^{}]{0,400}list-style[^{};]{0,40}none", re.I
)
_MARK = re.compile(r"\s*[\[〔［(（]?(?:\d{1,3}|[ivx]{1,5}|[①-⓿*])[\]〕］)）]?\s*")
_ATTACHED = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar|7z|rtf|odt)(?:[?#].*)?$", re.I)
#: Numbers of a list, by its type or by list-style-type, and what follows them.
_NUMBERS = {
    "1": ("decimal", ". "), "a": ("lowerLetter", ". "), "A": ("upperLetter", ". "),
    "i": ("lowerRoman", ". "), "I": ("upperRoman", ". "), "decimal": ("decimal", ". "),
    "lower-alpha": ("lowerLetter", ". "), "upper-alpha": ("upperLetter", ". "),
    "lower-roman": ("lowerRoman", ". "), "upper-roman": ("upperRoman", ". "),
    "cjk-ideographic": ("chineseCounting", "、"), "cjk-decimal": ("ideographDigital", "、"),
    "simp-chinese-informal": ("chineseCounting", "、"),
    "trad-chinese-informal": ("chineseCounting", "、"),
}  # fmt: skip
#: A table is layout where one cell holds this much of its words and this many of them.
_LAYOUT_SHARE, _LAYOUT_WORDS = 0.5, 400
#: So many characters outside of the main text, and outside of links, may be text of the document.
_MUCH = 300


def read_html(data: bytes, name: str) -> SourceText:
    """Read a web page; raises UnreadableSource for what is nested too deep or holds no text."""
    text, encoding = _decode(data, name)
    limits = in_force()
    if text.count("<") > limits.elements:
        raise UnreadableSource(name, f"{limits.beyond('elements', '网页的元素', ' 个')}，未读取")
    root = _parse(text, name)
    draft = Draft(name)
    if encoding != "UTF-8":
        draft.notes[f"按 {encoding} 编码读取"] = None
    main = find_main(root)
    walk = _Walk(draft, bare_lists=_BARE_LISTS.search(_style_sheets(root)[:100_000]) is not None)
    walk.write(main.title)
    walk.end_line()
    walk.block(main.node)
    walk.end_line()
    if main.left:
        draft.notes[f"按网页正文检查；导航、链接、页脚等 {main.left} 字未列入检查"] = None
    if main.left_plain > max(_MUCH, 0.25 * draft.length):
        draft.gaps[f"网页正文以外还有 {main.left_plain} 字不是链接，未读取，请核对正文是否完整"] = (
            None
        )
    written = draft.length
    draft.append_headers(walk.headers)
    return draft.finish("html", written)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """By byte order mark, else as the page says, else by what the bytes look like."""
    m = _CHARSET.search(data[:4096])
    said = m[1].decode().lower() if m else ""
    if said in _CODECS and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        # Many pages say one encoding and are written in another.
        with suppress(UnicodeDecodeError):
            return data.decode(_CODECS[said]), _CODECS[said].upper()
    return decode(data, name)


def _parse(text: str, name: str) -> Any:
    from lxml import etree

    data = text[m.end() if (m := _DECLARATION.match(text)) else 0 :].encode("utf-8", "replace")
    root = _parse_xml(etree, data) if text.lstrip("\ufeff \r\n\t").startswith("<?xml") else None
    if root is None:
        parser = etree.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableSource(name, "网页中没有可读的文字") from error
        for fault in parser.error_log:
            if fault.type_name == "ERR_RESOURCE_LIMIT":
                raise UnreadableSource(
                    name, f"网页嵌套超过 {MAX_XML_DEPTH} 层或者一段文字过长，未读取"
                )
    if root is None:
        raise UnreadableSource(name, "网页中没有可读的文字")
    for node in root.iter(f"{_SPACE}*"):
        node.tag = node.tag.removeprefix(_SPACE).lower()
    return root


def _parse_xml(etree: Any, data: bytes) -> Any | None:
    """An XHTML page as XML, its elements closed as they say; None where it is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _style_sheets(root: Any) -> str:
    return "\n".join(node.text or "" for node in root.iter("style"))


class _Walk:
    """Reads elements into a draft as lines."""

    def __init__(self, draft: Draft, *, bare_lists: bool) -> None:
        self.draft = draft
        self.headers: list[Draft] = []
        self._bare = bare_lists
        self._line = draft.length
        self._label = ""
        self._note = False

    # Lines

    def write(self, words: str | None, *, kept: bool = False) -> None:
        """Add text to the line; white space counts once unless it is kept."""
        if not words:
            return
        if not kept:
            words = _BLANKS.sub(" ", words)
            fresh = self.draft.length == self._line or self.draft.out[-1].endswith(" ")
            words = words.lstrip(" ") if fresh else words
        if not words:
            return
        if self._label and words.strip():
            label, self._label = self._label, ""
            self.draft.add(label)
        self.draft.add(words)

    def end_line(self) -> None:
        """End the line if it holds anything."""
        if self.draft.length > self._line:
            self.draft.trim()
            self.draft.add("\n")
            if self._note:
                self.draft.mark(self._line, "footnote")
        self._line, self._note = self.draft.length, False

    # Elements

    def block(self, node: Any) -> None:
        """Read an element that begins and ends a line."""
        self.end_line()
        if node.tag == "table":
            self._table(node)
        elif node.tag in ("ol", "ul", "menu"):
            self._list(node)
        else:
            self._inside(node)
        self.end_line()

    def _inside(self, node: Any, *, kept: bool = False) -> None:
        kept = kept or node.tag == "pre"
        self.write(node.text, kept=kept)
        for child in node:
            if isinstance(child.tag, str):
                self._element(child, kept)
            self.write(child.tail, kept=kept)

    def _element(self, node: Any, kept: bool) -> None:
        tag, style = node.tag, node.get("style", "")
        if tag in DROPPED:
            if tag in ("iframe", "object", "embed"):
                self.draft.gaps["网页中嵌入的其他页面或者文件未读取"] = None
        elif _UNSEEN.search(style) or node.get("hidden") is not None:
            if words_of(node):
                self.draft.notes[HIDDEN] = None
        elif tag == "br":
            self._line_break()
        elif tag == "img":
            self.draft.pictures += 1
        elif tag in ("del", "rt", "rp") or (tag == "sdfield" and node.get("type") == "PAGE"):
            if tag == "del":
                self.draft.notes[TRACKED] = None
        elif node.get("title") in ("header", "footer") and tag == "div":
            self._header(node)
        elif tag in _BLOCKS:
            self.block(node)
        elif tag == "a" and self._is_mark(node):
            self._note = self._note or self.draft.length == self._line
        else:
            self._note_attachment(node)
            self._inside(node, kept=kept)
            if _FLOATS.search(style):
                self.write(" ")

    def _line_break(self) -> None:
        note = self._note
        self.end_line()
        self._note = note

    def _header(self, node: Any) -> None:
        header = Draft(self.draft.name)
        walk = _Walk(header, bare_lists=self._bare)
        walk._inside(node)
        walk.end_line()
        self.headers.append(header)

    def _is_mark(self, node: Any) -> bool:
        """Whether a link is the mark of a footnote, or leads back from the footnote to its mark."""
        if not node.get("href", "").startswith("#"):
            return False
        return _MARK.fullmatch("".join(node.itertext())) is not None

    def _note_attachment(self, node: Any) -> None:
        if node.tag == "a" and _ATTACHED.search(node.get("href", "")[:2000]):
            title = "".join("".join(node.itertext()).split())[:40]
            self.draft.gaps[f"网页链接的附件“{title}”未读取"] = None

    # Lists and tables

    def _list(self, node: Any) -> None:
        style = _LIST_STYLE.search(node.get("style", ""))
        kind = style[1].lower() if style else node.get("type", "1")
        bare = node.tag != "ol" or (self._bare and style is None) or kind not in _NUMBERS
        number = _integer(node.get("start"), 1)
        for child in node:
            if child.tag != "li":
                if isinstance(child.tag, str):
                    self._element(child, False)
                continue
            number = _integer(child.get("value"), number)
            if not bare and _own_words(child):
                shape, after = _NUMBERS[kind]
                self._label = format_number(number, shape) + after
                number += 1
            self._element(child, False)
            self._label = ""

    def _table(self, table: Any) -> None:
        """Each paragraph of a cell on its own line; a table of one column is only layout."""
        rows = [
            [cell for cell in row if cell.tag in _CELLS]
            for row in table.iter("tr")
            if next(row.iterancestors("table")) is table
        ]
        wide = any(len(cells) > 1 for cells in rows) and not _is_layout(table, rows)
        for child in table:
            if child.tag == "caption":
                self.block(child)
        for cells in rows:
            start = self.draft.length
            for cell in cells:
                self._element(cell, False)
            if wide:
                self.draft.mark(start, "table")


def _is_layout(table: Any, rows: list[list[Any]]) -> bool:
    """Whether a table only places the parts of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    words = [words_of(cell) for cells in rows for cell in cells]
    most = max(words, default=0)
    return most > _LAYOUT_WORDS and most > _LAYOUT_SHARE * sum(words)


def _own_words(item: Any) -> bool:
    """Whether a list item has words before any list inside it."""
    if (item.text or "").strip():
        return True
    for child in item:
        if child.tag in ("ol", "ul"):
            return False
        if "".join(child.itertext()).strip() or (child.tail or "").strip():
            return True
    return False


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default
