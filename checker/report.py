"""Report: what was found in one document, what was looked at, and what was not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from checker.findings import Basis, Finding, Severity

if TYPE_CHECKING:
    from checker.document import Document
    from checker.particulars import Particulars
    from checker.procedure import StepResult
    from checker.sources.limits import Limits
    from checker.sources.text import SourceText

#: Version of the engine, as in pyproject.toml; here because every report names it.
__version__ = "0.1.0"
#: Names the shape of the JSON; the number rises when a reader of the old shape would break.
REPORT_SCHEMA = "checker-report/1"
# What JSON may hold, but a terminal would obey, readers take for line ends, or UTF-8 cannot carry.
_ESCAPED = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at: characters (code points), provisions, rules, and regions by kind."""

    characters: int = 0
    provisions: int = 0
    rules: int = 0
    regions: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, document: Document, rules: int) -> Coverage:
        """What is looked at where so many rules run on a document."""
        kinds = [region.kind for region in document.source.regions]
        return cls(
            len(document.source.text),
            len(document.provisions) - 1,
            rules,
            tuple((kind, kinds.count(kind)) for kind in sorted(set(kinds))),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of findings by severity."""

    error: int = 0
    warning: int = 0
    info: int = 0

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Counts:
        """Count the findings by severity."""
        severities = [f.severity for f in findings]
        return cls(
            *(severities.count(s) for s in (Severity.ERROR, Severity.WARNING, Severity.INFO))
        )

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.error + other.error, self.warning + other.warning, self.info + other.info
        )

    def at_least(self, severity: Severity) -> int:
        """How many findings are as grave as ``severity`` or graver."""
        graver = {Severity.ERROR: 0, Severity.WARNING: self.warning}
        return self.error + graver.get(severity, self.warning + self.info)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of checking one document or dossier.

    ``findings`` are in order of position, then rule; ``waived`` are findings set aside by a waiver,
    ``known`` those that a baseline holds; ``steps`` are those of a dossier.
    ``exempted`` counts candidates that a rule's own exemption found lawful. ``gaps`` says what was
    not looked at, ``notes`` what a reader should know. ``error`` is the reason why nothing could
    be checked; ``statutes`` are the day of the register of laws and how many it holds, ``texts``
    names the store of law texts in use; ``internal`` marks an error of the engine itself.
    ``particulars`` are those of the document, None where it could not be read. ``document`` is the
    text that was checked, kept only where a writer asked for it and never in JSON; ``recalled`` marks
    a report kept from an earlier run. Positions are code points.
    """

    name: str
    findings: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    steps: tuple[StepResult, ...] = ()
    exempted: int = 0
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    as_of: date | None = None
    as_of_from: str = ""
    profile: str = ""
    ruleset: str = ""
    statutes: tuple[date, int] | None = None
    texts: str = ""
    error: str = ""
    internal: bool = False
    engine: str = __version__
    particulars: Particulars | None = None
    document: Document | None = field(default=None, repr=False, compare=False)
    recalled: bool = field(default=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether the whole document was read and every selected rule was evaluated."""
        return not self.error and not self.gaps

    @property
    def counts(self) -> Counts:
        """Findings by severity."""
        return Counts.of(self.findings)

    def to_json(self, indent: int | None = None) -> str:
        """The report as JSON (``docs/schema/report.schema.json``); same report, same characters."""
        return dump_json(_report_object(self), indent)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in order of position, then rule."""
    return tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule, f.fingerprint)))


def within(
    limits: Limits, findings: tuple[Finding, ...]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings, of too many the first; and that there were more, as a gap."""
    most = limits.findings
    if len(findings) <= most:
        return findings, ()
    gap = f"{limits.beyond('findings', '问题线索', ' 条')}，只列出前 {most:,} 条"
    return in_order(findings)[:most], (gap,)


def with_lines(source: SourceText, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings in order, each with the line or page it begins on in files that have such."""
    line, at = 1, 0
    for finding in in_order(findings):
        if source.format in ("txt", "md"):
            line += source.text.count("\n", at, finding.start)
            at = finding.start
            yield replace(finding, line=line)
        elif source.format == "pdf" and finding.quote:
            yield replace(finding, page=source.page_at(finding.start))
        else:
            yield finding


def dump_json(value: object, indent: int | None = None) -> str:
    """JSON with Chinese characters as they are; what acts or cannot be carried is escaped."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def iso(day: date | None) -> str | None:
    """A day as JSON has it: 2024-03-01, or null."""
    return day.isoformat() if day else None


def _report_object(report: Report) -> dict[str, object]:
    counts = report.counts
    return {
        "schema": REPORT_SCHEMA,
        "name": report.name,
        "complete": report.complete,
        "error": report.error,
        "internal": report.internal,
        "engine": report.engine,
        "ruleset": report.ruleset,
        "profile": report.profile,
        "statutes": _statutes_object(report),
        "texts": report.texts,
        "as_of": iso(report.as_of),
        "as_of_from": report.as_of_from,
        "coverage": {
            "characters": report.coverage.characters,
            "provisions": report.coverage.provisions,
            "rules": report.coverage.rules,
            "regions": dict(report.coverage.regions),
        },
        "counts": {"error": counts.error, "warning": counts.warning, "info": counts.info},
        "exempted": report.exempted,
        "gaps": list(report.gaps),
        "notes": list(report.notes),
        "steps": [_step_object(step) for step in report.steps],
        "findings": [_finding_object(f) for f in report.findings],
        "waived": [_waived_object(f) for f in report.waived],
        "known": [_finding_object(f) for f in report.known],
    }


def _statutes_object(report: Report) -> dict[str, object] | None:
    if report.statutes is None:
        return None
    day, size = report.statutes
    return {"as_of": day.isoformat(), "size": size}


def _step_object(step: StepResult) -> dict[str, object]:
    return {
        "title": step.title,
        "state": str(step.state),
        "material": step.material,
        "dates": step.dates,
        "arithmetic": step.arithmetic,
        "note": step.note,
        "stop": step.stop,
    }


def _finding_object(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "title": finding.title,
        "family": finding.family,
        "severity": finding.severity.value,
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "page": finding.page,
        "quote": finding.quote,
        "address": finding.address,
        "clause": finding.clause,
        "message": finding.message,
        "advice": finding.advice,
        "basis": [_basis_object(b) for b in finding.basis],
        "fingerprint": finding.fingerprint,
        "also": list(finding.also),
        "softened": finding.softened,
        "cited": [_basis_object(b) for b in finding.cited],
    }


def _waived_object(finding: Finding) -> dict[str, object]:
    waiver = finding.waiver
    return _finding_object(finding) | {
        "waiver": waiver
        and {
            "kind": waiver.kind,
            "reason": waiver.reason,
            "ground": waiver.ground,
            "by": waiver.by,
            "from": iso(waiver.start),
            "until": waiver.until.isoformat(),
            "number": waiver.number,
        }
    }


def _basis_object(basis: Basis) -> dict[str, object]:
    return {
        "law": basis.law,
        "at": basis.at,
        "number": basis.number,
        "from": iso(basis.start),
        "to": iso(basis.end),
        "text": str(basis),
        "words": basis.words,
        "words_from": basis.words_from,
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run over several documents adds up to; documents are never kept."""

    documents: int = 0
    flagged: int = 0
    incomplete: int = 0
    internal: int = 0
    waived: int = 0
    exempted: int = 0
    known: int = 0
    counts: Counts = field(default_factory=Counts)

    def plus(self, report: Report) -> Tally:
        """The tally with one more report."""
        counts = report.counts
        return self + Tally(
            1,
            int(counts.at_least(Severity.WARNING) > 0),
            int(not report.complete),
            int(report.internal),
            len(report.waived),
            report.exempted,
            len(report.known),
            counts,
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.documents + other.documents,
            self.flagged + other.flagged,
            self.incomplete + other.incomplete,
            self.internal + other.internal,
            self.waived + other.waived,
            self.exempted + other.exempted,
            self.known + other.known,
            self.counts + other.counts,
        )

    @property
    def closing(self) -> str:
        """The closing line of every run; its form never changes, so that it can be counted."""
        return (
            f"检查 {self.documents} 份：{self.flagged} 份有问题线索"
            f"（错误 {self.counts.error}、提醒 {self.counts.warning}），"
            f"{self.incomplete} 份未能完整检查，{self.waived} 处已豁免"
        )

    def exit_code(self, fail_on: Severity) -> int:
        """0 nothing at or above ``fail_on``; 1 findings; 2 internal error; 3 not fully checked."""
        if self.internal:
            return 2
        if self.counts.at_least(fail_on):
            return 1
        return 3 if self.incomplete else 0
