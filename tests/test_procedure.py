"""Procedure: each case of tests/dossiers/cases.yaml is the complete dossier with a change."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import Checker
from checker.dossier import read_dossier
from checker.findings import Finding, Severity, fingerprint
from checker.places import place
from checker.procedure import ProcedureResult, State, check_procedure
from checker.resources import resource
from checker.steps import load_procedure_rules
from checker.workdays import load_calendar

HERE = Path(__file__).parent / "dossiers"
CASES = yaml.load((HERE / "cases.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
RULES = load_procedure_rules(resource("rulesets", "procedure"))
DAY = date(2024, 10, 1)
#: Stands for any finding about fair competition in the text of a draft.
MARKET = Finding("MKT-001", "", "MKT", Severity.ERROR, 0, 0, "", "", "", "")


def build(folder: Path, case: dict[str, Any]) -> Path:
    """The complete dossier with the changes of a case."""
    shutil.copytree(HERE / "complete", folder)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, words in case.get("change", {}).items():
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text, f"{name} 中没有“{old}”"
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in case.get("write", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    if "statement" in case:
        text = yaml.safe_dump(case["statement"], allow_unicode=True).replace("'", "")
        (folder / "dossier.yaml").write_text(text, encoding="utf-8")
    return folder


def check(folder: Path, *, market: bool = False, as_of: date = DAY) -> ProcedureResult:
    return check_procedure(
        read_dossier(folder),
        RULES,
        place=place("全国"),
        as_of=as_of,
        calendar=load_calendar(),
        findings=(MARKET,) if market else (),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    result = check(build(tmp_path / "d", case), market=case.get("market") == "true")
    assert [f.rule for f in result.findings] == case["expect"]
    for finding in result.findings:
        assert "{" not in finding.message + finding.advice
        assert finding.basis, "every finding rests on a law in force"
        assert (finding.start, finding.end, finding.quote) == (0, 0, "")


def states(result: ProcedureResult) -> dict[str, State]:
    return {step.title: step.state for step in result.steps}


def test_steps_of_a_complete_dossier(tmp_path: Path) -> None:
    result = check(build(tmp_path / "d", {}))
    assert set(states(result).values()) == {State.DONE}
    consultation = next(step for step in result.steps if step.title == "公开征求意见")
    assert consultation.material == "a7.txt"
    assert consultation.dates == ""
    assert consultation.arithmetic == "2024-03-01 至 2024-03-31，共 31 日"
    assert consultation.note == "不少于30日"


def test_states_of_a_faulty_dossier(tmp_path: Path) -> None:
    case = {
        "remove": ["b3.txt"],
        "change": {
            "新建文本文档.txt": {"2024年4月22日": "2024年5月6日"},
            "x.txt": {"4月28日上午": "日前", "2024年4月30日印发": "印发"},
        },
    }
    found = states(check(build(tmp_path / "d", case)))
    assert found["意见采纳情况"] is State.MISSING
    assert found["集体审议"] is State.UNKNOWN
    assert found["合法性审核"] is State.UNKNOWN, "without the day of the meeting nobody can tell"
    assert found["起草说明"] is State.DONE


def test_a_step_that_is_not_required_says_why(tmp_path: Path) -> None:
    folder = build(tmp_path / "d", {"remove": ["扫描件5.txt"], "statement": {"market": "false"}})
    step = next(s for s in check(folder).steps if s.title == "公平竞争审查")
    assert step.state is State.EXEMPT
    assert "未见涉及经营者" in step.note


def test_an_exception_is_shown_with_its_reason(tmp_path: Path) -> None:
    folder = build(
        tmp_path / "d", {"remove": ["a7.txt", "b3.txt"], "statement": {"urgent": "防汛抢险"}}
    )
    step = next(s for s in check(folder).steps if s.title == "公开征求意见")
    assert step.state is State.EXEMPT
    assert "防汛抢险" in step.note


def test_short_consultation_says_what_was_counted(tmp_path: Path) -> None:
    change = {"a7.txt": {"2024年3月1日至3月31日": "2024年3月1日至3月15日"}}
    (finding,) = check(build(tmp_path / "d", {"change": change})).findings
    assert finding.severity is Severity.ERROR
    assert finding.address == "征求意见公告"
    for words in ("2024-03-01 至 2024-03-15，共 15 日，少 15 日", "30日", "首尾两日都计入"):
        assert words in finding.message
    assert str(finding.basis[0]) == "《优化营商环境条例》（国务院令第722号）第六十二条第二款"


def test_unreadable_material_is_neither_missing_nor_good(tmp_path: Path) -> None:
    folder = build(tmp_path / "d", {"remove": ["新建文本文档.txt"]})
    (folder / "合法性审核意见.pdf").write_bytes(b"%PDF-1.4 scanned")
    result = check(folder)
    assert result.findings == ()
    assert states(result)["合法性审核"] is State.UNKNOWN


def test_a_stated_date_does_not_make_an_unread_opinion_lack_a_conclusion(tmp_path: Path) -> None:
    folder = build(tmp_path / "d", {"remove": ["新建文本文档.txt"]})
    (folder / "7.pdf").write_bytes(b"%PDF-1.4 scanned")
    statement = "materials: [{role: 合法性审核意见, file: 7.pdf, date: 2024-05-06}]\n"
    (folder / "dossier.yaml").write_text(statement, encoding="utf-8")
    result = check(folder)
    assert [f.rule for f in result.findings] == ["PRO-112"]
    step = next(s for s in result.steps if s.title == "合法性审核")
    assert "7.pdf 未能核对内容" in step.note


def test_missing_material_may_be_in_an_unreadable_file(tmp_path: Path) -> None:
    folder = build(tmp_path / "d", {"remove": ["新建文本文档.txt"]})
    (folder / "7.pdf").write_bytes(b"%PDF-1.4 scanned")
    (finding,) = check(folder).findings
    assert finding.rule == "PRO-109"
    assert "7.pdf" in finding.message


def test_only_law_in_force_is_cited(tmp_path: Path) -> None:
    folder = build(tmp_path / "d", {"remove": ["扫描件5.txt", "新建文本文档.txt"]})
    before = {f.rule: f for f in check(folder, as_of=date(2024, 7, 31)).findings}
    assert [str(b) for b in before["PRO-115"].basis] == ["《优化营商环境条例》第六十三条第一款"]
    after = {f.rule: f for f in check(folder, as_of=date(2024, 8, 1)).findings}
    assert after["PRO-115"].basis[0].law == "公平竞争审查条例"
    assert check(folder, as_of=date(2018, 1, 1)).findings == ()


def test_fingerprints_are_stable_and_distinct(tmp_path: Path) -> None:
    paper = "合法性审核意见\n经审核，没有意见。\n2024年4月9日\n"
    folder = build(tmp_path / "d", {"write": {"甲.txt": paper, "乙.txt": paper}})
    findings = check(folder).findings
    assert [f.rule for f in findings] == ["PRO-110", "PRO-110"]
    assert len({f.fingerprint for f in findings}) == 2
    assert findings[0].fingerprint == fingerprint("PRO-110", "合法性审核意见", "", 0)
    assert check(folder) == check(folder)


@pytest.mark.parametrize(
    ("folder", "expect"),
    [("complete", []), ("faulty", ["PRO-105", "PRO-108", "PRO-110", "PRO-112", "PRO-115"])],
)
def test_examples(folder: str, expect: list[str]) -> None:
    result = check(resource("examples", "dossiers", folder))
    assert [f.rule for f in result.findings] == expect


def test_a_year_without_arrangement_is_not_guessed(tmp_path: Path) -> None:
    change = {
        "a7.txt": {
            "征求意见时间：2024年3月1日至3月31日": "征求意见期限为7个工作日",
            "2024年": "2031年",
        },
        "新建文本文档.txt": {"2024年": "2031年"},
        "x.txt": {"2024": "2031"},
    }
    result = check(build(tmp_path / "d", {"change": change}))
    steps = {step.title: step for step in result.steps}
    for title in ("公开征求意见", "审核时限"):
        assert steps[title].state is State.UNKNOWN
        assert "没有2031年的节假日安排" in steps[title].note
        assert steps[title].arithmetic == ""
    assert "PRO-105" not in {finding.rule for finding in result.findings}


def test_a_rule_folder_may_bring_the_arrangement_of_a_year(tmp_path: Path) -> None:
    folder = build(
        tmp_path / "d",
        {"change": {"新建文本文档.txt": {"2024年": "2031年"}, "x.txt": {"2024": "2031"}}},
    )
    rules = tmp_path / "规则"
    rules.mkdir()
    (rules / "holidays.yaml").write_text(
        "years:\n  - {year: 2031, source: 示例, off: [2031-04-14]}\n", encoding="utf-8"
    )
    report = Checker(rulesets=[rules]).check_dossier(folder)
    (step,) = [step for step in report.steps if step.title == "审核时限"]
    assert step.arithmetic == "2031-04-12 至 2031-04-22，共 6 个工作日"


def test_what_a_fee_or_a_licence_in_the_text_asks_for(tmp_path: Path) -> None:
    fee = Finding("FEE-003", "", "FEE", Severity.ERROR, 0, 0, "", "", "", "")
    result = check_procedure(
        read_dossier(build(tmp_path / "d", {})),
        RULES,
        place=place("全国"),
        as_of=DAY,
        calendar=load_calendar(),
        findings=(fee,),
    )
    assert [finding.rule for finding in result.findings] == ["PRO-166"]
    assert states(result)["收费依据"] is State.MISSING
