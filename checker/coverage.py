"""Coverage: which provisions of law are checked by which rules, and which by none.

``rulesets/coverage/checks.yaml`` lists the checks with their legal bases; a rule names the checks it
serves. ``unserved.yaml`` gives a reason for each check that no rule can serve from text alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.compiled import Ruleset
from checker.resources import resource


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, family, what it needs, its bases, the rules that serve it, why none does."""

    id: str
    needs: tuple[str, ...]
    basis: tuple[str, ...]
    rules: tuple[str, ...] = ()
    reason: str = ""

    @property
    def family(self) -> str:
        """Letters before the dash."""
        return self.id.split("-")[0]

    @property
    def by_text(self) -> bool:
        """Whether the text of a document is enough, with or without a register of statutes."""
        return "text" in self.needs


@dataclass(frozen=True, slots=True)
class Coverage:
    """All checks in order; provisions with the rules that serve them."""

    checks: tuple[Check, ...]
    provisions: tuple[tuple[str, tuple[str, ...]], ...]


def coverage(ruleset: Ruleset, steps: Iterable[str] = (), families: Iterable[str] = ()) -> Coverage:
    """Coverage of the checks, of some families only if given. ``steps`` are ids of procedure rules
    as ``id:check``. Raises DeclarationError if the lists are malformed."""
    from checker.faults import read_declared

    folder = resource("rulesets", "coverage")
    reasons = read_declared(folder / "unserved.yaml", dict[str, str]).value
    wanted = frozenset(families)
    serving: dict[str, list[str]] = {}
    for rule in ruleset.rules:
        for check in rule.checks:
            serving.setdefault(check, []).append(rule.id)
    for step in steps:
        rule_id, _, check = step.partition(":")
        serving.setdefault(check, []).append(rule_id)
    checks = tuple(
        Check(row.id, row.needs, row.basis, tuple(serving.get(row.id, ())), reasons.get(row.id, ""))
        for row in read_declared(folder / "checks.yaml", tuple[Check, ...]).value
        if not wanted or row.family in wanted
    )
    provisions: dict[str, set[str]] = {}
    for found in checks:
        for basis in found.basis:
            provisions.setdefault(basis, set()).update(found.rules)
    return Coverage(checks, tuple((b, tuple(sorted(r))) for b, r in sorted(provisions.items())))


def coverage_lines(found: Coverage) -> list[str]:
    """The report a reader sees: provisions with rules, checks served by none, totals."""
    lines = [f"{basis}：{'、'.join(rules) or '（无规则）'}" for basis, rules in found.provisions]
    text = [check for check in found.checks if check.by_text]
    open_ones = [check for check in text if not check.rules]
    lines += ["", "没有规则的文本检查项目："]
    lines += [f"  {check.id}：{check.reason or '尚无规则，也未说明原因'}" for check in open_ones]
    served = len(text) - len(open_ones)
    explained = sum(bool(check.reason) for check in open_ones)
    lines.append(
        f"文本检查项目 {len(text)} 个：有规则 {served} 个，说明不能由机器判断的 {explained} 个，"
        f"未覆盖 {len(open_ones) - explained} 个；条款 {len(found.provisions)} 条，"
        f"有规则的 {sum(bool(rules) for _, rules in found.provisions)} 条"
    )
    papers = [check for check in found.checks if not check.by_text and "dossier" in check.needs]
    if papers:
        served = sum(bool(check.rules) for check in papers)
        lines.append(f"卷宗检查项目 {len(papers)} 个：有程序规则 {served} 个")
    return lines
