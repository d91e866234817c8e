"""Rich Text Format (.rtf) -> SourceText: body, then notes, then headers and footers.

Follows the Rich Text Format Specification 1.9.1. Groups are kept on a list, not on the call stack.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field

from checker.sources import limits
from checker.sources.draft import HIDDEN, OBJECT, TRACKED, Draft
from checker.sources.errors import UnreadableSource
from checker.sources.runs import symbol
from checker.sources.text import Region, SourceText

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)|."
)
_CODE_PAGES = {
    128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
#: Code pages that Python knows by another name.
_NAMES = {
    932: "cp932",
    936: "gb18030",
    949: "cp949",
    950: "cp950",
    54936: "gb18030",
    65001: "utf-8",
}
_SYMBOL_FONT = 2
#: Groups that are no text of the document.
_SKIPPED = frozenset((
    "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "info", "pict",
    "objdata", "shprslt", "sp", "nonshppict", "nonesttables", "annotation", "atnid",
    "atnauthor", "bkmkstart", "bkmkend", "xe", "tc", "rxe", "themedata", "generator", "revtbl",
    "rsidtbl", "mmathPr", "filetbl", "upr", "private", "ftnsep", "ftnsepc", "ftncn", "aftnsep",
    "aftnsepc", "aftncn",
))  # fmt: skip
#: Groups that begin with ``\\*`` and are text all the same.
_READ = frozenset((
    "footnote", "shpinst", "shptxt", "shppict", "ud", "pntext", "listtext", "fldinst",
))  # fmt: skip
_HEADERS = frozenset((
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
))  # fmt: skip
_BOXES = frozenset(("shptxt", "dptxbxtext"))
_SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002",
}  # fmt: skip
_ESCAPES = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_PAGE_FIELDS = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "SECTION"))
_ENDS = frozenset(("par", "sect", "cell", "nestcell"))
_UNREAD = "有字节不合文件标明的编码，读作“\ufffd”"


@dataclass(slots=True)
class _Group:
    """What holds inside one pair of braces."""

    draft: Draft
    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int = -1
    uc: int = 1
    in_table: bool = False
    #: What the group itself is, and where its text began.
    word: str = ""
    start: int = 0
    #: The instruction of the field around, and whether text that comes now is one.
    instruction: list[str] = field(default_factory=list)
    coded: bool = False


def read_rtf(data: bytes, name: str) -> SourceText:
    """Read a Rich Text document; raises UnreadableSource for what is nested or grows too far."""
    reader = _Reader(name)
    reader.read(data)
    return reader.finish()


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._body = Draft(name)
        self._group = _Group(self._body)
        self._stack: list[_Group] = []
        self._notes: list[Draft] = []
        self._headers: list[Draft] = []
        self._fonts: dict[int, int] = {}
        self._default = "gb18030"
        self._bytes = bytearray()
        self._skip = 0
        self._half = ""
        self._rows: list[tuple[int, int, int]] = []
        self._row: int | None = None
        self._cells = 0

    def read(self, data: bytes) -> None:
        """Read all groups, in order."""
        at, end = 0, len(data)
        starred = False
        while at < end:
            m = _TOKEN.match(data, at)
            if m is None:
                break
            at = m.end()
            word, number, code, escape, brace, text = m.groups()
            if code is not None:
                self._byte(int(code, 16))
            elif text is not None:
                self._plain(text)
            elif brace is not None:
                self._brace(brace == b"{")
            elif word is not None:
                value = int(number) if number else None
                at = min(at + self._word(word.decode(), value, starred), end)
            elif escape is not None:
                self._escape(escape)
            starred = escape == b"*" or (starred and m[0].isspace())
            if not self._stack and at > 5 and brace == b"}":
                return
        self._flush()
        if self._stack:
            self._body.gaps["文件在中途断开，可能没有下载完整，其后的内容未读取"] = None

    def finish(self) -> SourceText:
        """The text read, with notes and headers at its end."""
        self._end_table()
        written = self._body.length
        for note in self._notes:
            self._body.append(note, "footnote")
        self._body.append_headers(self._headers)
        return self._body.finish("rtf", written)

    # Groups

    def _brace(self, opening: bool) -> None:
        self._flush()
        self._skip = 0
        if opening:
            if len(self._stack) >= limits.MAX_GROUP_DEPTH:
                raise UnreadableSource(
                    self._name, f"花括号嵌套超过 {limits.MAX_GROUP_DEPTH:,} 层的上限，未读取"
                )
            self._stack.append(self._group)
            self._group = copy(self._group)
            self._group.word = ""
        elif self._stack:
            self._close(self._group)
            self._group = self._stack.pop()

    def _close(self, group: _Group) -> None:
        draft = group.draft
        if group.word in ("listtext", "pntext"):
            label = "".join(draft.out)
            if any(c.isalnum() for c in label):
                self._stack[-1].draft.add(label.lstrip())
        elif group.word == "footnote" or group.word in _HEADERS:
            _end_line(draft)
        elif group.word in _BOXES:
            _end_line(draft)
            draft.mark(group.start, "textbox")
        elif group.word == "TOC":
            draft.mark(group.start, "contents")

    def _enter(self, word: str, starred: bool) -> None:
        """Say what the group is whose first word this is, if that word says so."""
        group = self._group
        if (starred and word not in _READ) or word in _SKIPPED:
            if word == "pict" and not group.skipped:
                group.draft.pictures += 1
            group.skipped, group.word = True, word
        elif word == "ud":
            group.skipped = False
        elif group.skipped:
            return
        elif word in ("footnote", *_HEADERS) or word in ("listtext", "pntext"):
            group.draft, group.word = Draft(self._name), word
            group.draft.notes, group.draft.gaps = self._body.notes, self._body.gaps
            if len(self._notes) + len(self._headers) > limits.MAX_NOTES:
                raise UnreadableSource(
                    self._name, f"脚注和页眉超过 {limits.MAX_NOTES:,} 个的上限，未读取"
                )
            if word == "footnote":
                self._notes.append(group.draft)
            elif word in _HEADERS:
                self._headers.append(group.draft)
        elif word in _BOXES:
            _end_line(group.draft)
            group.word, group.start = word, group.draft.length
        elif word == "field":
            group.instruction = []
        elif word == "fldinst":
            group.skipped = group.coded = True
        elif word == "fldrslt":
            kind = ("".join(group.instruction).split() or [""])[0].upper()
            group.skipped = kind in _PAGE_FIELDS
            group.word, group.start = kind, group.draft.length
        elif word == "object":
            group.draft.gaps[OBJECT] = None

    # Words

    def _word(self, word: str, value: int | None, starred: bool) -> int:
        """Follow one control word; how many raw bytes after it are data."""
        self._flush()
        self._skip = 0
        if word == "bin":
            return max(value or 0, 0)
        group = self._group
        on = value is None or value != 0
        if word == "u":
            self._unicode(value or 0)
        elif word == "uc":
            group.uc = min(max(value or 0, 0), 100)
        elif word == "ansicpg":
            self._default = _NAMES.get(value or 0, f"cp{value}")
        elif word == "fcharset":
            self._fonts[group.font] = value or 0
        elif word == "f":
            group.font = value or 0
        elif word == "v":
            group.hidden = on
        elif word in ("deleted", "revised"):
            if word == "deleted":
                group.deleted = on
            if on and not group.skipped:
                group.draft.notes[TRACKED] = None
        elif word == "plain":
            group.hidden = group.deleted = False
        elif word in ("pard", "intbl"):
            group.in_table = word == "intbl"
        elif word in _ENDS or word == "row":
            self._end(word)
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        else:
            self._enter(word, starred)
        return 0

    def _end(self, word: str) -> None:
        """End a paragraph, a cell or a row."""
        group = self._group
        if group.skipped or (group.deleted and word == "par"):
            return
        if word == "row":
            if self._row is not None:
                self._rows.append((self._row, group.draft.length, self._cells))
            self._row, self._cells = None, 0
            return
        if group.draft is self._body:
            self._place()
            self._cells += word == "cell"
        group.draft.add("\n")

    def _place(self) -> None:
        """Note where a row begins, or that a table has ended."""
        if self._group.in_table or self._cells:
            if self._row is None:
                self._row = self._body.length
        else:
            self._end_table()

    def _end_table(self) -> None:
        """Make the rows of a table regions; a table of one column is only layout."""
        if any(cells > 1 for _, _, cells in self._rows):
            for start, end, _ in self._rows:
                self._body.regions.append(Region(start, end, "table"))
        self._rows.clear()

    # Characters

    def _escape(self, sign: bytes) -> None:
        self._flush()
        if self._skip:
            self._skip -= 1
        elif sign in _ESCAPES:
            self._put(_ESCAPES[sign])
        elif sign in b"\r\n":
            self._end("par")

    def _plain(self, text: bytes) -> None:
        skipped = min(self._skip, len(text))
        self._skip -= skipped
        if self._group.coded:
            self._group.instruction.append(text.decode("latin-1"))
        self._bytes += text[skipped:]

    def _byte(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(value)

    def _flush(self) -> None:
        """Decode the bytes that stand together: half of a character may be a plain letter."""
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            if not self._group.skipped:
                self._put(self._decode(data))

    def _decode(self, data: bytes) -> str:
        charset = self._fonts.get(self._group.font, 0)
        if data.isascii() and charset != _SYMBOL_FONT:
            return data.decode("ascii")
        if charset == _SYMBOL_FONT:
            return "".join(symbol(0xF000 + byte) for byte in data)
        own = _CODE_PAGES.get(charset, self._default)
        for codec in (own, self._default):
            try:
                return data.decode(codec)
            except (UnicodeDecodeError, LookupError):
                continue
        self._body.gaps[_UNREAD] = None
        return data.decode("gb18030", "replace")

    def _unicode(self, value: int) -> None:
        if not -0x8000 <= value <= 0x10FFFF:
            return
        code = value + 0x10000 if value < 0 else value
        self._skip = self._group.uc
        if 0xD800 <= code < 0xDC00:
            self._half = chr(code)
        elif 0xDC00 <= code < 0xE000:
            pair = (self._half + chr(code)).encode("utf-16-le", "surrogatepass")
            self._half = ""
            self._put(pair.decode("utf-16-le", "replace"))
        else:
            self._put(symbol(code) if 0xF000 <= code <= 0xF0FF else chr(code))

    def _put(self, words: str) -> None:
        group = self._group
        if group.skipped or group.deleted or not words:
            return
        if group.hidden:
            if words.strip():
                group.draft.notes[HIDDEN] = None
            return
        if group.draft is self._body:
            self._place()
        group.draft.add(words)


def _end_line(draft: Draft) -> None:
    if draft.out and not draft.out[-1].endswith("\n"):
        draft.add("\n")
