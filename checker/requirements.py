"""Requirements: one function for each way in which a dossier may fall short of a step rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checker.agreement import disagreements, effective_day, lifetime
from checker.counting import Count, Unit, count
from checker.dossier import Dossier
from checker.materials import Material, compile_words
from checker.places import NATION, Place, PlaceRule
from checker.steps import EFFECT, HANDED_IN, ISSUE, StepRule
from checker.workdays import Calendar, UncoveredYear

REVIEW_REQUEST = "送审材料"


class State(StrEnum):
    """How a step stands, the gravest first."""

    MISSING = "缺失"
    WRONG = "不符"
    UNKNOWN = "无法判断"
    DONE = "齐全"
    EXEMPT = "不适用"


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed test: the words for its message, and the material it is about."""

    words: dict[str, object]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test says: the state of the step, why, the problems, the arithmetic, and the figure of
    the place that was used."""

    state: State
    note: str = ""
    problems: tuple[Problem, ...] = ()
    arithmetic: str = ""
    figure: PlaceRule | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier with what its judgement depends on: calendar, place, and the day whose law applies."""

    dossier: Dossier
    calendar: Calendar
    place: Place
    day: date

    def dated(self, role: str) -> tuple[Material, ...]:
        """Materials whose dates can be judged: read, or stated in dossier.yaml."""
        return tuple(m for m in self.dossier.of(role) if not m.unread or m.dates.last)

    def day_of(self, name: str) -> date | None:
        """The last day of a material, or the day of an event."""
        draft = self.dossier.draft
        if name == ISSUE:
            issued = draft.date if draft is not None and draft.doc_number else None
            return self.dossier.facts.issued or issued
        if name == EFFECT:
            return effective_day(draft.source.shadow) if draft is not None else None
        return max((m.dates.last for m in self.dated(name) if m.dates.last), default=None)


PASSED = Outcome(State.DONE)
NOTHING = Outcome(State.EXEMPT)


def _unknown(note: str, figure: PlaceRule | None = None) -> Outcome:
    return Outcome(State.UNKNOWN, note, figure=figure)


def _fails(state: State, **words: object) -> Outcome:
    return Outcome(state, problems=(Problem(words),))


def names_of(materials: Iterable[Material]) -> str:
    """File names of materials, each once."""
    return "、".join(dict.fromkeys(m.name for m in materials if m.name))


def _missing(rule: StepRule, case: Case) -> Outcome:
    there = case.dossier.of(rule.material)
    if not there:
        return _fails(State.MISSING)
    unread = next((m for m in there if m.unread), None)
    note = f"{unread.name or unread.role} 未能核对内容（{unread.unread}）" if unread else ""
    return Outcome(State.DONE if any(m.known for m in there) else State.UNKNOWN, note)


def bound_of(rule: StepRule, case: Case) -> tuple[int, Unit, PlaceRule | None]:
    """Days, unit, and the figure of the place they come from: the place's own, else the rule's."""
    figure = None
    if rule.place_days:
        figure = case.place.value(rule.place_days, case.day, rule.matter)  # type: ignore[arg-type]
    if figure is None or figure.unit not in ("日", "工作日"):
        return rule.days, rule.unit, None
    return figure.value, "工作日" if figure.unit == "工作日" else "日", figure


def _days(rule: StepRule, case: Case) -> Outcome:
    days, unit, figure = bound_of(rule, case)
    there = case.dated(rule.material)
    if not there or not days:
        return NOTHING
    spans = [span for m in there if (span := _span(rule, m, case))]
    if not spans:
        unbounded = next((m.dates.start for m in there if m.dates.working and m.dates.start), None)
        if unbounded:
            return _unknown(str(UncoveredYear(unbounded.year)), figure)
        what = f"{rule.since or rule.until}的日期" if rule.since or rule.until else "起止日期"
        return _unknown(f"没有识别到{what}，天数无法计算", figure)
    least, most = (days, 0) if rule.test == "min_days" else (0, days)
    first = rule.first_day == "计入"
    try:
        counts = [
            Count(a, b, count(a, b, unit, case.calendar, first=first), unit, first, least, most)
            for a, b in spans
        ]
    except UncoveredYear as fault:
        return _unknown(str(fault), figure)
    best = max(counts, key=lambda c: c.days if least else -c.days)
    if best.end < best.start:
        return _unknown(
            f"{rule.material}（{best.end}）早于{rule.since or '起始日'}（{best.start}）", figure
        )
    need = f"{days}{'个工作日' if unit == '工作日' else '日'}"
    note = ("不少于" if least else "不超过") + need + _origin(figure)
    if best.kept:
        return Outcome(State.DONE, note, arithmetic=str(best), figure=figure)
    convention = f"（首日{rule.first_day}" + (f"：{rule.convention}）" if rule.convention else "）")
    words = {"arithmetic": f" {best}{convention}", "need": need + _origin(figure)}
    problem = Problem({**words, "name": names_of(there)})
    return Outcome(State.WRONG, note, (problem,), str(best), figure)


def _origin(figure: PlaceRule | None) -> str:
    """Whose figure it is, where it is not a national one, and whether its text was read."""
    if figure is None or figure.place == NATION:
        return ""
    return f"（{figure.place}的规定{'' if figure.verified else '，条文未核'}）"


def _span(rule: StepRule, material: Material, case: Case) -> tuple[date, date] | None:
    dates = material.dates
    if rule.until:
        until = case.day_of(rule.until)
        return (dates.last, until) if dates.last and until else None
    if not rule.since:
        return (dates.start, dates.end) if dates.start and dates.end else None
    start = case.day_of(rule.since)
    if rule.since == HANDED_IN:
        start = dates.received or case.day_of(REVIEW_REQUEST)
    return (start, dates.last) if start and dates.last else None


def _period_missing(rule: StepRule, case: Case) -> Outcome:
    there = case.dated(rule.material)
    if not there or any((m.dates.days or 0) > 0 or m.dates.working for m in there):
        return PASSED if there else NOTHING
    return _fails(State.UNKNOWN, name=names_of(there))


def _date_missing(rule: StepRule, case: Case) -> Outcome:
    there = case.dated(rule.material)
    if not there or any(m.dates.day for m in there):
        return PASSED if there else NOTHING
    return _fails(State.UNKNOWN, name=names_of(there))


def _order(rule: StepRule, case: Case) -> Outcome:
    there, after = case.dated(rule.material), case.dated(rule.before)
    day, limit = case.day_of(rule.material), case.day_of(rule.before)
    if not there or not (after or limit):
        return NOTHING
    if day is None or limit is None:
        return _unknown(f"缺少日期，无法判断是否早于{rule.before}")
    if day <= limit:
        return PASSED
    return _fails(State.WRONG, day=day, before_day=limit, name=names_of(there))


def _conclusion_missing(rule: StepRule, case: Case) -> Outcome:
    there = [m for m in case.dossier.of(rule.material) if not m.unread or m.conclusion]
    empty = tuple(Problem({"name": m.name or rule.material}) for m in there if not m.conclusion)
    return Outcome(State.WRONG, problems=empty) if empty else (PASSED if there else NOTHING)


def _conclusion_adverse(rule: StepRule, case: Case) -> Outcome:
    dossier = case.dossier
    if rule.before and not dossier.of(rule.before):
        return NOTHING
    last = max(
        (m for m in dossier.of(rule.material) if m.conclusion),
        key=lambda m: m.dates.day or date.min,
        default=None,
    )
    if last is None or last.conclusion not in rule.words:
        return PASSED if last else NOTHING
    if rule.answered_by and dossier.of(rule.answered_by):
        return PASSED
    return _fails(State.WRONG, name=last.name, conclusion=last.conclusion)


def _words_missing(rule: StepRule, case: Case) -> Outcome:
    there = [
        m
        for m in case.dossier.of(rule.material)
        if m.text and (not rule.concluding or m.conclusion in rule.concluding)
    ]
    if not there:
        return NOTHING
    words = compile_words(rule.words)
    parts = [_addressee(m.text) if rule.part == "主送机关" else m.text for m in there]
    if any(words.search(part) for part in parts):
        return PASSED
    return _fails(State.WRONG, name=names_of(there), conclusion=there[-1].conclusion)


def _addressee(text: str) -> str:
    """The first line that ends with a colon."""
    return next((line for line in text.splitlines() if line.strip().endswith("：")), "")


def _number_missing(rule: StepRule, case: Case) -> Outcome:
    draft = case.dossier.draft
    if draft is None:
        return NOTHING
    return PASSED if draft.doc_number else _fails(State.WRONG, name=draft.source.name)


def _long_lived(rule: StepRule, case: Case) -> Outcome:
    draft = case.dossier.draft
    if draft is None:
        return NOTHING
    years, last = lifetime(draft.source.shadow)
    start = effective_day(draft.source.shadow) or draft.date
    if last and start:
        stated, long = f"有效期至 {last}", (last - start).days > 366 * rule.years
    else:
        stated, long = (
            f"有效期{years}年" if years else "没有写明有效期",
            not years or years > rule.years,
        )
    return _fails(State.WRONG, name=draft.source.name, stated=stated) if long else PASSED


def _disagrees(rule: StepRule, case: Case) -> Outcome:
    if not case.dossier.of(rule.material):
        return NOTHING
    found = disagreements(case.dossier, rule.about)  # type: ignore[arg-type]
    problems = tuple(
        Problem(
            {"name": d.name, "material": d.role, "stated": d.stated, "actual": d.actual}, d.role
        )
        for d in found
    )
    return Outcome(State.WRONG, problems=problems) if found else PASSED


TESTS: dict[str, Callable[[StepRule, Case], Outcome]] = {
    "missing": _missing,
    "min_days": _days,
    "max_days": _days,
    "period_missing": _period_missing,
    "date_missing": _date_missing,
    "order": _order,
    "conclusion_missing": _conclusion_missing,
    "conclusion_adverse": _conclusion_adverse,
    "words_missing": _words_missing,
    "number_missing": _number_missing,
    "long_lived": _long_lived,
    "disagrees": _disagrees,
}
