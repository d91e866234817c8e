"""Coverage: every check that a text can answer is served by a rule or has a reason why not."""

from __future__ import annotations

import pytest

from checker.catalog import step_rules
from checker.coverage import Check, Coverage, coverage, coverage_lines
from checker.faults import read_declared
from checker.resources import resource
from checker.ruleset import load_ruleset

#: Checks still open: none.
OPEN: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def found() -> Coverage:
    return coverage(load_ruleset())


def _reasons() -> dict[str, str]:
    path = resource("rulesets", "coverage", "unserved.yaml")
    return read_declared(path, dict[str, str]).value


def test_every_text_check_is_served_or_explained(found: Coverage) -> None:
    bare = [c.id for c in found.checks if c.by_text and not c.rules and not c.reason]
    assert tuple(sorted(bare)) == OPEN


def test_reasons_are_only_for_known_checks_that_no_rule_serves(found: Coverage) -> None:
    by_id = {check.id: check for check in found.checks}
    for check_id, reason in _reasons().items():
        assert check_id in by_id, f"{check_id} is not in checks.yaml"
        assert not by_id[check_id].rules, f"{check_id} is served by {by_id[check_id].rules}"
        assert len(reason) >= 8, f"{check_id}: the reason is too short to be one"


def test_rules_name_known_checks(found: Coverage) -> None:
    known = {check.id for check in found.checks}
    for rule in load_ruleset().rules:
        assert rule.checks, f"{rule.id} names no check"
        assert set(rule.checks) <= known, f"{rule.id}: {set(rule.checks) - known}"


def test_families_narrow_the_checks() -> None:
    narrow = coverage(load_ruleset(), families=["TXT", "FMT"])
    assert {check.family for check in narrow.checks} == {"TXT", "FMT"}
    assert len(narrow.checks) == 41


def test_steps_of_the_procedure_serve_checks() -> None:
    served = coverage(load_ruleset(), steps=["PRO-101:PRO-01"], families=["PRO"])
    assert next(c for c in served.checks if c.id == "PRO-01").rules == ("PRO-101",)


def test_every_step_rule_names_checks_there_are() -> None:
    known = {check.id for check in coverage(load_ruleset(), families=["PRO"]).checks}
    for rule in step_rules():
        assert rule.checks or rule.id == "PRO-101", f"{rule.id} names no check"
        assert set(rule.checks) <= known, f"{rule.id}: {set(rule.checks) - known}"


def test_lines_name_reasons_and_totals() -> None:
    checks = (
        Check("FMT-01", ("text",), ("某标准 7.3.3",), ("FMT-001",)),
        Check("TXT-05", ("text",), ("某条例 第八条",), (), "要对照两处条文的意思"),
        Check("VAL-06", ("statutes-catalogue",), ("某规定 第五条",)),
    )
    lines = coverage_lines(Coverage(checks, (("某标准 7.3.3", ("FMT-001",)),)))
    assert "某标准 7.3.3：FMT-001" in lines
    assert "  TXT-05：要对照两处条文的意思" in lines
    assert "文本检查项目 2 个：有规则 1 个，说明不能由机器判断的 1 个，未覆盖 0 个" in lines[-1]
    assert not any("VAL-06" in line for line in lines)
