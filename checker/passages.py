"""Passages: a text cut at line ends that no citation reaches over; each is read for itself.

So what a passage cites is known by its own words, and need not be read again where they are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from checker.citations import Citation, find_citations
from checker.memory import Key, Memory

_LINE_END = re.compile("(?<=[。；])\n")
#: A line that may end a title begun on the line before: 《…\n…》.
_TITLE_GOES_ON = re.compile(r"\n?[^《》\n。；]{1,60}》")
#: A line that is no article ends a passage only where that has so many characters.
_LEAST = 300
_BRACKETS = re.compile("[（）]")


@dataclass(frozen=True, slots=True)
class PassageReader:
    """Finds citations as :func:`find_citations` does, those of known passages out of a memory."""

    memory: Memory

    def __call__(self, text: str, names: Set[str] = frozenset()) -> tuple[Citation, ...]:
        """Every citation in a unified text, in order."""
        defined = tuple(sorted(names))
        cut = [(at, ("citations", piece, defined)) for at, piece in passages(text)]
        known = self.memory.recall(key for _, key in cut)
        new: dict[Key, tuple[Citation, ...]] = {}
        found: list[Citation] = []
        for (at, key), before in zip(cut, known, strict=True):
            cited = before if before is not None else new.get(key)
            if cited is None:
                cited = new[key] = find_citations(key[1], names)
            found += (replace(c, start=c.start + at, end=c.end + at) for c in cited)
        self.memory.keep(new.items())
        return tuple(found)


def passages(text: str) -> Iterator[tuple[int, str]]:
    """Where each passage begins, and its words; they join back to the text."""
    start = 0
    for m in _LINE_END.finditer(text):
        end = m.end()
        if end - start < _LEAST and not text.startswith("第", end):
            continue
        if _TITLE_GOES_ON.match(text, end) or _is_open(text, start, end):
            continue
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a bracket stands open at the end, counted so that a stray closing one opens nothing."""
    depth = 0
    if text.find("（", start, end) >= 0:
        for m in _BRACKETS.finditer(text, start, end):
            depth = depth + 1 if m[0] == "（" else max(depth - 1, 0)
    return depth > 0
