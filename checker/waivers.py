"""Waivers: findings that people have approved, each with reason, ground, approver and last day.

A list of waivers (checker-waivers.yml) is kept beside the documents. What it covers is set aside and
counted, never dropped; an entry that covers nothing, is out of term or rests on nothing is itself a
finding (rulesets/waivers). Sources: 公平竞争审查条例第十二条 (an exception needs a ground and a term)
and 第十七条 (its use is explained in the conclusion).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

from checker.faults import DeclarationError, Fault, nearest, read_declared
from checker.findings import Finding, Severity, Waiver, fingerprint
from checker.globs import is_glob, matches
from checker.grounds import ground_faults, ground_problem, is_high
from checker.numerals import chinese_number
from checker.report import Report, in_order
from checker.resources import resource

if TYPE_CHECKING:
    from checker.compiled import CompiledRule
    from checker.steps import StepRule

#: The family of the rules about waivers, and the name a list of waivers usually has.
FAMILY, FILE = "WVR", "checker-waivers.yml"
Test = Literal["unused", "term", "ground", "rank"]
#: A reason shorter than this says nothing (characters).
SHORTEST_REASON = 6
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """What is wrong with an entry of the list, and how that is told."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: str
    title: str
    severity: Severity
    test: Test
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it covers, and why."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: "from" if name == "start" else name,
    }
    rule: Annotated[str, "规则编号（FEE-003）或者门类（FEE）"]
    document: Annotated[str, "文件名，或者相对于清单所在文件夹的路径，可以用 * 和 ?"]
    reason: Annotated[str, "为什么可以豁免"]
    by: Annotated[str, "谁批准的"]
    until: Annotated[date, "有效期的最后一天"]
    at: Annotated[str, "位置，如 第五条第二款；包括其下各项"] = ""
    quote: Annotated[str, "标出的原文，与结果里〔〕中的相同；太长的中间可以写…"] = ""
    ground: Annotated[str, "依据的条款，如 《公平竞争审查条例》第十二条第三项"] = ""
    kind: Annotated[
        Literal["waived", "authorised"], "waived 豁免；authorised 先行先试授权，须写依据和起止日期"
    ] = "waived"
    start: Annotated[date | None, "有效期的第一天"] = None

    def waiver(self, number: int) -> Waiver:
        """What a finding says of the entry that sets it aside."""
        return Waiver(self.kind, self.reason, self.ground, self.by, self.until, self.start, number)


class _Problem(NamedTuple):
    test: Test
    detail: str


@dataclass(frozen=True, slots=True)
class Waivers:
    """A list of waivers. Patterns of documents are relative to ``base``; ``lines`` are where the
    entries stand in ``file``, from 1."""

    entries: Sequence[Entry]
    base: Path | None = None
    file: str = FILE
    lines: Sequence[int] = ()

    def place(self, number: int) -> str:
        """How messages call an entry; ``number`` counts from 1."""
        line = f"（{self.file} 第{self.lines[number - 1]}行）" if self.lines else ""
        return f"第{number}项{line}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the rules a list of waivers has to know: which ran, which must run, by whose day."""

    ran: frozenset[str]
    mandatory: frozenset[str]
    rules: tuple[WaiverRule, ...]
    day: date


def read_waivers(path: Path, rules: Iterable[CompiledRule | StepRule]) -> Waivers:
    """The list in a file. Raises DeclarationError with every fault of it."""
    declared = read_declared(path, tuple[Entry, ...])
    waivers = Waivers(
        declared.value,
        path.parent,
        path.name,
        [declared.line(i) for i in range(len(declared.value))],
    )
    faults = [
        declared.fault(message, number - 1, key)
        for number, key, message in _faults(waivers, _codes(rules))
    ]
    if faults:
        raise DeclarationError(faults)
    return waivers


def refuse_faulty(waivers: Waivers, rules: Iterable[CompiledRule | StepRule]) -> None:
    """Raise DeclarationError with every fault of a list that was not read from a file."""
    faults = [
        Fault("豁免清单", number, f"第{number}项：{message}")
        for number, _, message in _faults(waivers, _codes(rules))
    ]
    if faults:
        raise DeclarationError(faults)


def _codes(rules: Iterable[CompiledRule | StepRule]) -> dict[str, bool]:
    """Every rule and family, and whether a waiver of it needs a ground."""
    codes: dict[str, bool] = {}
    for rule in rules:
        grave = rule.severity is Severity.ERROR or getattr(rule, "mandatory", False)
        family = rule.id.split("-")[0]
        codes[rule.id] = grave
        codes[family] = codes.get(family, False) or grave
    return codes


def _faults(waivers: Waivers, codes: Mapping[str, bool]) -> Iterator[tuple[int, str, str]]:
    """(entry, key, message) of what is wrong with the entries and their types do not show."""
    for number, entry in enumerate(waivers.entries, 1):
        for key, message in _wrong(entry, codes):
            yield number, key, message


def _wrong(entry: Entry, codes: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    if entry.rule not in codes:
        from difflib import get_close_matches

        close = get_close_matches(entry.rule, sorted(codes), n=1, cutoff=0.6)
        yield "rule", f"没有规则“{entry.rule}”" + (nearest(entry.rule, close) if close else "")
    for key, value in (("document", entry.document), ("by", entry.by)):
        if not value.strip():
            yield key, f"“{key}”不能空着"
    if len("".join(entry.reason.split())) < SHORTEST_REASON:
        yield "reason", f"“reason”至少写 {SHORTEST_REASON} 个字，说清为什么可以豁免"
    if not (entry.at.strip() or entry.quote.strip()):
        yield "rule", "要写明位置“at”或者原文“quote”，至少一项"
    if entry.start and entry.start > entry.until:
        yield "from", f"“from”（{entry.start}）晚于“until”（{entry.until}）"
    if entry.kind == "authorised" and not (entry.start and entry.ground):
        yield "kind", "先行先试授权（authorised）要写明依据“ground”和开始的日期“from”"
    elif not entry.ground and codes.get(entry.rule):
        yield "rule", f"{entry.rule} 属于错误级别，豁免它要写明依据“ground”"
    if entry.ground:
        yield from (("ground", fault) for fault in ground_faults(entry.ground))


def waiver_rules() -> tuple[WaiverRule, ...]:
    """The shipped rules about waivers, in order of id. Raises DeclarationError."""
    paths = sorted(resource("rulesets", "waivers").glob(f"{FAMILY}-*.yaml"))
    return tuple(read_declared(path, WaiverRule).value for path in paths)


def settle(waivers: Waivers, report: Report, names: Sequence[str], scope: Scope) -> Report:
    """The report with what the list covers set aside, and with findings about the list.

    ``names`` are what the document may be called in the list. An entry for one document that
    covers nothing is told here; one with a pattern only by :func:`unused`, after all documents.
    """
    entries = [
        (number, entry)
        for number, entry in enumerate(waivers.entries, 1)
        if any(matches(entry.document, name) for name in names)
    ]
    if not entries or report.error:
        return report
    kept: list[Finding] = []
    waived: list[Finding] = []
    problems: dict[tuple[int, _Problem], None] = {}
    seen: set[int] = set()
    for finding in report.findings:
        covering = [(n, e) for n, e in entries if _covers(e, finding)]
        judged = [(n, e, _problem(e, finding.rule, scope)) for n, e in covering]
        seen.update(n for n, _ in covering)
        problems.update(dict.fromkeys((n, p) for n, _, p in judged if p))
        valid = next(((n, e) for n, e, p in judged if not p), None)
        if valid:
            waived.append(replace(finding, waiver=valid[1].waiver(valid[0])))
        else:
            kept.append(finding)
    if report.complete:
        idle = (n for n, e in entries if n not in seen and not is_glob(e.document))
        problems.update(dict.fromkeys((n, _UNUSED) for n in idle if _ran(waivers, n, scope)))
    told = [_told(waivers, n, problem, scope) for n, problem in problems]
    return replace(
        report,
        findings=in_order((*kept, *(finding for finding in told if finding))),
        waived=(*report.waived, *waived),
    )


_UNUSED = _Problem("unused", "")


def unused(
    waivers: Waivers, reports: Iterable[tuple[Report, str]], scope: Scope
) -> Iterator[Report]:
    """The reports as they come, each with the name of its document for the list; after them one
    about the list itself, if a pattern that means some of the documents covered nothing in any.
    """
    use = PatternUse(waivers)
    for report, name in reports:
        covering = (f.waiver.number for f in (*report.waived, *report.findings) if f.waiver)
        use.add(name, report.complete, covering)
        yield report
    told = use.report(scope)
    if told is not None:
        yield told


class PatternUse:
    """Which entries with a pattern mean some documents, and which of them covered something."""

    def __init__(self, waivers: Waivers) -> None:
        numbered = enumerate(waivers.entries, 1)
        self._waivers = waivers
        self._patterns = [(n, e.document) for n, e in numbered if is_glob(e.document)]
        self._meant: set[int] = set()
        self._spared: set[int] = set()

    def add(self, name: str, complete: bool, covering: Iterable[int]) -> None:
        """Count a document: its name for the list, whether all of it was checked, and the numbers of
        the entries that its findings speak of."""
        meaning = [n for n, pattern in self._patterns if matches(pattern, name)]
        (self._meant if complete else self._spared).update(meaning)
        self._spared.update(covering)

    def report(self, scope: Scope) -> Report | None:
        """A report about the list, if an entry that means some documents covered nothing in any."""
        idle = (n for n in sorted(self._meant - self._spared) if _ran(self._waivers, n, scope))
        told = tuple(f for n in idle if (f := _told(self._waivers, n, _UNUSED, scope)))
        return Report(self._waivers.file, told) if told else None


def _ran(waivers: Waivers, number: int, scope: Scope) -> bool:
    """Whether a rule that the entry names was run: one that was not says nothing about its use."""
    code = waivers.entries[number - 1].rule
    return any(rule == code or rule.split("-")[0] == code for rule in scope.ran)


def _covers(entry: Entry, finding: Finding) -> bool:
    return (
        entry.rule in (finding.rule, finding.family)
        and (not entry.at or _inside(_plain_address(entry.at), finding.address))
        and (not entry.quote or _same_words(entry.quote, finding.quote))
    )


_ARABIC = re.compile(r"第（?(\d+)）?(?=[编章节条款项目])")
_BRACKETS = str.maketrans("()．", "（）.")


def _plain_address(address: str) -> str:
    """An address as reports write it: 第5条 第(2)款 is 第五条第二款."""
    plain = "".join(address.split()).translate(_BRACKETS)
    plain = _ARABIC.sub(lambda m: f"第{chinese_number(int(m[1]))}", plain)
    return re.sub(r"第（([一二三四五六七八九十]+)）(?=[款项目])", r"第\1", plain)


def _inside(outer: str, inner: str) -> bool:
    """Whether an address is a place or lies in it: 第五条第二款 is in 第五条, 第五条之一 is not."""
    rest = inner[len(outer) :]
    counts_on = outer[-1:].isdigit() and rest[:1].isdigit()
    return inner.startswith(outer) and not rest.startswith("之") and not counts_on


def _same_words(written: str, quote: str) -> bool:
    """Whether a quote in the list means a finding's; … stands for what was left out of it."""
    words, found = "".join(written.split()), "".join(quote.split())
    head, left_out, tail = words.partition("…")
    if not left_out:
        return words == found
    return (
        len(found) >= len(head) + len(tail)
        and found.startswith(head)
        and found.endswith(tail.lstrip("…"))
    )


def _problem(entry: Entry, rule: str, scope: Scope) -> _Problem | None:
    """Why an entry does not hold, or None."""
    if scope.day > entry.until:
        return _Problem("term", f"已于 {entry.until} 到期")
    if entry.start and scope.day < entry.start:
        return _Problem("term", f"自 {entry.start} 起才生效")
    detail = ground_problem(entry.ground, scope.day) if entry.ground else ""
    if detail:
        return _Problem("ground", detail)
    if rule in scope.mandatory and not is_high(entry.ground):
        return _Problem("rank", f"“{entry.ground}”" if entry.ground else "空白")
    return None


def _told(waivers: Waivers, number: int, problem: _Problem, scope: Scope) -> Finding | None:
    """The finding about an entry, unless its rule was not chosen. It has no place in the document."""
    rule = next((rule for rule in scope.rules if rule.test == problem.test), None)
    if rule is None:
        return None
    entry = waivers.entries[number - 1]
    words = {"place": waivers.place(number), "rule": entry.rule, "detail": problem.detail}
    address = _plain_address(entry.at) or "全文"
    return Finding(
        rule=rule.id,
        title=rule.title,
        family=FAMILY,
        severity=rule.severity,
        start=0,
        end=0,
        quote="",
        address=address,
        message=rule.message.format(**words),
        advice=rule.advice,
        fingerprint=fingerprint(rule.id, f"{entry.rule} {entry.document} {address}", entry.quote),
        waiver=entry.waiver(number),
    )
