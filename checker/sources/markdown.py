"""Markdown: what is markup and not text. Numbers of ordered lists are text, as provisions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.findings import Span
from checker.sources.text import Region

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FRONT_MATTER = re.compile(r"---[ \t]*+\r?\n(?:[^\n]*+\n)*?---[ \t]*+(?=\r?\n|\Z)")
_LINE_HEAD = re.compile(
    r"^[ \t\u3000]*+(?:>[ \t]?|#{1,6}(?=[ \t])|[-*+][ \t](?=[ \t]*+\S)|\[\^[^\]\n]{1,40}\]:)+",
    re.MULTILINE,
)
#: Fences, rules, underlines of headings and the line below a table head: no text at all.
_LINE_OF_MARKS = re.compile(
    r"^[ \t]*+(?:`{3,}.*|~{3,}.*|={3,}|(?:[-*_][ \t]*+){3,}|\|?[ \t]*+:?-+:?[ \t]*+"
    r"(?:\|[ \t]*+:?-+:?[ \t]*+)+\|?)[ \t]*+\r?$",
    re.MULTILINE,
)
_HEADING_END = re.compile(r"(?<=[ \t])#+[ \t]*+\r?$", re.MULTILINE)
#: Stress is looked for within a bounded stretch, so that stray stars cost no time.
_STRESS = re.compile(r"(\*{1,3}|_{2,3}|~~|`{1,3})(?=\S)([^\n]{0,300}?\S)\1(?!\*)")
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\(([^()\n]*)\)")
_NOTE_MARK = re.compile(r"\[\^[^\]\n]{1,40}\]")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>\n]{0,200})?/?>")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Markup:
    """Spans that are no text, characters that stand for a line break, and the table rows."""

    removed: tuple[Span, ...]
    breaks: tuple[int, ...]
    regions: tuple[Region, ...]


def find_markup(text: str) -> Markup:
    """The markup of a Markdown text; positions are those of the text."""
    removed: list[Span] = []
    breaks: list[int] = []
    regions: list[Region] = []
    if m := _FRONT_MATTER.match(text):
        removed.append(Span(*m.span()))
    for pattern, sign in _WHOLE:
        if sign in text:
            removed.extend(Span(*m.span()) for m in pattern.finditer(text))
    removed.extend(Span(*m.span()) for m in _LINE_HEAD.finditer(text))
    removed.extend(Span(*m.span()) for m in _LINE_OF_MARKS.finditer(text))
    if "](" in text:
        for m in _LINK.finditer(text):
            removed.extend(_around(m, 2) if not m[1] else [Span(*m.span())])
    for m in _STRESS.finditer(text):
        removed.extend(_around(m, 2))
    if "<" in text:
        for m in _TAG.finditer(text):
            line_break = m[0].lower().startswith("<br")
            breaks.extend([m.start()] if line_break else [])
            removed.append(Span(m.start() + line_break, m.end()))
    if "|" in text:
        for row in _ROW.finditer(text):
            # The outer bars go, inner ones part the cells as line breaks do.
            bars = [m.start() for m in _BAR.finditer(text, *row.span())]
            removed.extend(Span(at, at + 1) for at in {bars[0], bars[-1]})
            breaks.extend(bars[1:-1])
            regions.append(Region(*row.span(), "table"))
    return _settle(removed, breaks, regions)


_WHOLE = ((_COMMENT, "<!--"), (_HEADING_END, "#"), (_NOTE_MARK, "[^"), (_ESCAPE, "\\"))


def _around(m: re.Match[str], group: int) -> list[Span]:
    """What a match holds before and after one of its groups."""
    return [Span(m.start(), m.start(group)), Span(m.end(group), m.end())]


def _settle(removed: list[Span], breaks: list[int], regions: list[Region]) -> Markup:
    """Line breaks inside of what is left out anyway are none."""
    removed.sort()
    kept: list[int] = []
    i, reach = 0, 0
    for at in sorted(breaks):
        while i < len(removed) and removed[i].start <= at:
            reach = max(reach, removed[i].end)
            i += 1
        if at >= reach:
            kept.append(at)
    return Markup(tuple(removed), tuple(kept), tuple(regions))
