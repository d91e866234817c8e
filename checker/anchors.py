"""Anchors: the one word of each sequence by which a single pass over the text finds its clauses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from checker.compiled import CompiledRule
from checker.patterns import Sequence, Slot
from checker.resources import resource
from checker.segments import Segments

#: rule index -> (line, sequence) pairs whose anchor stands in a clause
Candidates = dict[int, set[tuple[int, int]]]


class Anchors:
    """The anchor words of some rules in one automaton."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        from ahocorasick_rs import AhoCorasick

        targets: dict[str, list[tuple[str, int, int, int]]] = {}
        for i, rule in enumerate(rules):
            if rule.scope == "document":
                continue
            for j, line in enumerate(rule.lines):
                for k, sequence in enumerate(line.sequences):
                    for word in _rarest(sequence).words:
                        targets.setdefault(word, []).append((rule.scope, i, j, k))
        self.words = tuple(targets)
        self.targets = tuple(tuple(found) for found in targets.values())
        self.automaton: Any = AhoCorasick(self.words) if self.words else None

    def candidates(self, segments: Segments) -> dict[tuple[int, int], Candidates]:
        """Clauses (shadow spans) in which anchors stand, with the lines to try there."""
        found: dict[tuple[int, int], Candidates] = {}
        if self.automaton is None:
            return found
        hits = self.automaton.find_matches_as_indexes(segments.shadow, overlapping=True)
        for word, start, _ in hits:
            for scope, rule, line, sequence in self.targets[word]:
                span = segments.scope(start, scope)
                if span is not None:
                    found.setdefault(span, {}).setdefault(rule, set()).add((line, sequence))
        return found


def _rarest(sequence: Sequence) -> Slot:
    """The slot with words that is expected to stand in the fewest places."""
    return min((slot for slot in sequence.slots if slot.words), key=_expected)


def _expected(slot: Slot) -> float:
    table = _frequencies()
    return sum(table.get(word) or _unseen(word) for word in slot.words)


def _unseen(word: str) -> float:
    """Guess for a word that the table does not hold: each further character makes it rarer."""
    return 40.0 / 4 ** max(len(word) - 1, 0)


@cache
def _frequencies() -> dict[str, float]:
    """Occurrences of common words per million characters, counted on documents of other offices."""
    path = resource("rulesets", "frequencies.json")
    table: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return table
