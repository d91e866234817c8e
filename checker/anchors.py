"""Anchors: one pass over a text finds every word of every rule, and with them the clauses to look at.

All words of all slots lie in one automaton. In a clause where the rarest slot of a sequence (its
anchor) stands, the sequence is a candidate if its other slots stand there too; so nothing that would
match is passed over, and where each slot stands is known without looking again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, count
from operator import itemgetter
from typing import Any, NamedTuple

from checker.compiled import CompiledRule
from checker.patterns import Slot
from checker.segments import Segments


class Target(NamedTuple):
    """A sequence of a rule's line, each an index into what it belongs to; and its slots' indices."""

    rule: int
    line: int
    sequence: int
    slots: tuple[int, ...]


#: A word, by index, and where it stands: shadow positions.
Hit = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause (or other scope) in which sequences may stand.

    ``hits`` are the words that stand in it, in order of their ends; ``members`` the words of each
    slot, ``excepted`` the longer phrases in which they do not count; ``targets`` what to try, in order.
    """

    start: int
    end: int
    hits: Sequence[Hit]
    members: Sequence[frozenset[int]]
    excepted: Sequence[frozenset[int]]
    targets: list[Target]


#: Where the words of a rule are looked for.
SCOPES = ("clause", "provision", "sentence", "title")
#: Texts longer than this are searched in pieces that end at a line break, to bound memory.
_PIECE = 100_000
_WORD, _END = itemgetter(0), itemgetter(2)


class Anchors:
    """The words of some rules, by the scope in which the rules look."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        by_scope: dict[str, _Words] = {}
        for i, rule in enumerate(rules):
            if rule.scope == "document":
                continue
            words = by_scope.setdefault(rule.scope, _Words())
            for j, line in enumerate(rule.lines):
                for k, sequence in enumerate(line.sequences):
                    slots = tuple(words.slot(slot) for slot in sequence.slots)
                    words.add(Target(i, j, k, slots), sequence.anchor)
        self.scopes = tuple((scope, words.ready()) for scope, words in sorted(by_scope.items()))

    def candidates(
        self,
        segments: Segments,
        within: tuple[int, int] | None = None,
        scopes: Collection[str] = SCOPES,
    ) -> Iterator[Candidate]:
        """Candidates in order of position, of some scopes, found in some whole lines."""
        start, end = within or (0, len(segments.shadow))
        streams = [
            words.in_lines(segments, scope, start, end)
            if scope in ("clause", "sentence")
            else words.in_provisions(segments, scope, start, end)
            for scope, words in self.scopes
            if scope in scopes
        ]
        return merge(*streams, key=lambda candidate: (candidate.start, candidate.end))


class _Words:
    """The words of rules of one scope in one automaton, and the sequences that each may anchor.

    A group holds the sequences that one anchor finds and the same other slots allow. A set of slots
    is a number with a bit for each, the slots that most groups need lowest.
    """

    def __init__(self) -> None:
        self.slots: dict[int, int] = {}  # by identity: a slot's hash would read all its words
        self.words: defaultdict[str, int] = defaultdict(count().__next__)
        #: By slot: its words, and the longer phrases in which they do not count.
        self.members: list[frozenset[int]] = []
        self.excepted: list[frozenset[int]] = []
        self.groups: dict[tuple[int, frozenset[int]], list[Target]] = {}
        #: By word: the slots it stands for, the same as a number, the groups whose anchor it is.
        self.slots_of: defaultdict[int, list[int]] = defaultdict(list)
        self.serves: dict[int, int] = {}
        self.opens: defaultdict[int, list[int]] = defaultdict(list)
        #: By group: the slots it needs besides its anchor, and its sequences.
        self.needs: list[int] = []
        self.targets: list[list[Target]] = []
        self.bits: dict[int, int] = {}
        self.automaton: Any = None

    def slot(self, slot: Slot) -> int:
        """Index of a slot; its words are indexed with it."""
        index = self.slots.get(id(slot))
        if index is None:
            index = self.slots[id(slot)] = len(self.members)
            words = frozenset(map(self.words.__getitem__, slot.words))
            self.members.append(words)
            self.excepted.append(frozenset(map(self.words.__getitem__, slot.excepted)))
            for word in words:
                self.slots_of[word].append(index)
        return index

    def add(self, target: Target, anchor: int) -> None:
        """Have the words of the anchor slot look for the other slots of the target."""
        first = target.slots[anchor]
        others = frozenset(i for i in target.slots if i != first and self.members[i])
        self.groups.setdefault((first, others), []).append(target)

    def ready(self) -> _Words:
        """Build the automaton, once all is added."""
        from ahocorasick_rs import AhoCorasick

        uses = Counter(slot for _, others in self.groups for slot in others)
        self.bits = {slot: 1 << i for i, (slot, _) in enumerate(uses.most_common())}
        for group, ((first, others), targets) in enumerate(self.groups.items()):
            self.needs.append(sum(self.bits[slot] for slot in others))
            self.targets.append(targets)
            for word in self.members[first]:
                self.opens[word].append(group)
        self.slots.clear()
        self.groups.clear()
        self.automaton = AhoCorasick(tuple(self.words))
        return self

    def _serve(self, word: int) -> int:
        """The needed slots that a word stands for; worked out when it is first met in a text."""
        self.serves[word] = found = sum(self.bits.get(slot, 0) for slot in self.slots_of[word])
        return found

    def in_lines(
        self, segments: Segments, scope: str, first: int, last: int
    ) -> Iterator[Candidate]:
        """Candidates of a scope that never goes over a line break."""
        shadow, ends = segments.shadow, segments.ends(scope)
        for hits in self._hits(shadow, first, last):
            at = 0
            while at < len(hits):
                place = bisect_left(ends, hits[at][1])
                end = ends[place] if place < len(ends) else len(shadow)
                beyond = bisect_right(hits, end, at, key=_END)
                while beyond < len(hits) and hits[beyond][1] <= end:
                    beyond += 1  # a word that begins with the mark at which the clause ends
                if targets := self._targets(hits[at:beyond]):
                    start = ends[place - 1] + 1 if place else 0
                    yield self._candidate(start, end, hits[at:beyond], targets)
                at = beyond

    def _hits(self, shadow: str, start: int, end: int) -> Iterator[list[Hit]]:
        """The words in some whole lines, piece by piece."""
        for offset, piece in _pieces(shadow, start, end):
            hits = self.automaton.find_matches_as_indexes(piece, overlapping=True)
            yield [(w, a + offset, b + offset) for w, a, b in hits] if offset else hits

    def _targets(self, hits: Iterable[Hit]) -> list[Target]:
        """What to try in a clause with these words, in order."""
        groups: set[int] = set()
        there = 0
        for word in set(map(_WORD, hits)) & self.slots_of.keys():
            served = self.serves.get(word)
            there |= self._serve(word) if served is None else served
            if word in self.opens:
                groups.update(self.opens[word])
        targets: list[Target] = []
        for group in groups:
            needed = self.needs[group]
            if needed & there == needed:
                targets += self.targets[group]
        targets.sort()
        return targets

    def _candidate(
        self, start: int, end: int, hits: Sequence[Hit], targets: list[Target]
    ) -> Candidate:
        return Candidate(start, end, hits, self.members, self.excepted, targets)

    def in_provisions(
        self, segments: Segments, scope: str, first: int, last: int
    ) -> Iterator[Candidate]:
        """Candidates of whole provisions or titles, which may run over lines."""
        by_span: dict[tuple[int, int], list[Hit]] = {}
        beyond, span = 0, None
        for hit in chain.from_iterable(self._hits(segments.shadow, first, last)):
            if hit[1] >= beyond:
                span, beyond = segments.scope(hit[1], scope), segments.own_end(hit[1])
            if span is not None:
                by_span.setdefault(span, []).append(hit)
        for (start, end), hits in sorted(by_span.items()):
            if targets := self._targets(hits):
                yield self._candidate(start, end, hits, targets)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Some whole lines in pieces that end at a line break, with their positions."""
    while start < end:
        cut = end if end - start <= _PIECE else text.find("\n", start + _PIECE, end) + 1 or end
        yield start, text[start:cut]
        start = cut
