"""Anchors: one pass over a text finds every word of every rule, and with them the clauses to look at.

All words of all slots lie in one automaton. In a clause where the rarest slot of a sequence (its
anchor) stands, the sequence is a candidate if its other slots stand there too; so nothing that would
match is passed over, and where each slot stands is known without looking again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any, NamedTuple

from checker.compiled import CompiledRule
from checker.patterns import Occurrences, Slot
from checker.segments import Segments


class Target(NamedTuple):
    """A sequence of a rule's line, each an index into what it belongs to; and its slots' indices."""

    rule: int
    line: int
    sequence: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause (or other scope) in which sequences may stand.

    ``words`` holds where each word (by index) stands, in positions of the shadow text; ``members``
    the words of each slot; ``targets`` what to try, in order.
    """

    start: int
    end: int
    words: dict[int, Occurrences]
    members: Sequence[frozenset[int]]
    targets: list[Target]

    def spans(self, slot: int) -> Occurrences:
        """Where any word of a slot stands, in order."""
        members = self.members[slot]
        found = [self.words[word] for word in self.words if word in members]
        if len(found) == 1 and len(found[0]) == 1:
            return found[0]
        return sorted(span for spans in found for span in spans)


#: Texts longer than this are searched in pieces that end at a line break, to bound memory.
_PIECE = 100_000


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

    def candidates(self, segments: Segments) -> Iterator[Candidate]:
        """Candidates in order of position."""
        streams = [
            words.in_lines(segments, scope)
            if scope in ("clause", "sentence")
            else words.in_provisions(segments, scope)
            for scope, words in self.scopes
        ]
        return merge(*streams, key=lambda candidate: (candidate.start, candidate.end))


class _Words:
    """The words of rules of one scope in one automaton, and the sequences that each may anchor."""

    def __init__(self) -> None:
        self.slots: dict[Slot, int] = {}
        self.by_identity: dict[int, int] = {}  # a slot's hash reads all its words: ask it once
        self.words: dict[str, int] = {}
        self.members: list[frozenset[int]] = []
        self.anchored: dict[int, dict[tuple[int, ...], list[Target]]] = {}
        self.automaton: Any = None

    def slot(self, slot: Slot) -> int:
        """Index of a slot; its words are indexed with it."""
        index = self.by_identity.get(id(slot))
        if index is not None:
            return index
        index = self.slots.get(slot)
        if index is None:
            index = self.slots[slot] = len(self.members)
            self.members.append(
                frozenset(self.words.setdefault(word, len(self.words)) for word in slot.words)
            )
        self.by_identity[id(slot)] = index
        return index

    def add(self, target: Target, anchor: int) -> None:
        """Have the words of the anchor slot look for the other slots of the target."""
        first = target.slots[anchor]
        others = {i for i in target.slots if i != first and self.members[i]}
        needed = tuple(sorted(others, key=lambda i: len(self.members[i])))
        for word in self.members[first]:
            self.anchored.setdefault(word, {}).setdefault(needed, []).append(target)

    def ready(self) -> _Words:
        """Build the automaton, once all is added."""
        from ahocorasick_rs import AhoCorasick

        self.by_identity.clear()
        self.automaton = AhoCorasick(tuple(self.words))
        return self

    def in_lines(self, segments: Segments, scope: str) -> Iterator[Candidate]:
        """Candidates of a scope that never goes over a line break."""
        shadow, ends = segments.shadow, segments.ends(scope)
        last = -1
        words: dict[int, Occurrences] = {}
        for offset, piece in _pieces(shadow):
            for word, start, end in self.automaton.find_matches_as_indexes(piece, overlapping=True):
                if start + offset > last:
                    if words:
                        yield from self._candidate(*segments.bounds(last, scope), words)
                    index = bisect_left(ends, start + offset)
                    last = ends[index] if index < len(ends) else len(shadow)
                    words = {}
                if word in words:
                    words[word].append((start + offset, end + offset))
                else:
                    words[word] = [(start + offset, end + offset)]
        if words:
            yield from self._candidate(*segments.bounds(last, scope), words)

    def _candidate(
        self, start: int, end: int, words: dict[int, Occurrences]
    ) -> Iterator[Candidate]:
        """The clause with what to try in it, if anything."""
        targets: set[Target] = set()
        present: dict[int, bool] = {}
        for word in words:
            if word not in self.anchored:
                continue
            for needed, waiting in self.anchored[word].items():
                for slot in needed:
                    there = present.get(slot)
                    if there is None:
                        there = present[slot] = not self.members[slot].isdisjoint(words)
                    if not there:
                        break
                else:
                    targets.update(waiting)
        if targets:
            yield Candidate(start, end, words, self.members, sorted(targets))

    def in_provisions(self, segments: Segments, scope: str) -> Iterator[Candidate]:
        """Candidates of whole provisions or titles, which may run over lines."""
        by_span: dict[tuple[int, int], dict[int, Occurrences]] = {}
        hits = self.automaton.find_matches_as_indexes(segments.shadow, overlapping=True)
        for word, start, end in hits:
            span = segments.scope(start, scope)
            if span is not None:
                by_span.setdefault(span, {}).setdefault(word, []).append((start, end))
        for (start, end), words in sorted(by_span.items()):
            yield from self._candidate(start, end, words)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that end at a line break, with their positions."""
    if len(text) <= _PIECE:
        yield 0, text
        return
    start = 0
    while start < len(text):
        cut = text.find("\n", start + _PIECE) + 1 or len(text)
        yield start, text[start:cut]
        start = cut
