"""What the reader needs of a document's styles: list membership and hiding, by inheritance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
#: No program follows more styles upwards; without an end every paragraph would cost as much.
MOST_PARENTS = 64
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    number: str | None
    level: int | None
    hidden: bool | None


class Styles:
    """The styles of one document; an unknown style has no properties."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, _Style] = {}
        #: Numbering style -> num id, for lists that only link to a style.
        self.lists: dict[str, str] = {}
        self._default = ""
        for node in () if root is None else root.iterfind(f"{_W}style"):
            name = node.get(f"{_W}styleId", "")
            based_on = node.find(f"{_W}basedOn")
            number, level = number_of(node.find(f"{_W}pPr"))
            self._styles[name] = _Style(
                "" if based_on is None else based_on.get(_VAL, ""),
                number,
                level,
                hides(node.find(f"{_W}rPr")),
            )
            kind = node.get(f"{_W}type")
            if kind == "numbering" and number:
                self.lists[name] = number
            if kind == "paragraph" and node.get(f"{_W}default") not in (None, *_OFF):
                self._default = name

    def number(self, style: str) -> tuple[str | None, int | None, str]:
        """Num id and level a paragraph style gives, and the style in the chain that names it."""
        level = None
        for name, found in self._chain(style or self._default):
            level = found.level if level is None else level
            if found.number is not None:
                return found.number, level, name
        return None, level, ""

    def hidden(self, style: str) -> bool:
        """Whether text of this style is hidden."""
        for _, found in self._chain(style):
            if found.hidden is not None:
                return found.hidden
        return False

    def _chain(self, style: str) -> Iterator[tuple[str, _Style]]:
        seen: set[str] = set()
        while style in self._styles and style not in seen and len(seen) < MOST_PARENTS:
            seen.add(style)
            yield style, self._styles[style]
            style = self._styles[style].based_on


def number_of(properties: Any | None) -> tuple[str | None, int | None]:
    """Num id and level that a ``w:pPr`` states itself; num id "0" takes numbering away."""
    numbering = None if properties is None else properties.find(f"{_W}numPr")
    if numbering is None:
        return None, None
    number, level = numbering.find(f"{_W}numId"), numbering.find(f"{_W}ilvl")
    text = "" if level is None else level.get(_VAL, "")
    return (
        None if number is None else number.get(_VAL, ""),
        int(text) if text.isdecimal() and len(text) < 3 else None,
    )


def hides(properties: Any | None) -> bool | None:
    """Whether a ``w:rPr`` hides its text; None where it does not say."""
    vanish = None if properties is None else properties.find(f"{_W}vanish")
    return None if vanish is None else vanish.get(_VAL) not in _OFF
