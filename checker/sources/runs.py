"""The text of one ``w:r``, piece by piece; writers of comments split runs by the same count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_TEXT = f"{W}t"
_BREAK = f"{W}br"
_SYMBOL = f"{W}sym"
_FIXED = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NO_LINE = ("page", "column")
#: Box and tick signs of Wingdings; other private characters of symbol fonts are list bullets.
_SYMBOLS = {0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA8: "☐", 0x52: "☑", 0xFE: "☑", 0x54: "☒", 0xFD: "☒"}


def piece(child: Any) -> str:
    """What one child of a run says; empty for what is no text."""
    tag = child.tag
    if tag == _TEXT:
        return (child.text or "").replace("\n", " ").replace("\r", " ")
    if tag in _FIXED:
        return _FIXED[tag]
    if tag == _BREAK:
        return "" if child.get(f"{W}type") in _NO_LINE else "\n"
    if tag == _SYMBOL:
        return _symbol(child.get(f"{W}char", ""))
    return ""


def pieces(run: Any) -> Iterator[tuple[Any, str]]:
    """Each child of a run with its text; joined they are the run's text that offsets count."""
    for child in run:
        yield child, piece(child)


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return symbol(number)


def symbol(number: int) -> str:
    """The character that a code of a symbol font (from F000) or of Unicode stands for."""
    if 0xF000 <= number <= 0xF0FF:
        return _SYMBOLS.get(number - 0xF000, "•")
    return chr(number) if 0x20 <= number < 0xD800 else ""
