"""Matching: a ruleset over the clauses of a document.

One pass of an automaton over the whole text finds the anchor word of every line of every rule; a line
looks only at the clauses where its anchor stands, and only then is the clause analysed. The anchor
of a sequence is one of its own slots, so nothing that would match is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from checker.anchors import Anchors, Target
from checker.clauses import Clause
from checker.compiled import CompiledRule, Condition, Exemption, Line, Ruleset
from checker.conditions import Site, first_failing
from checker.document import Document, Irregularity
from checker.findings import Finding, Severity, fingerprint
from checker.patterns import Match, Occurrences, Sequence, Slot, join, occurrences
from checker.segments import Segments

#: How many (rank, day) pairs a matcher remembers the applicable rules of.
_KEPT_DAYS = 4096
_RUNNING = frozenset({"shadow", "test", "stable"})


@dataclass(frozen=True, slots=True)
class Exempted:
    """A match that an exemption stopped: rule, original span, name and reason of the exemption."""

    rule: str
    start: int
    end: int
    exemption: str
    why: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Findings of one document in order of position, what was exempted, rules that broke off."""

    findings: tuple[Finding, ...]
    exempted: tuple[Exempted, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a rule did or did not speak at a clause: its address and text, the outcome and reasons."""

    address: str
    clause: str
    state: str
    detail: tuple[str, ...]


class _Outcome(NamedTuple):
    """Result of a line at a clause: the match, and what stopped it, if anything did."""

    match: Match
    failing: Condition | None = None
    exemption: Exemption | None = None


class Matcher:
    """A ruleset made ready; immutable and safe to share between threads.

    ``select`` and ``ignore`` name rules or families; ``shadow`` also runs rules that are only being
    tried out.
    """

    def __init__(
        self, ruleset: Ruleset, *, select: Iterable[str] = (), ignore: Iterable[str] = (),
        shadow: bool = False,
    ) -> None:
        chosen, left_out = frozenset(select), frozenset(ignore)
        self.ruleset = ruleset
        self.rules = tuple(
            rule for rule in ruleset.rules
            if rule.status in _RUNNING and (shadow or rule.status != "shadow")
            and (not chosen or rule.id in chosen or rule.family in chosen)
            and (rule.mandatory or not (rule.id in left_out or rule.family in left_out))
        )
        self.anchors = Anchors(self.rules)
        self._applicable: dict[tuple[str, date], frozenset[int]] = {}

    def check(self, document: Document, as_of: date) -> Matching:
        """Findings of a document, judged by the law in force on ``as_of``."""
        findings: list[tuple[CompiledRule, Finding]] = []
        exempted: list[Exempted] = []
        for rule, clause, outcome in self._outcomes(document, as_of):
            start, end = _span(clause, outcome.match)
            if outcome.exemption is not None and outcome.exemption.effect == "drop":
                exempted.append(Exempted(rule.id, start, end, outcome.exemption.name,
                                         outcome.exemption.why))
            else:
                findings.append((rule, _finding(rule, clause, outcome, as_of)))
        findings.extend(_document_findings(self.rules, document, as_of))
        return Matching(_number(_merge(findings)), tuple(exempted))

    def _outcomes(
        self, document: Document, as_of: date
    ) -> Iterator[tuple[CompiledRule, Clause, _Outcome]]:
        """One outcome a rule and clause: a match that stands, else the first that was exempted."""
        segments = Segments(document)
        running = self._running(document.rank, as_of)
        for (start, end), targets in self.anchors.candidates(segments).items():
            evaluation = Evaluation(segments, start, end)
            for index, lines in groupby(targets, key=itemgetter(0)):
                if index not in running:
                    continue
                outcome = evaluation.first(self.rules[index], lines)
                if outcome is not None and outcome.failing is None:
                    clause = segments.clause(start, end)
                    if clause is not None:
                        yield self.rules[index], clause, outcome

    def _running(self, rank: str, as_of: date) -> frozenset[int]:
        """Indices of the rules that apply to documents of a rank on a day; kept for later ones."""
        key = (rank, as_of)
        found = self._applicable.get(key)
        if found is None:
            found = frozenset(
                i for i, rule in enumerate(self.rules) if _applies(rule, rank, as_of)
            )
            if len(self._applicable) < _KEPT_DAYS:
                self._applicable[key] = found
        return found

    def why(self, document: Document, rule_id: str, as_of: date) -> tuple[Trace, ...]:
        """What the rule saw in each clause that holds a word of it; raises KeyError if unknown."""
        rule = next((rule for rule in self.rules if rule.id == rule_id), None)
        if rule is None:
            raise KeyError(rule_id)
        if not _applies(rule, document.rank, as_of):
            return (Trace("全文", "", "不适用", (_why_not_applicable(rule, document, as_of),)),)
        segments = Segments(document)
        traces = []
        for (start, end), targets in Anchors((rule,)).candidates(segments).items():
            clause = segments.clause(start, end)
            if clause is not None:
                traces.append(_trace(rule, clause, Evaluation(segments, start, end), targets))
        return tuple(traces)


def _applies(rule: CompiledRule, rank: str, as_of: date) -> bool:
    return (not rule.applies or rank in rule.applies) and any(
        basis.in_force(as_of) for basis in rule.basis
    )


def _why_not_applicable(rule: CompiledRule, document: Document, as_of: date) -> str:
    if rule.applies and document.rank not in rule.applies:
        return f"本规则只查{'、'.join(rule.applies)}，这份文件看来是{document.rank}"
    return f"本规则的依据在 {as_of.isoformat()} 都不在施行期内"


class Evaluation:
    """The lines of rules at one clause; where slots stand is found once."""

    def __init__(self, segments: Segments, start: int, end: int) -> None:
        self.segments = segments
        self.start = start
        self.end = end
        self.text = segments.shadow[start:end]
        self.memo: dict[int, Occurrences] = {}  # by identity: the ruleset keeps its slots alive

    def find(self, slot: Slot) -> Occurrences:
        """Where the slot stands in the clause text."""
        spans = self.memo.get(id(slot))
        if spans is None:
            spans = self.memo[id(slot)] = occurrences(slot, self.text)
        return spans

    def first(self, rule: CompiledRule, targets: Iterable[Target]) -> _Outcome | None:
        """First match that stands; else one that was exempted; else one whose condition failed."""
        best: _Outcome | None = None
        clause: Clause | None = None
        for _, line_index, sequence_index in targets:
            line = rule.lines[line_index]
            matches = join(line.sequences[sequence_index], self.find)
            if not matches:
                continue
            clause = clause or self.segments.clause(self.start, self.end)
            if clause is None:
                return None
            for match in self._inside(clause, matches):
                outcome = _judge(rule, line, clause, match)
                if _rank(outcome) > _rank(best):
                    best = outcome
                if _rank(best) == 3:
                    return best
        return best

    def _inside(self, clause: Clause, matches: list[Match]) -> Iterator[Match]:
        """Matches moved to the clause text, which may begin after a label."""
        shift = clause.start - self.start
        for match in matches:
            if match.start >= shift:
                yield match if not shift else Match(
                    match.start - shift, match.end - shift,
                    tuple((a - shift, b - shift) for a, b in match.slots), match.sequence,
                )


def _rank(outcome: _Outcome | None) -> int:
    """3 for a plain match, 2 softened, 1 exempted, 0 failing, -1 none."""
    if outcome is None:
        return -1
    if outcome.failing is not None:
        return 0
    if outcome.exemption is None:
        return 3
    return 2 if outcome.exemption.effect == "review" else 1


def _judge(rule: CompiledRule, line: Line, clause: Clause, match: Match) -> _Outcome:
    site = Site(rule, clause, match)
    failing = first_failing((*line.conditions, *rule.when), site)
    if failing is not None:
        return _Outcome(match, failing)
    softened = None
    for exemption in rule.unless:
        if any(first_failing(way, site) is None for way in exemption.any):
            if exemption.effect == "drop":
                return _Outcome(match, None, exemption)
            softened = softened or exemption
    return _Outcome(match, None, softened)


def _span(clause: Clause, match: Match) -> tuple[int, int]:
    span = clause.document.source.span(clause.start + match.start, clause.start + match.end)
    return span.start, span.end


_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def _fill(template: str, rule: CompiledRule, clause: Clause, match: Match) -> str:
    """Message with {quote}, {clause}, and the words found for each list, measure, act and object."""
    named: dict[str, str] = {"quote": clause.text[match.start:match.end], "clause": clause.text}
    for slot, (start, end) in zip(match.sequence.slots, match.slots, strict=True):
        named.setdefault(slot.label, clause.text[start:end])
    first, last = match.slots[0], match.slots[-1]
    named.setdefault("act", clause.text[first[0]:first[1]])
    named.setdefault("object", clause.text[last[0]:last[1]])
    return _PLACEHOLDER.sub(lambda m: named.get(m[1], named["quote"]), template)


def _finding(rule: CompiledRule, clause: Clause, outcome: _Outcome, as_of: date) -> Finding:
    start, end = _span(clause, outcome.match)
    severity, softened = rule.severity, ""
    if outcome.exemption is not None:
        severity, softened = Severity.INFO, outcome.exemption.why
    source = clause.document.source
    whole = source.span(clause.start, clause.end)
    return Finding(
        rule.id, rule.title, rule.family, severity, start, end, source.text[start:end],
        clause.document.provision_at(start).address,
        _fill(rule.message, rule, clause, outcome.match),
        _fill(rule.advice, rule, clause, outcome.match),
        tuple(b for b in rule.basis if b.in_force(as_of)),
        source.text[whole.start:whole.end], softened=softened,
    )


def _document_findings(
    rules: Iterable[CompiledRule], document: Document, as_of: date
) -> Iterator[tuple[CompiledRule, Finding]]:
    """Findings of rules about the whole text: what is missing, or irregular in form."""
    if not document.source.shadow.strip():
        return
    clause = Clause(document, document.provisions[0], 0, 0, "", ())
    for rule in rules:
        if rule.scope != "document" or not _applies(rule, document.rank, as_of):
            continue
        for line in rule.lines:
            outcome = _judge(rule, line, clause, _NOWHERE)
            if outcome.failing is None and outcome.exemption is None:
                for place in _places(line, clause):
                    yield rule, _document_finding(rule, document, place, as_of)
                break


_NOWHERE = Match(0, 0, ((0, 0),), Sequence((Slot(("",)),), (0,)))


def _places(line: Line, clause: Clause) -> Iterable[Irregularity]:
    """The irregularities a line asks about, or the whole text."""
    kinds = {kind for c in line.conditions if c.word == "irregular" for kind in c.values}
    if not kinds:
        return (Irregularity("", 0, 0, ""),)
    return (place for place in clause.irregularities if place.kind in kinds)


def _document_finding(
    rule: CompiledRule, document: Document, place: Irregularity, as_of: date
) -> Finding:
    quote = document.source.text[place.start:place.end]
    address = document.provision_at(place.start).address if quote else "全文"
    return Finding(
        rule.id, rule.title, rule.family, rule.severity, place.start, place.end, quote, address,
        rule.message.replace("{quote}", quote).replace("{detail}", place.detail), rule.advice,
        tuple(b for b in rule.basis if b.in_force(as_of)),
    )


def _merge(found: list[tuple[CompiledRule, Finding]]) -> list[Finding]:
    """One finding a problem: of one family, overlapping ones become one; a general rule yields."""
    found.sort(key=lambda pair: (pair[0].general, -pair[1].severity.weight,
                                 -(pair[1].end - pair[1].start), pair[1].start, pair[1].rule))
    kept: list[Finding] = []
    also: dict[int, list[str]] = {}
    for rule, finding in found:
        twin = next((i for i, other in enumerate(kept) if _same(other, finding, rule)), None)
        if twin is None:
            kept.append(finding)
        elif finding.rule != kept[twin].rule:
            also.setdefault(twin, []).append(finding.rule)
    return [_with_also(f, also.get(i)) for i, f in enumerate(kept)]


def _same(kept: Finding, finding: Finding, rule: CompiledRule) -> bool:
    if kept.start == kept.end:
        return False
    overlap = kept.start < finding.end and finding.start < kept.end
    if rule.general:
        return kept.clause == finding.clause and kept.address == finding.address
    return kept.family == finding.family and overlap


def _with_also(finding: Finding, also: list[str] | None) -> Finding:
    from dataclasses import replace

    return replace(finding, also=tuple(sorted(set(also)))) if also else finding


def _number(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings in order of position, each with its fingerprint."""
    from dataclasses import replace

    seen: dict[tuple[str, str, str], int] = {}
    numbered = []
    for f in sorted(findings, key=lambda f: (f.start, f.end, f.rule)):
        key = (f.rule, f.address, "".join(f.quote.split()))
        ordinal = seen[key] = seen.get(key, -1) + 1
        numbered.append(replace(f, fingerprint=fingerprint(f.rule, f.address, f.quote, ordinal)))
    return tuple(numbered)


def _trace(
    rule: CompiledRule, clause: Clause, evaluation: Evaluation, targets: list[Target]
) -> Trace:
    outcome = evaluation.first(rule, targets)
    address = clause.provision.address
    if outcome is None:
        missing = dict.fromkeys(
            detail for _, i, j in targets
            for detail in _missing_words(rule.lines[i].sequences[j], evaluation)
        )
        return Trace(address, clause.text, "未命中", tuple(missing))
    quote = clause.text[outcome.match.start:outcome.match.end]
    if outcome.failing is not None:
        return Trace(address, clause.text, "条件不成立",
                     (f"词语“{quote}”已出现", f"条件“{outcome.failing.word}”不成立"))
    if outcome.exemption is not None:
        state = "豁免" if outcome.exemption.effect == "drop" else "降为提示"
        return Trace(address, clause.text, state, (
            f"词语“{quote}”已出现", f"豁免条件“{outcome.exemption.name}”成立：{outcome.exemption.why}"))
    return Trace(address, clause.text, "报告", (f"词语“{quote}”已出现", "没有豁免条件成立"))


def _missing_words(sequence: Sequence, evaluation: Evaluation) -> Iterator[str]:
    absent = [slot.label for slot in sequence.slots if not evaluation.find(slot)]
    if absent:
        yield f"缺少“{'”“'.join(absent)}”"
    else:
        words = " … ".join(slot.label for slot in sequence.slots)
        yield f"“{words}”都在，但次序或者间隔不合"
