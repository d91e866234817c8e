"""Compiled rules: what the matcher runs, and its JSON form for the cache.

Plain frozen objects without behaviour; a rule file becomes one :class:`CompiledRule`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from checker.findings import Basis, Severity
from checker.patterns import Sequence, Slot

#: Grows with every change of the JSON form or of how rules compile, so that old caches are not read.
FORMAT = 6


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition word with its patterns, values or limits; see :mod:`checker.conditions`."""

    word: str
    sequences: tuple[Sequence, ...] = ()
    values: tuple[str, ...] = ()
    above: float | None = None
    below: float | None = None
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One alternative of ``find``: any of the sequences, and all of the conditions."""

    sequences: tuple[Sequence, ...]
    conditions: tuple[Condition, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """What makes a matched clause lawful: any of the alternatives, each a set of conditions."""

    name: str
    why: str
    any: tuple[tuple[Condition, ...], ...]
    effect: str = "drop"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run."""

    id: str
    title: str
    family: str
    severity: Severity
    status: str
    scope: str
    basis: tuple[Basis, ...]
    message: str
    advice: str
    when: tuple[Condition, ...]
    lines: tuple[Line, ...]
    unless: tuple[Exemption, ...]
    applies: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    general: str = ""
    mandatory: bool = False
    once: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Rules in order of id, the titles of their families, and a version made of their content."""

    rules: tuple[CompiledRule, ...]
    families: dict[str, str]
    version: str

    def rule(self, rule_id: str) -> CompiledRule | None:
        """Rule of an id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


class _Pool:
    """Words, slots, sequences, conditions and exemptions stored once each, named by their index.

    What rules of a family share is one object then, and what it says of a clause is asked once.
    """

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.slots: dict[Slot, int] = {}
        self.sequences: dict[Sequence, int] = {}
        self.conditions: dict[Condition, int] = {}
        self.exemptions: dict[Exemption, int] = {}

    def sequence(self, sequence: Sequence) -> int:
        for slot in sequence.slots:
            self.slots.setdefault(slot, len(self.slots))
            for word in (*slot.words, *slot.excepted):
                self.words.setdefault(word, len(self.words))
        return self.sequences.setdefault(sequence, len(self.sequences))

    def condition(self, condition: Condition) -> int:
        for sequence in condition.sequences:
            self.sequence(sequence)
        return self.conditions.setdefault(condition, len(self.conditions))

    def exemption(self, exemption: Exemption) -> int:
        for way in exemption.any:
            for condition in way:
                self.condition(condition)
        return self.exemptions.setdefault(exemption, len(self.exemptions))


def dump(ruleset: Ruleset) -> dict[str, Any]:
    """JSON-ready form of a ruleset."""
    pool = _Pool()
    rules = [_dump_rule(rule, pool) for rule in ruleset.rules]
    return {
        "format": FORMAT,
        "version": ruleset.version,
        "families": ruleset.families,
        "words": list(pool.words),
        "slots": [
            [
                [pool.words[word] for word in s.words],
                s.measure,
                s.label,
                [pool.words[word] for word in s.excepted],
            ]
            for s in pool.slots
        ],
        "sequences": [[[pool.slots[s] for s in q.slots], q.gaps, q.anchor] for q in pool.sequences],
        "conditions": [
            [c.word, [pool.sequences[q] for q in c.sequences], c.values, c.above, c.below, c.flag]
            for c in pool.conditions
        ],
        "exemptions": [
            [e.name, e.why, [[pool.conditions[c] for c in way] for way in e.any], e.effect]
            for e in pool.exemptions
        ],
        "rules": rules,
    }


def _dump_rule(rule: CompiledRule, pool: _Pool) -> list[Any]:
    def conditions(items: tuple[Condition, ...]) -> list[int]:
        return [pool.condition(c) for c in items]

    return [
        rule.id,
        rule.title,
        rule.family,
        rule.severity.value,
        rule.status,
        rule.scope,
        [
            [b.law, b.at, b.number, b.start and b.start.isoformat(), b.end and b.end.isoformat()]
            for b in rule.basis
        ],
        rule.message,
        rule.advice,
        conditions(rule.when),
        [
            [[pool.sequence(q) for q in line.sequences], conditions(line.conditions), line.labels]
            for line in rule.lines
        ],
        [pool.exemption(e) for e in rule.unless],
        rule.applies,
        rule.ranks,
        rule.checks,
        rule.general,
        rule.mandatory,
        rule.once,
        rule.origin,
    ]


def load(data: dict[str, Any]) -> Ruleset:
    """Ruleset of its JSON form. Raises KeyError, ValueError, TypeError or IndexError if malformed."""
    if data["format"] != FORMAT:
        raise ValueError("format")
    word = data["words"].__getitem__
    slots = [
        Slot(tuple(map(word, words)), measure, label, tuple(map(word, excepted)))
        for words, measure, label, excepted in data["slots"]
    ]
    sequences = [Sequence(tuple(slots[i] for i in s), tuple(g), a) for s, g, a in data["sequences"]]
    conditions = [
        Condition(word, tuple(sequences[i] for i in q), tuple(values), *limits)
        for word, q, values, *limits in data["conditions"]
    ]
    exemptions = [
        Exemption(name, why, tuple(tuple(conditions[i] for i in way) for way in ways), effect)
        for name, why, ways, effect in data["exemptions"]
    ]
    rules = tuple(_load_rule(row, sequences, conditions, exemptions) for row in data["rules"])
    return Ruleset(rules, dict(data["families"]), data["version"])


def _load_rule(
    row: list[Any],
    sequences: list[Sequence],
    conditions: list[Condition],
    exemptions: list[Exemption],
) -> CompiledRule:
    """Rule of its row, in the order of :func:`_dump_rule`."""
    id_, title, family, severity, status, scope, basis, message, advice, when, lines, *rest = row
    unless, applies, ranks, checks, general, mandatory, once, origin = rest

    return CompiledRule(
        id_, title, family, Severity(severity), status, scope,
        tuple(Basis(law, at, number, _day(a), _day(b)) for law, at, number, a, b in basis),
        message, advice, tuple(conditions[i] for i in when),
        tuple(
            Line(tuple(sequences[i] for i in q), tuple(conditions[i] for i in c), tuple(labels))
            for q, c, labels in lines
        ),
        tuple(exemptions[i] for i in unless),
        tuple(applies), tuple(ranks), tuple(checks), general, mandatory, once, origin,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
