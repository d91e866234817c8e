"""Baseline: findings that were there when an office began, so that only new ones are asked about.

A finding is known where the same document had one of the same rule with the same quoted words. It
does not matter where the words have moved to or what was changed around them; a second place with the
same words is new, and so are changed words.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import ClassVar, Literal

from checker.faults import DeclarationError, Fault, unopened
from checker.findings import Finding
from checker.numerals import NUMERAL_CHARS
from checker.report import Report, dump_json
from checker.waivers import FAMILY

#: The name a baseline usually has, and the version of its form.
FILE, SCHEMA = "checker-baseline.json", "checker-baseline/1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding: rule, address and quote for a reader, and what tells equal ones apart.

    ``clause`` is a digest of the clause around the quote, without its label and white space.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    rule: str
    address: str
    quote: str
    clause: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """The form of the file: known findings by document, in order of position."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    schema: Literal["checker-baseline/1"]
    documents: dict[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known findings by document, whose names are relative to ``base``."""

    documents: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    base: Path | None = None
    file: str = FILE

    def plus(self, documents: Mapping[str, tuple[Entry, ...]]) -> Baseline:
        """The baseline with some documents replaced; one without findings is not listed."""
        joined = {**self.documents, **documents}
        return replace(self, documents={name: e for name, e in sorted(joined.items()) if e})


def entries_of(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """What a baseline keeps of findings; those about waivers are never taken as known."""
    return tuple(_entry_of(f) for f in findings if f.family != FAMILY)


def _entry_of(finding: Finding) -> Entry:
    clause = _digest(finding.clause)
    return Entry(finding.rule, finding.address, finding.quote, clause, finding.fingerprint)


_N = f"[{NUMERAL_CHARS}]+"
_LABEL = re.compile(rf"^(?:第{_N}[编章节条款项目](?:之{_N})?|{_N}[、.．]|（{_N}）)")


def _digest(clause: str) -> str:
    text = _LABEL.sub("", "".join(clause.split()), count=1)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] if text else ""


def settle(baseline: Baseline, report: Report, name: str, ran: frozenset[str]) -> Report:
    """The report of a document with known findings set apart.

    It notes how many entries are no longer found, of rules that ``ran``.
    """
    entries = baseline.documents.get(name, ())
    if not entries or report.error:
        return report
    known, gone = _pair(entries, report.findings)
    stale = sum(entry.rule in ran for entry in gone) if report.complete else 0
    note = f"基线中有 {stale} 处已经不在文件里，可以用 checker baseline prune 清理"
    return replace(
        report,
        findings=tuple(f for i, f in enumerate(report.findings) if i not in known),
        known=tuple(f for i, f in enumerate(report.findings) if i in known),
        notes=(*report.notes, note) if stale else report.notes,
    )


def _pair(
    entries: Iterable[Entry], findings: tuple[Finding, ...]
) -> tuple[frozenset[int], list[Entry]]:
    """Indices of the findings that are known, and the entries that found no finding.

    As many findings of a rule with the same words are known as there are entries. Which of them,
    is told by the clause and the fingerprint, then by the clause, then by the fingerprint; else
    the first ones.
    """
    there = {i: _entry_of(f) for i, f in enumerate(findings) if f.family != FAMILY}
    missing = list(entries)
    known: set[int] = set()
    for clause, mark in ((True, True), (True, False), (False, True), (False, False)):
        waiting: dict[tuple[str, ...], list[int]] = {}
        for i in sorted(there.keys() - known, reverse=True):
            waiting.setdefault(_key(there[i], clause, mark), []).append(i)
        left = []
        for entry in missing:
            found = waiting.get(_key(entry, clause, mark))
            if found:
                known.add(found.pop())
            else:
                left.append(entry)
        missing = left
    return frozenset(known), missing


def _key(entry: Entry, clause: bool, mark: bool) -> tuple[str, ...]:
    """What makes two findings the same: rule and words, or the place where there are no words.

    The label of a provision is no words: it changes where provisions come before it.
    """
    words = "".join(entry.quote.split())
    if not words:
        words = f"@{entry.address}"
    elif _LABEL.fullmatch(words):
        words = "#"
    return entry.rule, words, entry.clause if clause else "", entry.fingerprint if mark else ""


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises DeclarationError for a file that is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise DeclarationError([Fault(path.name, 1, f"不是基线文件（应当写有 {SCHEMA}）")])
        documents = {
            str(name): tuple(_entry(row) for row in rows)
            for name, rows in data["documents"].items()
        }
    except OSError as fault:
        why = f"{unopened(fault)}；可以先用 checker baseline write 生成"
        raise DeclarationError([Fault(path.name, 1, why)]) from fault
    except json.JSONDecodeError as fault:
        why = "不是合格的 JSON；请恢复原文件，或者用 checker baseline write 重新生成"
        raise DeclarationError([Fault(path.name, fault.lineno, why)]) from fault
    except (UnicodeDecodeError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        why = "基线文件已损坏；请恢复原文件，或者用 checker baseline write 重新生成"
        raise DeclarationError([Fault(path.name, 1, why)]) from fault
    return Baseline(documents, path.parent, path.name)


def _entry(row: Mapping[str, object]) -> Entry:
    if set(row) != {f.name for f in fields(Entry)}:
        raise KeyError("entry")
    return Entry(**{key: str(value) for key, value in row.items()})


def baseline_text(baseline: Baseline) -> str:
    """The file of a baseline: documents by name, one finding a line, so that changes are readable."""
    documents = ",\n".join(_document_lines(baseline))
    return f'{{\n"schema": "{SCHEMA}",\n"documents": {{\n{documents}\n}}\n}}\n'


def _document_lines(baseline: Baseline) -> Iterator[str]:
    for name, entries in sorted(baseline.documents.items()):
        rows = ",\n".join(f"    {dump_json(asdict(entry))}" for entry in entries)
        yield f"  {dump_json(name)}: [\n{rows}\n  ]"
