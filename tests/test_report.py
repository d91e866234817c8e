"""Report, counts, the closing line, exit codes, JSON and its published schema."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker.findings import Basis, Finding, Severity
from checker.procedure import State, StepResult
from checker.report import Counts, Coverage, Report, Tally, in_order

SCHEMA = Path(__file__).parent.parent / "docs" / "schema" / "report.schema.json"


def finding(severity: Severity = Severity.ERROR, start: int = 0, rule: str = "FEE-001") -> Finding:
    return Finding(
        rule, "收费", "FEE", severity, start, start + 3, "保证金", "第五条", "收取保证金", "删去",
        (Basis("优化营商环境条例", "第二十五条", "", date(2020, 1, 1)),), "缴存保证金的", "f" * 16,
    )  # fmt: skip


def full_report() -> Report:
    return Report(
        name="办法.docx",
        findings=(finding(), finding(Severity.INFO, 9)),
        steps=(
            StepResult("公开征求意见", State.WRONG, "征求意见.docx", "2024年3月1日", "少于30日"),
        ),
        exempted=2,
        gaps=("第 2 页是图片",),
        notes=("按 GB18030 编码读取",),
        coverage=Coverage(120, 7, 30, (("table", 1),)),
        as_of=date(2024, 9, 1),
        as_of_from="指定",
        profile="national",
        ruleset="abc123",
    )


def test_a_report_is_complete_only_without_gaps_and_errors() -> None:
    assert Report("a").complete
    assert not Report("a", gaps=("图片",)).complete
    assert not Report("a", error="文件为空").complete


def test_findings_are_in_order_of_position_then_rule() -> None:
    shuffled = [
        finding(start=8),
        finding(start=2, rule="PEN-002"),
        finding(start=2, rule="FEE-001"),
    ]
    assert [(f.start, f.rule) for f in in_order(shuffled)] == [
        (2, "FEE-001"), (2, "PEN-002"), (8, "FEE-001"),
    ]  # fmt: skip


def test_json_says_all_and_is_the_same_each_time() -> None:
    report = full_report()
    data = json.loads(report.to_json())
    assert data["schema"] == "checker-report/1"
    assert data["counts"] == {"error": 1, "warning": 0, "info": 1}
    assert data["complete"] is False
    assert data["as_of"] == "2024-09-01"
    assert data["findings"][0]["basis"][0] == {
        "law": "优化营商环境条例", "at": "第二十五条", "number": "",
        "from": "2020-01-01", "to": None, "text": "《优化营商环境条例》第二十五条",
        "words": "", "words_from": "",
    }  # fmt: skip
    assert data["steps"][0]["state"] == "不符"
    assert report.to_json() == full_report().to_json()
    assert json.loads(report.to_json(indent=2)) == data


def test_json_can_always_be_written_as_utf_8() -> None:
    text = Report("坏\ud800名.txt").to_json()
    assert json.loads(text.encode("utf-8"))["name"] == "坏\ud800名.txt"


def test_published_schema_is_in_step_and_every_report_keeps_to_it() -> None:
    from checker.render.schema import ReportShape, report_schema

    assert SCHEMA.read_text(encoding="utf-8") == report_schema(), "运行 make schema 更新"
    for report in (
        full_report(),
        Report("空.txt", error="文件为空"),
        Report("a", waived=(finding(),)),
    ):
        ReportShape.model_validate_json(report.to_json(), strict=True)


def test_schema_refuses_what_a_report_never_holds() -> None:
    from pydantic import ValidationError

    from checker.render.schema import ReportShape

    data = json.loads(full_report().to_json())
    with pytest.raises(ValidationError):
        ReportShape.model_validate(data | {"verdict": "违法"})
    with pytest.raises(ValidationError):
        ReportShape.model_validate({k: v for k, v in data.items() if k != "gaps"})


def test_closing_line_has_one_form() -> None:
    tally = Tally()
    for report in (
        Report("a", findings=(finding(), finding(), finding(Severity.WARNING, 5))),
        Report("b", findings=(finding(Severity.INFO),)),
        Report("c", gaps=("图片",), waived=(finding(), finding())),
        Report("d", error="文件为空"),
    ):
        tally = tally.plus(report)
    assert (
        tally.closing == "检查 4 份：1 份有问题线索（错误 2、提醒 1），2 份未能完整检查，2 处已豁免"
    )


@pytest.mark.parametrize(
    ("reports", "codes"),
    [
        ((), (0, 0, 0)),
        ((Report("a"),), (0, 0, 0)),
        ((Report("a", findings=(finding(),)),), (1, 1, 1)),
        ((Report("a", findings=(finding(Severity.WARNING),)),), (0, 1, 1)),
        ((Report("a", findings=(finding(Severity.INFO),)),), (0, 0, 1)),
        ((Report("a", findings=(finding(Severity.INFO),), gaps=("图片",)),), (3, 3, 1)),
        ((Report("a", error="文件为空"), Report("b")), (3, 3, 3)),
        ((Report("a", error="文件为空"), Report("b", findings=(finding(),))), (1, 1, 1)),
        ((Report("a", waived=(finding(),)),), (0, 0, 0)),
        ((Report("a", error="故障", internal=True), Report("b", findings=(finding(),))), (2, 2, 2)),
    ],
)
def test_exit_code(reports: tuple[Report, ...], codes: tuple[int, int, int]) -> None:
    tally = Tally()
    for report in reports:
        tally = tally.plus(report)
    assert tuple(tally.exit_code(s) for s in Severity) == codes


def test_counts_add_up() -> None:
    assert Counts(1, 2, 3) + Counts(1, 1, 1) == Counts(2, 3, 4)
    assert [Counts(1, 2, 3).at_least(s) for s in Severity] == [1, 3, 6]
