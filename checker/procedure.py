"""Procedure: step rules × dossier -> findings, and the state of every step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checker.dossier import Dossier
from checker.findings import Basis, Finding, fingerprint
from checker.materials import Material
from checker.periods import Dates, chinese_day
from checker.steps import ISSUE, PLACEHOLDERS, StepRule

FAMILY = "PRO"


class State(StrEnum):
    """How a step stands, the gravest first."""

    MISSING = "缺失"
    WRONG = "不符"
    UNKNOWN = "无法判断"
    DONE = "齐全"
    EXEMPT = "不适用"


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: its material (file names), the dates read, and what a reader should know."""

    title: str
    state: State
    material: str = ""
    dates: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureResult:
    """Every step in order of the rules, and the findings in the same order."""

    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """A failed test: the state it leaves the step in and the words for the message."""

    state: State
    words: dict[str, object]
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one rule says of a dossier: faults, or why it could not or need not be tried."""

    rule: StepRule
    state: State
    note: str = ""
    faults: tuple[_Fault, ...] = ()
    bases: tuple[Basis, ...] = ()


def check_procedure(
    dossier: Dossier, rules: Iterable[StepRule], *, market: bool, as_of: date
) -> ProcedureResult:
    """Try every rule in force on ``as_of``.

    ``market`` says that the draft has market-related findings; its market words and dossier.yaml
    count as well. Findings have no place in the draft: ``start == end == 0``, an empty quote, and
    the material as address.
    """
    circumstances = _circumstances(dossier, market)
    verdicts = [_judge(rule, dossier, circumstances, as_of) for rule in rules]
    titles = dict.fromkeys(v.rule.step for v in verdicts if v.bases)
    return ProcedureResult(
        tuple(_step(title, verdicts, dossier) for title in titles),
        tuple(finding for verdict in verdicts for finding in _findings(verdict, dossier)),
    )


def _circumstances(dossier: Dossier, market: bool) -> dict[str, str]:
    """What is so about the dossier, with the reason. Findings outweigh a denial in dossier.yaml."""
    facts = dossier.facts
    found = {"always": "", "urgent": facts.urgent, "secret": facts.secret}
    found = {key: reason for key, reason in found.items() if reason or key == "always"}
    if facts.major:
        found["major"] = "dossier.yaml 载明属于重大行政决策"
    if market:
        found["market"] = "草案有涉及经营者的问题线索"
    elif facts.market:
        found["market"] = "dossier.yaml 载明涉及经营者"
    elif facts.market is None and dossier.market_words:
        found["market"] = f"草案出现“{'”“'.join(dossier.market_words[:3])}”等用语"
    return found


def _judge(rule: StepRule, dossier: Dossier, so: dict[str, str], as_of: date) -> _Verdict:
    bases = rule.bases(as_of)
    if not bases:
        return _Verdict(rule, State.EXEMPT, "依据在检查日没有施行")
    if rule.required_when not in so:
        note = "草案未见涉及经营者经济活动的内容" if rule.required_when == "market" else ""
        return _Verdict(rule, State.EXEMPT, note, (), bases)
    for exception in rule.exceptions:
        if exception.when in so:
            note = f"{exception.reason}（{so[exception.when]}）"
            return _Verdict(rule, State.EXEMPT, note, (), bases)
    reason = _excuse(rule, dossier)
    if reason and rule.excusable:
        return _Verdict(rule, State.EXEMPT, f"dossier.yaml 载明没有：{reason}", (), bases)
    state, note, faults = _TESTS[rule.test](rule, dossier)
    return _Verdict(rule, state, note, faults, bases)


def _excuse(rule: StepRule, dossier: Dossier) -> str:
    return next((why for role, why in dossier.absent if role == rule.material), "")


_Outcome = tuple[State, str, tuple[_Fault, ...]]
_PASSED: _Outcome = (State.DONE, "", ())
_NOTHING: _Outcome = (State.EXEMPT, "", ())


def _unknown(note: str) -> _Outcome:
    return State.UNKNOWN, note, ()


def _fault(state: State, **words: object) -> _Outcome:
    return state, "", (_Fault(state, words),)


def _dated(materials: Iterable[Material]) -> tuple[Material, ...]:
    """Those whose dates can be judged: read, or stated in dossier.yaml."""
    return tuple(m for m in materials if not m.unread or m.dates != Dates())


def _missing(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = dossier.of(rule.material)
    if not there:
        return _fault(State.MISSING)
    unread = next((m for m in there if m.unread), None)
    note = f"{unread.name or unread.role} 未能核对内容（{unread.unread}）" if unread else ""
    return State.DONE if any(m.known for m in there) else State.UNKNOWN, note, ()


def _min_days(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = _dated(dossier.of(rule.material))
    longest = max((m.dates for m in there), key=lambda dates: dates.days or 0, default=None)
    if longest is None:
        return _NOTHING
    days = longest.days or 0
    if days <= 0:
        return _unknown("未能确定起止日期，天数无法计算")
    if days >= rule.days:
        return State.DONE, f"共{days}日（{longest.counted}）", ()
    return _fault(
        State.WRONG,
        days=days,
        need=rule.days,
        counted=longest.counted,
        start=chinese_day(longest.start),
        end=chinese_day(longest.last),
        period=str(longest),
    )


def _period_missing(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = _dated(dossier.of(rule.material))
    if not there or any((m.dates.days or 0) > 0 for m in there):
        return _PASSED if there else _NOTHING
    return _fault(State.UNKNOWN, name=_names(there))


def _date_missing(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = _dated(dossier.of(rule.material))
    if not there or any(m.dates.day for m in there):
        return _PASSED if there else _NOTHING
    return _fault(State.UNKNOWN, name=_names(there))


def _order(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = _dated(dossier.of(rule.material))
    after = _dated(dossier.of(rule.before))
    issued = dossier.facts.issued if rule.before == ISSUE else None
    day = max((m.dates.last for m in there if m.dates.last), default=None)
    limit = issued or max((m.dates.last for m in after if m.dates.last), default=None)
    if not there or not (after or issued):
        return _NOTHING
    if day is None or limit is None:
        return _unknown(f"缺少日期，无法判断是否早于{rule.before}")
    if day <= limit:
        return _PASSED
    return _fault(State.WRONG, day=chinese_day(day), before_day=chinese_day(limit))


def _conclusion_missing(rule: StepRule, dossier: Dossier) -> _Outcome:
    there = [m for m in dossier.of(rule.material) if not m.unread or m.conclusion]
    empty = [(i, m) for i, m in enumerate(there) if not m.conclusion]
    if not empty:
        return _PASSED if there else _NOTHING
    faults = (_Fault(State.WRONG, {"name": m.name or rule.material}, i) for i, m in empty)
    return State.WRONG, "", tuple(faults)


def _conclusion_adverse(rule: StepRule, dossier: Dossier) -> _Outcome:
    if rule.before and not dossier.of(rule.before):
        return _NOTHING
    last = max(
        (m for m in dossier.of(rule.material) if m.conclusion),
        key=lambda m: m.dates.day or date.min,
        default=None,
    )
    if last is None or last.conclusion not in rule.words:
        return _PASSED if last else _NOTHING
    return _fault(State.WRONG, name=last.name, conclusion=last.conclusion)


_TESTS: dict[str, Callable[[StepRule, Dossier], _Outcome]] = {
    "missing": _missing,
    "min_days": _min_days,
    "period_missing": _period_missing,
    "date_missing": _date_missing,
    "order": _order,
    "conclusion_missing": _conclusion_missing,
    "conclusion_adverse": _conclusion_adverse,
}


def _names(materials: Iterable[Material]) -> str:
    return "、".join(dict.fromkeys(m.name for m in materials if m.name))


def _findings(verdict: _Verdict, dossier: Dossier) -> Iterator[Finding]:
    rule = verdict.rule
    for fault in verdict.faults:
        words = {
            **dict.fromkeys(PLACEHOLDERS, ""),
            "material": rule.material,
            "before": rule.before,
            **fault.words,
        }
        message = rule.message.format(**words)
        if fault.state is State.MISSING:
            excuse = _excuse(rule, dossier)
            message += f"dossier.yaml 的说明：{excuse}。" if excuse else _maybe_unread(dossier)
        yield Finding(
            rule=rule.id,
            title=rule.title,
            family=FAMILY,
            severity=rule.severity,
            start=0,
            end=0,
            quote="",
            address=rule.material,
            message=message,
            advice=rule.advice.format(**words),
            basis=verdict.bases,
            fingerprint=fingerprint(rule.id, rule.material, "", fault.ordinal),
        )


def _maybe_unread(dossier: Dossier) -> str:
    """A missing material may be in a file that could not be read: say so."""
    known = {m.name for m in dossier.materials}
    unknown = [u.name for u in dossier.unreadable if u.name not in known]
    if not unknown:
        return ""
    names = "、".join(unknown[:3])
    return f"另有{len(unknown)}份文件未能读取（{names}），该材料可能在其中，请人工核对。"


def _step(title: str, verdicts: Iterable[_Verdict], dossier: Dossier) -> StepResult:
    own = [v for v in verdicts if v.rule.step == title and v.bases]
    state = min((v.state for v in own), key=list(State).index)
    materials = [
        m for role in dict.fromkeys(v.rule.material for v in own) for m in dossier.of(role)
    ]
    dates = dict.fromkeys(str(m.dates) for m in materials if str(m.dates))
    notes = dict.fromkeys(v.rule.title if v.faults else v.note for v in own if v.faults or v.note)
    return StepResult(title, state, _names(materials), "；".join(dates), "；".join(notes))
