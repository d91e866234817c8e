"""Dossiers: whole ones, real files, in the manner of eight offices; every expected finding, no other."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import Checker
from checker.dossier import read_dossier
from checker.faults import read_declared
from checker.findings import Severity
from checker.resources import resource
from checker.sources import read_path
from checker.steps import load_procedure_rules
from tests.dossiers.build import MADE, build, files_of, house, variants

HERE = Path(__file__).parent / "dossiers"
VARIANTS = variants()
ROLES = read_declared(HERE / "roles.yaml", dict[str, dict[str, str]]).value


@cache
def checker(place: str) -> Checker:
    return Checker(place=place)


def named(variant: dict[str, Any]) -> str:
    return str(variant["name"])


@pytest.mark.parametrize("variant", VARIANTS, ids=named)
def test_every_expected_finding_and_no_other(variant: dict[str, Any]) -> None:
    as_of = date.fromisoformat(variant["as_of"]) if "as_of" in variant else None
    report = checker(variant.get("place", "")).check_dossier(MADE / variant["name"], as_of)
    assert not report.error
    counted = [f for f in report.findings if f.family == "PRO" or f.severity is not Severity.INFO]
    assert Counter(f.rule for f in counted) == Counter(variant["expect"])
    for finding in report.findings:
        assert "{" not in finding.message + finding.advice
        assert finding.basis or finding.family != "PRO", "every finding rests on a law in force"


def test_there_are_enough_of_every_kind() -> None:
    assert len(VARIANTS) >= 24
    assert len({v["place"] for v in VARIANTS if "place" in v}) >= 3
    assert {v["house"] for v in VARIANTS} == {*ROLES}
    assert len({named(v) for v in VARIANTS}) == len(VARIANTS)


def test_every_rule_fires_somewhere() -> None:
    changes = yaml.load((HERE / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    fired = {code for case in (*changes, *VARIANTS) for code in case["expect"]}
    rules = {rule.id for rule in load_procedure_rules(resource("rulesets", "procedure"))}
    assert rules - fired == set()


@pytest.mark.parametrize("variant", VARIANTS, ids=named)
def test_the_files_are_those_the_script_makes(variant: dict[str, Any], tmp_path: Path) -> None:
    made, again = MADE / variant["name"], build(variant, tmp_path / "d")
    assert sorted(p.name for p in made.iterdir()) == sorted(p.name for p in again.iterdir())
    for path in again.iterdir():
        assert read_path(made / path.name).text == read_path(path).text, path.name


def recognised(variant: dict[str, Any], folder: Path) -> tuple[int, int]:
    """How many papers are recognised with scrambled names and without dossier.yaml, of how many."""
    known = {**ROLES[variant["house"]], **variant.get("roles", {})}
    build(variant, folder)
    (folder / "dossier.yaml").unlink(missing_ok=True)
    paths = sorted(folder.iterdir())
    random.Random(variant["name"]).shuffle(paths)
    truth = {}
    for i, path in enumerate(paths):
        name = f"doc{i}{path.suffix}"
        truth[name] = known[path.name]
        path.rename(folder / name)
    found = {m.name: m.role for m in read_dossier(folder).materials if not m.within}
    return sum(found.get(name) == role for name, role in truth.items()), len(truth)


def test_papers_are_told_by_content_alone(tmp_path: Path) -> None:
    counts = [recognised(v, tmp_path / str(i)) for i, v in enumerate(VARIANTS)]
    right, total = (sum(column) for column in zip(*counts, strict=True))
    assert total > 500
    assert right / total >= 0.95, f"{right}/{total}"


def test_papers_are_told_under_their_own_names_too() -> None:
    for variant in VARIANTS:
        if variant["expect"]:
            continue
        known = {**ROLES[variant["house"]], **variant.get("roles", {})}
        found = read_dossier(MADE / variant["name"], stated=False).materials
        files = [m for m in found if not m.within]
        assert {m.name: m.role for m in files} == {m.name: known[m.name] for m in files}


def test_houses_are_whole() -> None:
    for name, roles in ROLES.items():
        assert {*house(name)} - {"dossier.yaml"} == {*roles}
    assert all(files_of(v) for v in VARIANTS)


def steps(variant: str, place: str = "") -> dict[str, Any]:
    report = checker(place).check_dossier(MADE / variant, date(2025, 6, 30))
    return {step.title: step for step in report.steps}


def test_the_same_day_of_filing_is_judged_by_the_place() -> None:
    late = "2025-05-22 至 2025-06-18，共 27 日"
    assert steps("厅-备案迟")["备案"].arithmetic == f"{late}，多 12 日"
    assert steps("厅-备案迟-山东三十日", "山东")["备案"].arithmetic == late
    shanghai = steps("厅-备案迟-上海十五个工作日", "上海")["备案"]
    assert shanghai.arithmetic == "2025-05-22 至 2025-06-18，共 18 个工作日，多 3 日"
    assert "上海的规定，条文未核" in shanghai.note


def test_a_figure_that_was_not_read_is_only_a_hint() -> None:
    report = checker("上海").check_dossier(MADE / "厅-备案迟-上海十五个工作日")
    (finding,) = [f for f in report.findings if f.family == "PRO"]
    assert finding.severity is Severity.INFO
    assert finding.softened
    assert "上海市行政规范性文件管理规定" in str(finding.basis[0])


def test_the_arithmetic_crosses_spring_festival_and_swapped_days() -> None:
    late = steps("市-公布迟")["公布"]
    assert late.arithmetic == "2025-03-03 至 2025-04-03，共 23 个工作日，多 3 日"
    review = steps("市-审查六个工作日跨调休")["审核时限"]
    assert "2025-02-05 至 2025-02-12，共 6 个工作日，少 1 日" in review.arithmetic
    long = steps("局-审核过长跨春节")["审核时限"]
    assert "2026-02-02 至 2026-03-06，共 20 个工作日，多 5 日" in long.arithmetic


def test_a_hard_stop_is_an_error_and_is_said_first() -> None:
    for name in ("局-缺合法性审核", "局-先会后审"):
        report = checker("").check_dossier(MADE / name, date(2026, 2, 12))
        assert report.counts.error == 1
        assert [step.stop for step in report.steps if step.stop]
