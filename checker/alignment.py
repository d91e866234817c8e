"""Alignment: which piece of one text is which piece of another, by content and not by number.

Symmetric: aligning B with A gives the pairs of A with B, turned round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checker.document import HEADING_KINDS, Document, Provision

#: Pieces of one group: (group, words). Only pieces of one group are ever paired.
Piece = tuple[str, str]
Pairs = dict[int, int]
#: How alike two pieces must be (0 to 1), and what standing in the same place adds.
_ALIKE, _SAME_PLACE = 0.5, 0.15


def align(old: Sequence[Piece], new: Sequence[Piece]) -> Pairs:
    """Index in ``old`` -> index in ``new`` of what is the same piece, changed or not.

    Equal words first: those that stand once, then their equal neighbours, then the rest in order;
    then what is alike, the most alike first.
    """
    pairs: Pairs = {}
    taken: set[int] = set()

    def pair(i: int, j: int) -> None:
        pairs[i] = j
        taken.add(j)

    ours, theirs = _places(old), _places(new)
    for piece, places in ours.items():
        if len(places) == len(theirs.get(piece, ())) == 1:
            pair(places[0], theirs[piece][0])
    for step in (1, -1):
        for i, j in sorted(pairs.items(), reverse=step < 0):
            a, b = i + step, j + step
            while _equal(old, new, a, b) and a not in pairs and b not in taken:
                pair(a, b)
                a, b = a + step, b + step
    for piece, places in ours.items():
        left = (i for i in places if i not in pairs)
        right = (j for j in theirs.get(piece, ()) if j not in taken)
        for i, j in list(zip(left, right, strict=False)):
            pair(i, j)
    for i, j in _alike(old, new, pairs):
        if i not in pairs and j not in taken:
            pair(i, j)
    return dict(sorted(pairs.items()))


def _places(pieces: Sequence[Piece]) -> dict[Piece, list[int]]:
    places: dict[Piece, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        places[piece].append(index)
    return places


def _equal(old: Sequence[Piece], new: Sequence[Piece], i: int, j: int) -> bool:
    return 0 <= i < len(old) and 0 <= j < len(new) and old[i] == new[j]


def _alike(old: Sequence[Piece], new: Sequence[Piece], pairs: Pairs) -> list[tuple[int, int]]:
    """Pairs of unpaired pieces that are alike, the most alike first."""
    from rapidfuzz.fuzz import ratio

    there = {-1: -1, len(old): len(new), **pairs}
    ours = [(i, (there[a], there[b])) for i, a, b in _unpaired(len(old), pairs)]
    theirs = [(j, (a, b)) for j, a, b in _unpaired(len(new), pairs.values())]
    found = []
    for i, place in ours:
        group, words = old[i]
        for j, other in theirs:
            if new[j][0] == group:
                bonus = _SAME_PLACE if place == other else 0.0
                cutoff = 100 * (_ALIKE - bonus)
                likeness = ratio(words, new[j][1], score_cutoff=cutoff)
                if likeness >= cutoff:
                    found.append((-likeness - 100 * bonus, abs(i - j), i + j, i, j))
    return [(i, j) for *_, i, j in sorted(found)]


def _unpaired(size: int, paired: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Each unpaired index with the paired ones before and after it; -1 and ``size`` are the ends."""
    known = [-1, *sorted(paired), size]
    for before, after in pairwise(known):
        for index in range(before + 1, after):
            yield index, before, after


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which provisions of two documents are the same one; by index, both ways.

    ``texts`` holds only provisions with words of their own, ``there`` also those that merely hold
    others (an article whose words stand in its paragraphs).
    """

    texts: Pairs
    there: Pairs
    back: Pairs


def align_documents(old: Document, new: Document) -> Alignment:
    """Align the provisions of two documents."""
    ours, theirs = _worded(old), _worded(new)
    pairs = align([piece_of(old, p) for p in ours], [piece_of(new, p) for p in theirs])
    texts = {ours[i].index: theirs[j].index for i, j in pairs.items()}
    there = texts | _holders(old, new, texts)
    return Alignment(texts, there, {j: i for i, j in there.items()})


def _worded(document: Document) -> list[Provision]:
    return [node for node in document.walk() if document.own_text(node).strip()]


def piece_of(document: Document, node: Provision) -> Piece:
    """The words of a provision without white space, and of an item without the mark that ends it."""
    words = "".join(document.own_text(node).split())
    if node.kind in ("item", "subitem"):
        words = words.rstrip("；。;，,")
    return ("" if node.kind in _PROSE else node.kind), words


#: Kinds that turn into each other when a draft is rearranged.
_PROSE = frozenset({"article", "paragraph", "item", "subitem", "text", *HEADING_KINDS})


def _holders(old: Document, new: Document, texts: Pairs) -> Pairs:
    """Pairs of provisions without words of their own, by the words they hold in common."""
    votes: Counter[tuple[int, int]] = Counter()
    for i, j in texts.items():
        node, other = old.provisions[i], new.provisions[j]
        for a in node.ancestors():
            for b in other.ancestors():
                if a.kind == b.kind and a.index not in texts and b.index not in texts.values():
                    votes[a.index, b.index] += len(old.own_text(node)) + len(new.own_text(other))
    pairs: Pairs = {}
    taken: set[int] = set()
    ranked = sorted(votes.items(), key=lambda v: (-v[1], abs(v[0][0] - v[0][1]), sum(v[0]), v[0]))
    for (i, j), _ in ranked:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
