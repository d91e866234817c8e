"""Evaluation: the lines of rules at one clause; conditions and exemptions decide what stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from checker.anchors import Candidate, Target
from checker.clauses import Clause
from checker.compiled import CompiledRule, Condition, Exemption, Line
from checker.conditions import Site, first_failing
from checker.patterns import Match, Occurrences, Slot, join, measured, uncovered
from checker.segments import Segments

#: In one clause a pattern is judged at no more places than this: real clauses have a few, and a text
#: that repeats one phrase without end must not cost more than its length.
_MOST_MATCHES = 24


class Outcome(NamedTuple):
    """A match at a clause (positions in the clause text), and what stopped it, if anything did."""

    match: Match
    failing: Condition | None = None
    exemption: Exemption | None = None

    @property
    def standing(self) -> int:
        """3 a plain match, 2 one that is only softened, 1 an exempted one, 0 one that fails."""
        if self.failing is not None:
            return 0
        if self.exemption is None:
            return 3
        return 2 if self.exemption.effect == "review" else 1


class Evaluation:
    """One candidate clause; where slots stand is worked out once."""

    def __init__(self, segments: Segments, candidate: Candidate) -> None:
        self.segments = segments
        self.candidate = candidate
        self.start = segments.body(candidate.start)
        self._ready: dict[int, Occurrences] = {}
        self._words: dict[int, Occurrences] = {}
        for word, start, end in candidate.hits:
            if start >= self.start:
                self._words.setdefault(word, []).append((start, end))

    def spans(self, slot: Slot, index: int) -> Occurrences:
        """Where a slot stands in the clause, in order; shadow positions."""
        spans = self._ready.get(index)
        if spans is None:
            spans = self._ready[index] = self._spans(slot, index)
        return spans

    def _spans(self, slot: Slot, index: int) -> Occurrences:
        candidate = self.candidate
        if slot.measure:
            shadow = self.segments.shadow
            return measured(slot.measure, shadow, self.start, candidate.end)
        spans = self._standing(candidate.members[index])
        excepted = candidate.excepted[index]
        if excepted:
            covers = self._standing(excepted)
            spans = uncovered(spans, [span for span in covers if span[1] <= candidate.end])
        return spans

    def _standing(self, words: frozenset[int]) -> Occurrences:
        found = [spans for word, spans in self._words.items() if word in words]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))

    def matches(self, rule: CompiledRule, target: Target) -> Iterator[Match]:
        """Tightest matches of a target, by rising start; shadow positions."""
        sequence = rule.lines[target.line].sequences[target.sequence]
        return join(sequence, map(self.spans, sequence.slots, target.slots))

    def best(self, rule: CompiledRule, targets: Iterable[Target]) -> Outcome | None:
        """First match that stands; else a softened, an exempted, a failing one; None without match."""
        best: Outcome | None = None
        clause: Clause | None = None
        for target in targets:
            line = rule.lines[target.line]
            judged = 0
            for match in self.matches(rule, target):
                clause = clause or self.segments.clause(self.candidate.start, self.candidate.end)
                if clause is None:
                    return None
                if match.start < clause.start:
                    continue  # in the label
                outcome = judge(rule, line, clause, _inside(clause, match))
                if best is None or outcome.standing > best.standing:
                    best = outcome
                if best.standing == 3:
                    return best
                judged += 1
                if judged == _MOST_MATCHES:
                    break
        return best


def _inside(clause: Clause, match: Match) -> Match:
    """The match in positions of the clause text."""
    shift = clause.start
    slots = tuple((a - shift, b - shift) for a, b in match.slots)
    return Match(match.start - shift, match.end - shift, slots, match.sequence)


def judge(rule: CompiledRule, line: Line, clause: Clause, match: Match) -> Outcome:
    """What the conditions and exemptions of a rule say of a match of one of its lines."""
    site = Site(rule, clause, match)
    failing = first_failing((*line.conditions, *rule.when), site)
    if failing is not None:
        return Outcome(match, failing)
    softened = None
    for exemption in rule.unless:
        if any(first_failing(way, site) is None for way in exemption.any):
            if exemption.effect == "drop":
                return Outcome(match, None, exemption)
            softened = softened or exemption
    return Outcome(match, None, softened)
