"""One rule, or a list of rules, for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checker.findings import Basis

if TYPE_CHECKING:
    from checker.compiled import CompiledRule
    from checker.steps import StepRule

STATUSES = {
    "draft": "起草中，不运行",
    "shadow": "静默观察，不提示",
    "test": "试用",
    "stable": "稳定",
    "deprecated": "已停用",
}


def rule_lines(rule: CompiledRule, family: str) -> Iterator[str]:
    """What a rule of text is about, what it rests on, what it lets pass."""
    yield f"{rule.id}  {rule.title}"
    yield f"  门类  {family}（{rule.family}）"
    yield f"  级别  {rule.severity.label}"
    yield f"  状态  {STATUSES[rule.status]}"
    yield from _ground(rule.basis, rule.message, rule.advice)
    if rule.unless:
        yield "  不提示的情形"
    for exemption in rule.unless:
        effect = "（改为提示核实）" if exemption.effect == "review" else ""
        yield f"    · {exemption.why or exemption.name}{effect}"
    if rule.origin:
        yield f"  出处  {rule.origin}"


def step_lines(rule: StepRule) -> Iterator[str]:
    """What a rule of procedure asks for and where it does not hold."""
    yield f"{rule.id}  {rule.title}"
    yield "  门类  制定程序（PRO）"
    yield f"  级别  {rule.severity.label}"
    yield f"  步骤  {rule.step}"
    yield from _ground([basis.cited() for basis in rule.basis], rule.message, rule.advice)
    if rule.exceptions:
        yield "  不提示的情形"
    for exception in rule.exceptions:
        yield f"    · {exception.reason}"


def _ground(bases: Iterable[Basis], message: str, advice: str) -> Iterator[str]:
    for basis in bases:
        days = [f"{basis.start} 起" if basis.start else "", f"至 {basis.end}" if basis.end else ""]
        force = "".join(days)
        yield f"  依据  {basis}" + (f"（{force}施行）" if force else "")
    yield f"  问题  {message}"
    yield f"  建议  {advice}"


def list_lines(rules: Iterable[CompiledRule | StepRule]) -> Iterator[str]:
    """One line a rule: id, severity, status, title."""
    for rule in rules:
        status = getattr(rule, "status", "")
        mark = f"（{STATUSES[status]}）" if status in ("draft", "shadow", "deprecated") else ""
        yield f"{rule.id}  {rule.severity.label}  {rule.title}{mark}"
