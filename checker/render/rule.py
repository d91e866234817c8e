"""One rule, or a list of rules, for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from checker.compiled import CompiledRule
from checker.findings import Basis
from checker.steps import StepRule

if TYPE_CHECKING:
    from checker.waivers import WaiverRule

#: Where a finding puts words of the document: {quote}, {days}.
_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
STATUSES = {
    "draft": "起草中，不运行",
    "shadow": "静默观察，不提示",
    "test": "试用",
    "stable": "稳定",
    "deprecated": "已停用",
}


def rule_lines(
    rule: CompiledRule | StepRule | WaiverRule, families: Mapping[str, str]
) -> Iterator[str]:
    """What a rule is about, what it rests on, and what it lets pass."""
    code = rule.id.split("-")[0]
    yield f"{rule.id}  {rule.title}"
    yield f"  门类  {families.get(code, '制定程序')}（{code}）"
    yield f"  级别  {rule.severity.label}"
    bases: Iterable[Basis] = ()
    reasons: list[str] = []
    if isinstance(rule, CompiledRule):
        bases = rule.basis
        reasons = [
            (e.why or e.name) + ("（改为提示核实）" if e.effect == "review" else "")
            for e in rule.unless
        ]
        yield f"  状态  {STATUSES[rule.status]}"
    elif isinstance(rule, StepRule):
        bases = (basis.cited() for basis in rule.basis)
        reasons = [exception.reason for exception in rule.exceptions]
        yield f"  步骤  {rule.step}"
        yield from _term(rule)
    yield from _ground(bases, rule.message, rule.advice)
    if reasons:
        yield "  不提示的情形"
        yield from (f"    · {reason}" for reason in reasons)


def _term(rule: StepRule) -> Iterator[str]:
    """How the period of a step rule is counted."""
    if rule.test not in ("min_days", "max_days"):
        return
    bound = "不少于" if rule.test == "min_days" else "不超过"
    unit = "个工作日" if rule.unit == "工作日" else "日"
    length = f"{bound} {rule.days} {unit}；" if rule.days else ""
    local = "地方另有规定的按地方规定；" if rule.place_days else ""
    convention = f"（{rule.convention}）" if rule.convention else ""
    yield f"  期限  {length}{local}首日{rule.first_day}{convention}"


def _ground(bases: Iterable[Basis], message: str, advice: str) -> Iterator[str]:
    for basis in bases:
        days = [f"{basis.start} 起" if basis.start else "", f"至 {basis.end}" if basis.end else ""]
        force = "".join(days)
        yield f"  依据  {basis}" + (f"（{force}施行）" if force else "")
    yield f"  问题  {_PLACEHOLDER.sub('…', message)}"
    yield f"  建议  {_PLACEHOLDER.sub('…', advice)}"


def list_lines(rules: Iterable[CompiledRule | StepRule | WaiverRule]) -> Iterator[str]:
    """One line a rule: id, severity, status, title."""
    for rule in rules:
        status = getattr(rule, "status", "")
        mark = f"（{STATUSES[status]}）" if status in ("draft", "shadow", "deprecated") else ""
        yield f"{rule.id}  {rule.severity.label}  {rule.title}{mark}"
