"""Soundness: what must hold of every text that was read and of every document, whatever the input.

Each function raises AssertionError with what is broken.
"""

from __future__ import annotations

from itertools import pairwise

from checker.document import Document
from checker.patterns import Sequence, occurrences
from checker.sources import SourceText
from checker.structure import parse


def expect(holds: bool, broken: str) -> None:
    """Raise AssertionError where something does not hold; not switched off by -O."""
    if not holds:
        raise AssertionError(broken)


def read_soundly(source: SourceText) -> Document:
    """The document of a text, when every map between the two holds."""
    size = len(source.text)
    origins = [source.origin(at) for at in range(len(source.shadow))]
    expect(all(a < b for a, b in pairwise(origins)), "shadow runs backwards")
    expect(not origins or (origins[0] >= 0 and origins[-1] < size), "shadow beyond the text")
    expect(
        not any("\ud800" <= c <= "\udfff" for c in source.shadow), "half characters in the shadow"
    )
    ends = 0
    for run in source.runs:
        expect(ends <= run.start <= run.end <= size, "runs overlap or lie beyond the text")
        ends = run.end
    for region in source.regions:
        expect(0 <= region.start <= region.end <= size, "region beyond the text")
    document = parse(source)
    joined_soundly(document)
    return document


def joined_soundly(document: Document) -> None:
    """The own spans of all provisions join to the text, and each lies inside the one above."""
    text = document.source.text
    own = "".join(
        text[p.start : (children[0].start if (children := document.children(p)) else p.end)]
        for p in document.provisions
    )
    expect(own == text, "spans of provisions do not join to the text")
    for p in document.walk():
        expect(
            p.parent is not None and p.parent.start <= p.start <= p.end <= p.parent.end,
            "a provision outside its parent",
        )
        expect(bool(p.address) or p.kind in ("unit", "text"), f"a {p.kind} without address")


def matches_by_hand(sequence: Sequence, text: str) -> set[tuple[int, int]]:
    """Spans of a sequence by trying every choice: for each end the latest start, then the shortest."""
    chains = [(a, b) for a, b in occurrences(sequence.slots[0], text)]
    for slot, gap in zip(sequence.slots[1:], sequence.gaps[1:], strict=True):
        chains = [
            (start, d)
            for c, d in occurrences(slot, text)
            for start, b in chains
            if b <= c <= b + gap
        ]
    latest: dict[int, int] = {}
    for start, end in chains:
        latest[end] = max(start, latest.get(end, -1))
    tightest: dict[int, int] = {}
    for end, start in latest.items():
        tightest[start] = min(end, tightest.get(start, end))
    return set(tightest.items())
