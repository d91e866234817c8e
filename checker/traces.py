"""Traces: why a rule did or did not speak, clause by clause; for `checker why`.

Goes over every clause without prefilter, and calls the same judgement as the matcher.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.clauses import Clause
from checker.compiled import CompiledRule
from checker.document import Document
from checker.evaluation import Outcome, judge
from checker.patterns import Sequence, find_all, occurrences
from checker.segments import Segments


@dataclass(frozen=True, slots=True)
class Trace:
    """What a rule saw in one clause: its address and text, the outcome and reasons in Chinese."""

    address: str
    clause: str
    state: str
    detail: tuple[str, ...]


def trace(rule: CompiledRule, document: Document) -> tuple[Trace, ...]:
    """Traces of every clause that holds the most telling word of one of the rule's lines."""
    segments = Segments(document)
    traces = []
    for start, end in segments.every(rule.scope):
        clause = segments.clause(start, end)
        if clause is not None and _concerned(rule, clause):
            traces.append(_trace(rule, clause))
    return tuple(traces)


def _sequences(rule: CompiledRule) -> Iterator[Sequence]:
    for line in rule.lines:
        yield from line.sequences


def _concerned(rule: CompiledRule, clause: Clause) -> bool:
    return any(occurrences(q.slots[q.anchor], clause.text) for q in _sequences(rule))


def _best(rule: CompiledRule, clause: Clause) -> Outcome | None:
    outcomes = [
        judge(rule, line, clause, match)
        for line in rule.lines
        for match in find_all(line.sequences, clause.text)
    ]
    return max(outcomes, key=lambda outcome: outcome.standing, default=None)


def _trace(rule: CompiledRule, clause: Clause) -> Trace:
    address = clause.provision.address
    outcome = _best(rule, clause)
    if outcome is None:
        missing = dict.fromkeys(
            _missing_words(q, clause.text)
            for q in _sequences(rule)
            if occurrences(q.slots[q.anchor], clause.text)
        )
        return Trace(address, clause.text, "未命中", tuple(missing))
    found = f"词语“{clause.text[outcome.match.start : outcome.match.end]}”已出现"
    if outcome.failing is not None:
        return Trace(
            address, clause.text, "条件不成立", (found, f"条件“{outcome.failing.word}”不成立")
        )
    if outcome.exemption is not None:
        state = "豁免" if outcome.exemption.effect == "drop" else "降为提示"
        reason = f"豁免条件“{outcome.exemption.name}”成立：{outcome.exemption.why}"
        return Trace(address, clause.text, state, (found, reason))
    return Trace(address, clause.text, "报告", (found, "没有豁免条件成立"))


def _missing_words(sequence: Sequence, text: str) -> str:
    absent = [slot.label for slot in sequence.slots if not occurrences(slot, text)]
    if absent:
        return f"缺少“{'”“'.join(absent)}”"
    words = " … ".join(slot.label for slot in sequence.slots)
    return f"“{words}”都在，但次序或者间隔不合"
