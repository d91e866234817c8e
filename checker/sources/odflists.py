"""Automatic numbering of OpenDocument texts, counted again: labels that no paragraph holds.

Follows OpenDocument 1.3 Part 3, 5.3 (lists), 16.30 (list styles) and 19.880 (text:start-value).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from checker.sources.numbering import format_number

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PLACE = re.compile(r"%(\d{1,2})%")
_LEVELS = 10
_FOLLOWED = {"listtab": "\t", "space": " ", "nothing": ""}
#: The first number of a series tells which it is.
_KINDS = {
    "一": "chineseCounting", "壹": "chineseLegalSimplified", "壱": "chineseLegalSimplified",
    "甲": "ideographTraditional", "子": "ideographZodiac", "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth", "〇": "ideographDigital", "a": "lowerLetter", "A": "upperLetter",
    "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is numbered; an empty format shows no number."""

    format: str
    pattern: str
    start: int
    suffix: str


@dataclass(slots=True)
class _List:
    """An open list: its style and its running counts, shared with those it continues."""

    style: str
    counts: list[int | None]


class Lists:
    """The lists of one document with their running counts; lists must come in order."""

    def __init__(self, roots: list[Any]) -> None:
        """``roots`` are those of styles and content."""
        self._styles: dict[str, dict[int, _Level]] = {}
        self._outline: dict[int, _Level] = {}
        for root in roots:
            for node in root.iter(f"{TEXT}list-style"):
                self._styles[node.get(f"{_STYLE}name", "")] = _levels(node)
            for node in root.iter(f"{TEXT}outline-style"):
                self._outline = _levels(node)
        self._headings: list[int | None] = [None] * _LEVELS
        self._by_id: dict[str, list[int | None]] = {}
        self._last: dict[str, list[int | None]] = {}
        self._open: list[_List] = []

    def open(self, node: Any, level: int) -> None:
        """Enter a ``text:list``; inner lists count with the one around them."""
        style = node.get(f"{TEXT}style-name", "")
        if level > 1 and self._open:
            outer = self._open[-1]
            self._open.append(_List(style or outer.style, outer.counts))
            return
        counts = self._by_id.get(node.get(f"{TEXT}continue-list"))
        if counts is None and node.get(f"{TEXT}continue-numbering") == "true":
            counts = self._last.get(style)
        if counts is None:
            counts = [None] * _LEVELS
        self._last[style] = counts
        if identity := node.get(_ID):
            self._by_id[identity] = counts
        self._open.append(_List(style, counts))

    def close(self, level: int) -> None:
        """Leave the list entered last."""
        self._open.pop()

    def label(self, level: int, item: Any, paragraph: Any) -> str:
        """The label, with what parts it from the words, of the first paragraph of an item."""
        current = self._open[-1]
        if paragraph.get(f"{TEXT}is-list-header") == "true" or level > _LEVELS:
            return ""
        return _next(current.counts, self._styles.get(current.style, {}), level, item)

    def heading(self, node: Any) -> str:
        """The label of a heading that stands in no list, where the outline numbers its level."""
        text = node.get(f"{TEXT}outline-level", "1")
        level = int(text) if text.isdecimal() and len(text) < 3 else 1
        if node.get(f"{TEXT}is-list-header") == "true" or not 1 <= level <= _LEVELS:
            return ""
        return _next(self._headings, self._outline, level, node)


def _next(counts: list[int | None], levels: dict[int, _Level], level: int, item: Any) -> str:
    """Count one on at a level, begin the deeper ones anew; the label it has then."""
    shape = levels.get(level)
    own = item.get(f"{TEXT}start-value", "")
    count = counts[level - 1]
    if own.isdecimal() and len(own) < 9:
        counts[level - 1] = int(own)
    elif count is None:
        counts[level - 1] = shape.start if shape else 1
    else:
        counts[level - 1] = count + 1
    for deeper in range(level, _LEVELS):
        counts[deeper] = None
    if shape is None or not shape.format:
        return ""
    text = _PLACE.sub(lambda m: _value(int(m[1]), counts, levels), shape.pattern)
    return text + shape.suffix if text.strip() else ""


def _value(level: int, counts: list[int | None], levels: dict[int, _Level]) -> str:
    shape = levels.get(level)
    count = counts[level - 1] if 1 <= level <= _LEVELS else None
    if shape is None:
        return ""
    return (
        format_number(
            shape.start if count is None else count, _KINDS.get(shape.format[:1], "decimal")
        )
        if shape.format
        else ""
    )


def _levels(style: Any) -> dict[int, _Level]:
    found = {}
    for node in style.iter(f"{TEXT}list-level-style-number", f"{TEXT}outline-level-style"):
        level = _integer(node.get(f"{TEXT}level"), 1)
        alignment = next(node.iter(f"{_STYLE}list-level-label-alignment"), None)
        followed = "space" if alignment is None else alignment.get(f"{TEXT}label-followed-by", "")
        found[level] = _Level(
            format=node.get(f"{_STYLE}num-format", ""),
            pattern=_pattern(node, level),
            start=_integer(node.get(f"{TEXT}start-value"), 1),
            suffix=_FOLLOWED.get(followed, "\t"),
        )
    return found


def _pattern(node: Any, level: int) -> str:
    """The label with %n% for the number of level n; built from its parts where no one gives it."""
    for space in (_STYLE, _LOEXT):
        if pattern := node.get(f"{space}num-list-format"):
            return str(pattern)
    shown = min(_integer(node.get(f"{TEXT}display-levels"), 1), level)
    places = ".".join(f"%{i}%" for i in range(level - shown + 1, level + 1))
    prefix, suffix = (node.get(f"{_STYLE}num-{word}", "") for word in ("prefix", "suffix"))
    return f"{prefix}{places}{suffix}"


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default
