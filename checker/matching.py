"""Matching: a ruleset over the clauses of a document.

One pass of an automaton over the whole text finds the anchor word of every line of every rule; a line
looks only at the clauses where its anchor stands, and only then is the clause analysed. The anchor
of a sequence is one of its own slots, so nothing that would match is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from checker.anchors import SCOPES, Anchors, Candidate
from checker.blocks import LOCAL_SCOPES, Block, cut_blocks, outlook
from checker.citations import citations_of
from checker.clauses import Clause
from checker.compiled import CompiledRule, Exemption, Line, Ruleset
from checker.conditions import WIDE_WORDS, Site, conditions_of, holds
from checker.document import Document, Irregularity
from checker.evaluation import Evaluation, Outcome, judge
from checker.findings import Finding, Severity
from checker.memory import Memory
from checker.merging import merge
from checker.passages import PassageReader
from checker.patterns import Match, Sequence, Slot, words_in, words_of
from checker.segments import Segments
from checker.traces import Trace, trace

if TYPE_CHECKING:
    from checker.lawstore import LawStore

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


class Placed(NamedTuple):
    """An outcome of a rule (by index): shadow spans of clause and match, what stopped it, if anything.

    ``message`` and ``advice`` are filled in, but for a match that an exemption drops.
    """

    rule: int
    start: int
    end: int
    match_start: int
    match_end: int
    exemption: Exemption | None
    message: str
    advice: str

    def moved(self, by: int) -> Placed:
        """The same so many characters further on."""
        return Placed(
            self.rule,
            self.start + by,
            self.end + by,
            self.match_start + by,
            self.match_end + by,
            self.exemption,
            self.message,
            self.advice,
        )


class Matcher:
    """A ruleset made ready; immutable and safe to share between threads.

    ``select`` and ``ignore`` name rules or families; ``shadow`` also runs rules that are only being
    tried out; ``store`` holds the texts of laws, for rules on what a cited provision says.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        *,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        shadow: bool = False,
        store: LawStore | None = None,
    ) -> None:
        chosen, left_out = frozenset(select), frozenset(ignore)
        self.ruleset = ruleset
        self._store = store
        self.rules = tuple(
            rule
            for rule in ruleset.rules
            if rule.status in _RUNNING
            and (shadow or rule.status != "shadow")
            and (not chosen or rule.id in chosen or rule.family in chosen)
            and (rule.mandatory or not (rule.id in left_out or rule.family in left_out))
        )
        self.anchors = Anchors(self.rules)
        missing = (c for rule in self.rules for c in conditions_of(rule) if c.word == "missing")
        self._wide_words = words_of(q for condition in missing for q in condition.sequences)
        #: Between two of these days the same provisions are in force.
        self._turns = _turns(self.rules)
        self._applicable: dict[tuple[str, int], frozenset[int]] = {}
        self._distinct: dict[frozenset[int], frozenset[int]] = {}

    def check(
        self,
        document: Document,
        as_of: date,
        today: date | None = None,
        memory: Memory | None = None,
    ) -> Matching:
        """Findings of a document, judged by the law in force on ``as_of``.

        With ``today`` also those of rules whose basis began later: what would be asked about now.
        With ``memory`` what earlier checks found in unchanged provisions is used again; the findings
        are the same.
        """
        findings: list[tuple[CompiledRule, Finding]] = []
        exempted: list[Exempted] = []
        running = self._running(document.rank, as_of)
        if today is not None:
            running |= self._running(document.rank, today)
        whole = self._whole(document, as_of, memory)
        for hit in self._found(whole, running, memory):
            rule, stopped = self.rules[hit.rule], hit.exemption
            if stopped is not None and stopped.effect == "drop":
                span = document.source.span(hit.match_start, hit.match_end)
                exempted.append(Exempted(rule.id, *span, stopped.name, stopped.why))
            else:
                finding = _finding(rule, document, hit, as_of)
                findings.append((rule, finding if finding.basis else _later(rule, finding, as_of)))
        findings.extend(_document_findings(self.rules, whole, as_of))
        exempted.sort(key=lambda e: (e.start, e.end, e.rule))
        return Matching(merge(findings), tuple(exempted))

    def _whole(self, document: Document, as_of: date, memory: Memory | None) -> Clause:
        """The clause at which rules about the whole document are judged."""
        cite = cache(PassageReader(memory)) if memory is not None else citations_of
        words = words_in(self._wide_words, document.source.shadow)
        top = document.provisions[0]
        return Clause(document, top, 0, 0, "", (), as_of, self._store, cite=cite, words=words)

    def _found(
        self, whole: Clause, running: frozenset[int], memory: Memory | None
    ) -> Iterator[Placed]:
        """Every hit; those of blocks that the memory knows are not worked out again."""
        segments = Segments(whole.document)
        if memory is None:
            yield from self._outcomes(segments, running, self.anchors.candidates(segments))
            return
        blocks = list(cut_blocks(segments, self._asker(whole, running)))
        known = memory.recall(block.key for block in blocks)
        answers: list[Iterable[Placed]] = []
        pairs = zip(blocks, known, strict=True)
        for old, stretch in groupby(pairs, lambda pair: pair[1] is not None):
            if old:
                answers += (hits or () for _, hits in stretch)
            else:
                fresh = [block for block, _ in stretch]
                new = self._answers(segments, running, fresh)
                memory.keep(zip((block.key for block in fresh), new, strict=True))
                answers += new
        for block, hits in zip(blocks, answers, strict=True):
            yield from (hit.moved(block.base) for hit in hits)
        wide = self.anchors.candidates(segments, scopes=set(SCOPES) - LOCAL_SCOPES)
        yield from self._outcomes(segments, running, wide)

    def _answers(
        self, segments: Segments, running: frozenset[int], blocks: list[Block]
    ) -> list[list[Placed]]:
        """The hits in each of some blocks that follow each other, counted from its base."""
        starts = [block.start for block in blocks]
        found: list[list[Placed]] = [[] for _ in blocks]
        lines = (starts[0], blocks[-1].end)
        candidates = self.anchors.candidates(segments, lines, LOCAL_SCOPES)
        for hit in self._outcomes(segments, running, candidates):
            i = bisect_right(starts, hit.start) - 1
            found[i].append(hit.moved(-blocks[i].base))
        return found

    def _outcomes(
        self, segments: Segments, running: frozenset[int], candidates: Iterable[Candidate]
    ) -> Iterator[Placed]:
        """One hit a rule and clause: a match that stands, else the first that was exempted."""
        for candidate in candidates:
            evaluation = Evaluation(segments, candidate)
            for index, targets in groupby(candidate.targets, key=itemgetter(0)):
                if index not in running:
                    continue
                outcome = evaluation.best(self.rules[index], targets)
                if outcome is not None and outcome.failing is None:
                    clause = segments.clause(candidate.start, candidate.end)
                    if clause is not None:
                        yield _placed(self.rules[index], index, clause, outcome)

    def _asker(self, whole: Clause, running: frozenset[int]) -> str:
        """What all outcomes in a document rest on: the rules that run, and what they see of it."""
        rules = [self.rules[i] for i in sorted(running)]
        inner = replace(whole, day=None)  # a clause knows of no day
        ruleset = (self.ruleset.version, [rule.id for rule in self.rules], sorted(running))
        answers = [
            holds(condition, Site(rule, inner, _NOWHERE))
            for rule in rules
            if rule.scope in LOCAL_SCOPES
            for condition in conditions_of(rule)
            if condition.word in WIDE_WORDS
        ]
        seen = repr((ruleset, outlook(whole.document), answers))
        return sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()

    def _running(self, rank: str, as_of: date) -> frozenset[int]:
        """Indices of the rules that apply to documents of a rank on a day; kept for later ones."""
        key = (rank, bisect_right(self._turns, as_of.toordinal()))
        found = self._applicable.get(key)
        if found is None:
            found = frozenset(i for i, rule in enumerate(self.rules) if _applies(rule, rank, as_of))
            # Few stretches of days differ in their rules: equal sets are kept once.
            self._applicable[key] = found = self._distinct.setdefault(found, found)
        return found

    def why(self, document: Document, rule_id: str, as_of: date) -> tuple[Trace, ...]:
        """What the rule saw in each clause that holds a word of it; raises KeyError if unknown."""
        rule = next((rule for rule in self.rules if rule.id == rule_id), None)
        if rule is None:
            raise KeyError(rule_id)
        if not _applies(rule, document.rank, as_of):
            return (Trace("全文", "", "不适用", (_why_not_applicable(rule, document, as_of),)),)
        return trace(rule, document)


def _turns(rules: Iterable[CompiledRule]) -> list[int]:
    """The days (ordinals) from which something else is in force than the day before, in order."""
    bases = [basis for rule in rules for basis in rule.basis]
    starts = {basis.start.toordinal() for basis in bases if basis.start}
    return sorted(starts | {basis.end.toordinal() + 1 for basis in bases if basis.end})


def _applies(rule: CompiledRule, rank: str, as_of: date) -> bool:
    return (not rule.applies or rank in rule.applies) and any(
        basis.in_force(as_of) for basis in rule.basis
    )


def _why_not_applicable(rule: CompiledRule, document: Document, as_of: date) -> str:
    if rule.applies and document.rank not in rule.applies:
        return f"本规则只查{'、'.join(rule.applies)}，这份文件看来是{document.rank}"
    return f"本规则的依据在 {as_of.isoformat()} 都不在施行期内"


_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def _fill(template: str, rule: CompiledRule, clause: Clause, match: Match) -> str:
    """Message with {quote}, {clause}, and the words found for each list, measure, act and object."""
    named: dict[str, str] = {"quote": clause.text[match.start : match.end], "clause": clause.text}
    for slot, (start, end) in zip(match.sequence.slots, match.slots, strict=True):
        named.setdefault(slot.label, clause.text[start:end])
    first, last = match.slots[0], match.slots[-1]
    named.setdefault("act", clause.text[first[0] : first[1]])
    named.setdefault("object", clause.text[last[0] : last[1]])
    return _PLACEHOLDER.sub(lambda m: named.get(m[1], named["quote"]), template)


def _placed(rule: CompiledRule, index: int, clause: Clause, outcome: Outcome) -> Placed:
    match, exemption = outcome.match, outcome.exemption
    dropped = exemption is not None and exemption.effect == "drop"
    return Placed(
        index,
        clause.start,
        clause.end,
        clause.start + match.start,
        clause.start + match.end,
        exemption,
        "" if dropped else _fill(rule.message, rule, clause, match),
        "" if dropped else _fill(rule.advice, rule, clause, match),
    )


def _finding(rule: CompiledRule, document: Document, hit: Placed, as_of: date) -> Finding:
    source = document.source
    start, end = source.span(hit.match_start, hit.match_end)
    severity, softened = rule.severity, ""
    if hit.exemption is not None:
        severity, softened = Severity.INFO, hit.exemption.why
    whole = source.span(hit.start, hit.end)
    return Finding(
        rule.id,
        rule.title,
        rule.family,
        severity,
        start,
        end,
        source.text[start:end],
        document.provision_at(start).address,
        hit.message,
        hit.advice,
        tuple(b for b in rule.basis if b.in_force(as_of)),
        source.text[whole.start : whole.end],
        softened=softened,
    )


def _later(rule: CompiledRule, finding: Finding, as_of: date) -> Finding:
    """A finding of a rule whose basis did not yet hold when the document was made: a hint."""
    return replace(
        finding,
        severity=Severity.INFO,
        basis=tuple(b for b in rule.basis if b.start is None or b.start > as_of),
        softened=f"{as_of} 还没有这项依据，按今天的规定才适用",
    )


def _document_findings(
    rules: Iterable[CompiledRule], clause: Clause, as_of: date
) -> Iterator[tuple[CompiledRule, Finding]]:
    """Findings of rules about the whole text: what is missing, or irregular in form."""
    document = clause.document
    if not document.source.shadow.strip():
        return
    for rule in rules:
        if rule.scope != "document" or not _applies(rule, document.rank, as_of):
            continue
        for line in rule.lines:
            outcome = judge(rule, line, clause, _NOWHERE)
            if outcome.failing is None and outcome.exemption is None:
                for place in _places(line, clause):
                    yield rule, _document_finding(rule, document, place, as_of)
                break


_NOWHERE = Match(0, 0, ((0, 0),), Sequence((Slot(("",)),), (0,)))


def _places(line: Line, clause: Clause) -> Iterable[Irregularity]:
    """The places a line asks about, or the whole text."""
    asked = [(_PLACED[c.word](clause), c.values) for c in line.conditions if c.word in _PLACED]
    if not asked:
        return (Irregularity("", 0, 0, ""),)
    return [place for places, kinds in asked for place in places if place.kind in kinds]


#: Condition words that name places of the document, and where a document-level clause has them.
_PLACED: dict[str, Callable[[Clause], tuple[Irregularity, ...]]] = {
    "irregular": lambda clause: clause.irregularities,
    "reference": lambda clause: clause.base_problems,
    "validity": lambda clause: clause.validity_problems,
}


def _document_finding(
    rule: CompiledRule, document: Document, place: Irregularity, as_of: date
) -> Finding:
    quote = document.source.text[place.start : place.end]
    address = document.provision_at(place.start).address if quote else "全文"
    return Finding(
        rule.id,
        rule.title,
        rule.family,
        Severity.INFO if place.doubt else rule.severity,
        place.start,
        place.end,
        quote,
        address,
        rule.message.replace("{quote}", quote.replace("\n", "")).replace("{detail}", place.detail),
        rule.advice,
        (place.basis,) if place.basis else tuple(b for b in rule.basis if b.in_force(as_of)),
        _sentence(document.source.text, place) if quote else "",
        softened=place.doubt,
    )


def _sentence(text: str, place: Irregularity) -> str:
    """The clause around a place, at most a line."""
    before = _CLAUSE_END.split(text[max(0, place.start - _AROUND) : place.start])[-1]
    after = _CLAUSE_END.split(text[place.end : place.end + _AROUND])[0]
    return before + text[place.start : place.end] + after


_CLAUSE_END = re.compile("[。；！？\n]")
_AROUND = 300
