"""Text and JSON of a run."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.findings import Basis, Finding, Severity
from checker.procedure import State, StepResult
from checker.render.json import JsonWriter
from checker.render.schema import RunShape
from checker.render.text import AROUND, TextWriter, excerpt, report_lines, visible
from checker.report import Report, Tally

FINDING = Finding(
    rule="FEE-003",
    title="无依据设立涉企保证金",
    family="FEE",
    severity=Severity.ERROR,
    start=8,
    end=15,
    quote="缴存文明保证金",
    address="第五条第二款",
    message="要求缴存“文明保证金”，本条未见法律、行政法规依据。",
    advice="写明依据；没有依据的删去。",
    basis=(Basis("优化营商环境条例", "第二十五条"),),
    clause="经营者应当在开业前缴存文明保证金五千元。",
    also=("FEE-001",),
    softened="引用了规范性文件，按提醒处理",
)
REPORT = Report(
    "办法.docx", (FINDING,), gaps=("第 2 页是图片",), as_of=date(2024, 9, 1), as_of_from="成文日期",
    notes=("按接受修订后的文本检查",), exempted=3, ruleset="abc", profile="national",
    steps=(
        StepResult(
            "公开征求意见", State.WRONG, "2.txt", arithmetic="2024-03-01 至 2024-03-15，共 15 日，少 15 日"
        ),
        StepResult("合法性审核", State.MISSING, note="没有合法性审核意见", stop="缺少合法性审核意见"),
    ),
)  # fmt: skip
EXPECTED = """\
办法.docx  错误 1，未能完整检查  （按成文日期 2024-09-01 有效的规定）
  说明  按接受修订后的文本检查
  未检查  第 2 页是图片
  程序  缺失 1、不符 1
  先解决  缺少合法性审核意见。解决之前不宜提交集体审议、印发。
  不符　　  公开征求意见：2.txt
            2024-03-01 至 2024-03-15，共 15 日，少 15 日
  缺失　　  合法性审核
            没有合法性审核意见

  错误 FEE-003 无依据设立涉企保证金  第五条第二款
    原文  经营者应当在开业前〔缴存文明保证金〕五千元。
    问题  要求缴存“文明保证金”，本条未见法律、行政法规依据。
    依据  《优化营商环境条例》第二十五条
    建议  写明依据；没有依据的删去。
    说明  引用了规范性文件，按提醒处理
    同见  FEE-001
"""


def written(reports: list[Report], **settings: bool) -> str:
    stream, tally = io.StringIO(), Tally()
    writer = TextWriter(stream, **settings)
    for report in reports:
        writer.add(report)
        tally = tally.plus(report)
    writer.close(tally)
    return stream.getvalue()


def test_every_line_of_a_report() -> None:
    assert "".join(f"{line.plain}\n" for line in report_lines(REPORT)) == EXPECTED


def test_a_run_ends_with_what_made_it_and_the_closing_line() -> None:
    lines = written([REPORT, Report("b.txt"), Report("c.txt", error="文件为空")]).splitlines()
    assert lines[-7:-4] == ["", "b.txt  未发现问题线索", "c.txt  未能检查：文件为空"]
    assert "没有提示不等于合法" in lines[-3]
    assert re.fullmatch(r"checker \S+ · 规则集 abc · 适用方案 national", lines[-2])
    assert lines[-1].startswith("检查 3 份：1 份有问题线索（错误 1、提醒 0），2 份未能完整检查")


def test_quiet_leaves_the_closing_line_and_verbose_counts_exemptions_apart() -> None:
    assert written([REPORT], quiet=True).count("\n") == 1
    assert "另有 3 处符合规则所列豁免条件" in written([REPORT], verbose=True)
    assert "豁免条件" not in written([REPORT])


def test_a_provision_is_shown_in_short_and_with_verbose_every_one() -> None:
    laws = [Basis("甲法", f"第{n}条", words=n * 130, words_from="某文本") for n in "一二"]
    finding = replace(FINDING, basis=(Basis("乙法"), *laws), cited=(laws[1],))
    short = [line.plain.strip() for line in report_lines(Report("a", (finding,)))]
    worded = [line for line in short if line.startswith(("条文", "所引"))]
    assert worded == [
        f"条文  《甲法》第一条：{'一' * 120}…（某文本）",
        f"所引  《甲法》第二条：{'二' * 120}…（某文本）",
    ]
    every = [line.plain for line in report_lines(Report("a", (finding,)), verbose=True)]
    assert sum(line.startswith("    条文  ") for line in every) == 2


def test_nothing_found_in_an_unread_part_is_not_nothing_found() -> None:
    assert "未发现问题线索，但未能完整检查" in written([Report("a", gaps=("图片",))])


@pytest.mark.parametrize("no_color", [True, False])
def test_a_terminal_gets_the_same_words(monkeypatch: pytest.MonkeyPatch, no_color: bool) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    coloured = written([REPORT], terminal=True)
    assert ("\x1b[1;31m" in coloured) is not no_color
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert max(map(len, bare.splitlines())) <= 60
    assert re.sub(r"\s", "", bare) == re.sub(r"\s", "", written([REPORT]))


def test_words_of_a_document_never_steer_the_terminal() -> None:
    hostile = replace(
        FINDING, clause="甲\x1b[31m\x07缴存\u202e保证金\r\n\t乙\x9b2J", quote="缴存\u202e保证金"
    )
    text = written([Report("坏\x1b]0;名\x07.txt", (hostile,))])
    assert "甲<U+001B>[31m〔缴存<U+202E>保证金〕乙<U+009B>2J" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@given(st.text())
def test_visible_is_one_line_that_utf_8_can_carry(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    shown.encode("utf-8")
    assert visible(shown) == shown


@given(st.text(alphabet="甲乙丙"), st.text(alphabet="丁戊", min_size=1), st.text(alphabet="己庚"))
def test_excerpt_keeps_the_quote_in_its_place(before: str, quote: str, after: str) -> None:
    clause = before + quote + after
    left, middle, right = excerpt(replace(FINDING, quote=quote, clause=clause))
    assert middle == quote
    assert before.endswith(left.lstrip("…")) and after.startswith(right.rstrip("…"))
    assert len(left) <= AROUND + 1 and len(right) <= AROUND + 1


def test_excerpt_without_its_clause_is_the_quote() -> None:
    assert excerpt(replace(FINDING, clause="")) == ("", FINDING.quote, "")
    assert excerpt(replace(FINDING, clause="别的话")) == ("", FINDING.quote, "")
    assert excerpt(replace(FINDING, quote="", clause="全文")) == ("", "", "")


@pytest.mark.parametrize("reports", [[], [REPORT], [REPORT, Report("b", error="文件为空")]])
def test_json_of_a_run_is_one_value_of_the_published_shape(reports: list[Report]) -> None:
    stream, tally = io.StringIO(), Tally()
    writer = JsonWriter(stream)
    for report in reports:
        writer.add(report)
        tally = tally.plus(report)
    writer.close(tally)
    run = RunShape.model_validate_json(stream.getvalue(), strict=True)
    assert [r.name for r in run.reports] == [r.name for r in reports]
    assert run.summary.closing == tally.closing
    assert json.loads(stream.getvalue())["summary"]["counts"]["error"] == len(reports[:1])
