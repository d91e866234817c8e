"""A document's text cut at its findings, for a reader who wants to see both side by side."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checker.document import Document, Provision
from checker.findings import Finding
from checker.render.text import visible

#: Kinds of provisions that an outline lists, with their depth.
DEPTHS = {
    "unit": 0, "part": 1, "chapter": 1, "section": 2, "article": 3, "heading1": 1, "heading2": 2,
}  # fmt: skip
#: Code points of its own words that an outline shows of a provision.
OPENING = 18
# Not seen, and with no effect on what is seen.
_UNSEEN = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\ufe00-\ufe0f\xad]")
# What would change how other characters look, or what HTML cannot hold.
_ODD = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2065-\u2069\ud800-\udfff\ufffe\uffff])"
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters to show as they are, or the name of one that must not act (``U+202E``)."""

    text: str
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that the same findings cover.

    Findings are named by their places in the report, from 0. ``begins`` are those whose words
    begin here (also those without words), ``ends`` those whose last words these are.
    """

    glyphs: tuple[Glyphs, ...]
    findings: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text, the kind of provision it begins in, and the outline entries in it."""

    kind: str
    pieces: tuple[Piece, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an outline: a provision, and how many findings lie in it."""

    provision: int
    depth: int
    label: str
    opening: str
    findings: int


def marked_lines(document: Document, findings: Sequence[Finding]) -> Iterator[Line]:
    """The lines of a text that are not empty, each cut where a finding begins or ends.

    Joined, the pieces are the text without line breaks and unseen characters.
    """
    text = document.source.text
    cuts = {0, len(text)}
    for finding in findings:
        cuts |= {finding.start, finding.end}
    for at in (m.start() for m in re.finditer("\n", text)):
        cuts |= {at, at + 1}
    entries = deque(node for node in document.walk() if node.kind in DEPTHS)
    pieces: list[Piece] = []
    first = 0
    for start, piece in (*_pieces(text, sorted(cuts), findings), (len(text), None)):
        if piece is not None:
            first = first if pieces else start
            pieces.append(piece)
        elif pieces:
            held = []
            while entries and entries[0].start < start:
                held.append(entries.popleft().index)
            indent = len(text[first:start]) - len(text[first:start].lstrip())
            kind = document.provision_at(first + indent).kind
            yield Line(kind, tuple(pieces), tuple(held))
            pieces = []


def _pieces(
    text: str, cuts: list[int], findings: Sequence[Finding]
) -> Iterator[tuple[int, Piece | None]]:
    """Start and piece between each two cuts; None for a line break."""
    starting: dict[int, list[int]] = {}
    for number, finding in enumerate(findings):
        starting.setdefault(finding.start, []).append(number)
    active: list[int] = []
    waiting: list[int] = []
    for start, end in pairwise(cuts):
        active = [n for n in active if findings[n].end > start]
        waiting += starting.get(start, [])
        active += (n for n in starting.get(start, []) if findings[n].end > start)
        if text[start] == "\n":
            yield start, None
            continue
        ends = tuple(n for n in active if findings[n].end == end)
        yield start, Piece(_glyphs(text[start:end]), tuple(active), tuple(waiting), ends)
        waiting = []


def _glyphs(text: str) -> tuple[Glyphs, ...]:
    parts = _ODD.split(_UNSEEN.sub("", text.replace("\r", "")))
    return tuple(
        Glyphs(f"U+{ord(part):04X}", True) if i % 2 else Glyphs(part)
        for i, part in enumerate(parts)
        if part
    )


def outline_entries(document: Document, findings: Sequence[Finding]) -> Iterator[Entry]:
    """The provisions that lead a reader through a text; units only where there are several."""
    counts = _counts(document, findings)
    several = len(document.units) > 1
    for node in document.walk():
        if node.kind in DEPTHS and (several or node.kind != "unit"):
            label, opening = _named(document, node)
            yield Entry(node.index, DEPTHS[node.kind], label, opening, counts.get(node.index, 0))


def _counts(document: Document, findings: Sequence[Finding]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for finding in findings:
        if finding.quote:
            node = document.provision_at(finding.start)
            for at in (node, *node.ancestors()):
                counts[at.index] = counts.get(at.index, 0) + 1
    return counts


def _named(document: Document, node: Provision) -> tuple[str, str]:
    words = visible(document.own_text(node))
    below = document.children(node)
    if not words and below and below[0].kind in ("paragraph", "text", "title"):
        words = visible(document.own_text(below[0]))
    label = node.label or ("所附文本" if node.number > 1 else "正文")
    return visible(label), words[:OPENING] + ("…" if len(words) > OPENING else "")
