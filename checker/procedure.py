"""Procedure: step rules × dossier -> findings, and the state of every step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from checker.circumstances import STATED, load_circumstances
from checker.counting import bounded
from checker.dossier import Dossier
from checker.findings import Basis, Finding, Severity, fingerprint
from checker.materials import DRAFT
from checker.places import Place
from checker.requirements import (
    NOTHING,
    TESTS,
    Case,
    Outcome,
    Problem,
    State,
    bound_of,
    names_of,
)
from checker.steps import ALSO, PLACEHOLDERS, StepRule, step_order
from checker.workdays import Calendar, UncoveredYear

__all__ = ["FAMILY", "ProcedureResult", "State", "StepResult", "check_procedure"]

FAMILY = "PRO"


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: its material (file names), the dates read, the arithmetic of its periods, and what a
    reader should know; ``stop`` says why the draft should go no further, or is empty."""

    title: str
    state: State
    material: str = ""
    dates: str = ""
    note: str = ""
    arithmetic: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureResult:
    """Every step in the order in which they are taken, and the findings in order of the rules."""

    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one rule says of a dossier; without bases it does not hold on that day."""

    rule: StepRule
    outcome: Outcome
    bases: tuple[Basis, ...] = ()


def check_procedure(
    dossier: Dossier,
    rules: Iterable[StepRule],
    *,
    place: Place,
    as_of: date,
    calendar: Calendar,
    findings: Iterable[Finding] = (),
) -> ProcedureResult:
    """Try every rule in force on ``as_of``, with the figures of ``place``.

    ``findings`` are those about the text of the draft: some call for further steps. Findings of
    procedure have no place in the draft: ``start == end == 0``, an empty quote, and the material as
    address.
    """
    case = Case(_with_ends(dossier, calendar), calendar, place, as_of)
    circumstances = _circumstances(dossier, tuple(findings))
    verdicts = [_judge(rule, case, circumstances) for rule in rules]
    taken = {v.rule.step for v in verdicts if v.bases}
    steps = (_step(title, verdicts, case.dossier) for title in step_order() if title in taken)
    return ProcedureResult(
        tuple(step for step in steps if step is not None),
        tuple(finding for verdict in verdicts for finding in _findings(verdict, dossier)),
    )


def _with_ends(dossier: Dossier, calendar: Calendar) -> Dossier:
    """The dossier with the end of each period of which only the length is stated."""
    materials = list(dossier.materials)
    for i, material in enumerate(materials):
        with suppress(UncoveredYear):
            materials[i] = replace(material, dates=bounded(material.dates, calendar))
    return replace(dossier, materials=tuple(materials))


def _circumstances(dossier: Dossier, findings: tuple[Finding, ...]) -> dict[str, str]:
    """What is so about the dossier, with the reason. Findings outweigh a denial in dossier.yaml."""
    facts, found = dossier.facts, {}
    for name in STATED:
        value = getattr(facts, name)
        if value:
            found[name] = value if isinstance(value, str) else f"dossier.yaml 载明{_MAJOR}"
    roles = [material.role for material in dossier.materials]
    for c in load_circumstances().circumstances:
        reason = c.found_in_findings(findings)
        stated = facts.says(c.name)
        if not reason and stated:
            reason = f"dossier.yaml 载明{c.called}"
        elif not reason and stated is None:
            draft = c.found_in_draft(dossier.draft) if dossier.draft is not None else ""
            reason = draft or c.found_in_dossier(roles)
        if reason:
            found[c.name] = reason
    return found


_MAJOR = "属于重大行政决策"


def _judge(rule: StepRule, case: Case, so: dict[str, str]) -> _Verdict:
    bases = rule.bases(case.day)
    figure = bound_of(rule, case)[2]
    if figure is not None:
        local = figure.basis
        bases = (local, *(b for b in bases if (b.law, b.at) != (local.law, local.at)))
    if not bases:
        return _Verdict(rule, NOTHING)
    also = rule.material in case.dossier.facts.also
    lacking = [c for c in rule.required_when if c not in so and not (c == ALSO and also)]
    if lacking:
        known = {c.name: c.absent for c in load_circumstances().circumstances}
        return _Verdict(rule, Outcome(State.EXEMPT, known.get(lacking[0], "")), bases)
    for exception in rule.exceptions:
        if exception.when in so:
            note = f"{exception.reason}（{so[exception.when]}）"
            return _Verdict(rule, Outcome(State.EXEMPT, note), bases)
    reason = _excuse(rule, case.dossier)
    if reason and rule.excusable:
        note = f"dossier.yaml 载明没有：{reason}"
        return _Verdict(rule, Outcome(State.EXEMPT, note), bases)
    return _Verdict(rule, TESTS[rule.test](rule, case), bases)


def _excuse(rule: StepRule, dossier: Dossier) -> str:
    return next((why for role, why in dossier.absent if role == rule.material), "")


def _findings(verdict: _Verdict, dossier: Dossier) -> Iterator[Finding]:
    rule, figure = verdict.rule, verdict.outcome.figure
    doubtful = figure is not None and not figure.verified
    for ordinal, problem in enumerate(verdict.outcome.problems):
        words = {
            **dict.fromkeys(PLACEHOLDERS, ""),
            "material": rule.material,
            "before": rule.before,
            **problem.words,
        }
        role = problem.role or rule.material
        yield Finding(
            rule=rule.id,
            title=rule.title,
            family=FAMILY,
            severity=Severity.INFO if doubtful else rule.severity,
            start=0,
            end=0,
            quote="",
            address=role,
            message=rule.message.format(**words) + _addition(verdict, dossier),
            advice=rule.advice.format(**words),
            basis=verdict.bases,
            fingerprint=fingerprint(rule.id, role, _told(problem), ordinal),
            softened="地方规定的条文没有核对原文，只作提示" if doubtful else "",
        )


def _told(problem: Problem) -> str:
    """What makes one of several problems of a rule the same in the next version of the dossier."""
    return str(problem.words.get("stated", ""))


def _addition(verdict: _Verdict, dossier: Dossier) -> str:
    """What a reader of a missing material should know besides."""
    if verdict.outcome.state is not State.MISSING:
        return ""
    excuse = _excuse(verdict.rule, dossier)
    return f"dossier.yaml 的说明：{excuse}。" if excuse else _maybe_unread(dossier)


def _maybe_unread(dossier: Dossier) -> str:
    """A missing material may be in a file that was not read or not recognised: say so."""
    known = {m.name for m in dossier.materials}
    unread = [u.name for u in dossier.unreadable if u.name not in known]
    unknown = [m.name for m in dossier.unrecognised]
    said = [
        f"另有{len(names)}份文件{why}（{'、'.join(names[:3])}），该材料可能在其中，请人工核对。"
        for names, why in ((unread, "未能读取"), (unknown, "没有认出是哪种材料"))
        if names
    ]
    return "".join(said)


def _step(title: str, verdicts: Sequence[_Verdict], dossier: Dossier) -> StepResult | None:
    """The step of that title; None where nothing can be said of it."""
    own = [v for v in verdicts if v.rule.step == title and v.bases]
    state = min((v.outcome.state for v in own), key=list(State).index)
    roles = dict.fromkeys(v.rule.material for v in own)
    materials = [m for role in roles for m in dossier.of(role) if role != DRAFT or len(roles) == 1]
    notes = _notes(own, state)
    judged = {v.rule.material for v in verdicts if v.outcome.state is not State.EXEMPT}
    proven = any(m.role not in (DRAFT, *judged) for m in materials)
    if state is State.EXEMPT and not notes and not proven:
        return None
    dates = dict.fromkeys(str(m.dates) for m in materials if str(m.dates))
    sums = dict.fromkeys(v.outcome.arithmetic for v in own if v.outcome.arithmetic)
    stops = dict.fromkeys(v.rule.title for v in own if v.rule.stop and v.outcome.problems)
    return StepResult(
        title,
        State.DONE if state is State.EXEMPT and proven else state,
        names_of(materials),
        "；".join(d for d in dates if not any(d in s for s in sums)),
        "；".join(notes),
        "；".join(sums),
        "；".join(stops),
    )


def _notes(own: Iterable[_Verdict], state: State) -> tuple[str, ...]:
    """What failed, and what else a reader should know of the step, each once; that a circumstance is
    absent only where there is nothing else to say."""
    absent = {c.absent for c in load_circumstances().circumstances}
    notes: dict[str, None] = {}
    for verdict in own:
        title = verdict.rule.title if verdict.outcome.problems else ""
        if title or state is State.EXEMPT or verdict.outcome.state is not State.EXEMPT:
            notes["，".join(filter(None, (title, verdict.outcome.note)))] = None
    notes.pop("", None)
    telling = tuple(note for note in notes if note not in absent)
    return telling or tuple(notes)
