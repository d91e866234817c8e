"""Anchors: the one word of each sequence by which a single pass over the text finds its clauses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.compiled import CompiledRule
from checker.segments import Segments

#: (rule, line, sequence), each an index into what it belongs to.
Target = tuple[int, int, int]
#: Shadow span of a clause (or other scope) -> what to try there, in order.
Candidates = dict[tuple[int, int], list[Target]]


class Anchors:
    """The anchor words of some rules in one automaton."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        from ahocorasick_rs import AhoCorasick

        targets: dict[str, dict[str, list[Target]]] = {}
        for i, rule in enumerate(rules):
            if rule.scope == "document":
                continue
            for j, line in enumerate(rule.lines):
                for k, sequence in enumerate(line.sequences):
                    for word in sequence.slots[sequence.anchor].words:
                        by_scope = targets.setdefault(word, {})
                        by_scope.setdefault(rule.scope, []).append((i, j, k))
        self.targets = tuple(tuple(by_scope.items()) for by_scope in targets.values())
        self.automaton: Any = AhoCorasick(tuple(targets)) if targets else None

    def candidates(self, segments: Segments) -> Candidates:
        """Clauses (shadow spans, rising) in which anchors stand, with what to try there."""
        if self.automaton is None:
            return {}
        words: dict[tuple[int, int], set[tuple[int, int]]] = {}
        hits = self.automaton.find_matches_as_indexes(segments.shadow, overlapping=True)
        for word, start, _ in hits:
            for which, (scope, _) in enumerate(self.targets[word]):
                span = segments.scope(start, scope)
                if span is not None:
                    words.setdefault(span, set()).add((word, which))
        found: Candidates = {}
        for span in sorted(words):
            tried = {t for word, which in words[span] for t in self.targets[word][which][1]}
            found[span] = sorted(tried)
        return found
