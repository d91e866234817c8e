"""Steps: the rules of procedure as data."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from checker.faults import DeclarationError
from checker.resources import resource
from checker.steps import load_procedure_rules

FOLDER = resource("rulesets", "procedure")
RULES = load_procedure_rules(FOLDER)
GOOD = (FOLDER / "PRO-105.yaml").read_text(encoding="utf-8")


def test_shipped_rules() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    for rule in RULES:
        assert rule.bases(date(2024, 10, 1)), f"{rule.id} 在 2024-10-01 没有施行的依据"
        assert "违法" not in rule.title + rule.message + rule.advice
        assert re.search(r"[。）]$", rule.message)


def test_basis_is_cited_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    text = GOOD.replace("from: 2020-01-01", "from: 2020-01-01, to: 2021-12-31")
    (tmp_path / "PRO-105.yaml").write_text(text, encoding="utf-8")
    (rule,) = load_procedure_rules(tmp_path)
    assert [
        bool(rule.bases(day))
        for day in (date(2019, 12, 31), date(2020, 1, 1), date(2021, 12, 31), date(2022, 1, 1))
    ] == [False, True, True, False]


def test_no_rules(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有程序规则"):
        load_procedure_rules(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("id: PRO-105", "id: PRO-5", 1, "三位数字"),
        ("id: PRO-105", "id: PRO-106", 1, "文件名"),
        ("severity: error", "severity: eror", 3, "是否要写“error”"),
        ("material: 征求意见公告", "material: 征求意见的公告", 5, "是否要写“征求意见公告”"),
        ("test: min_days", "test: min_day", 6, "是否要写“min_days”"),
        ("days: 30", "day: 30", 7, "是否要写“days”"),
        ("days: 30\nplace_days: comment_days\n", "", 6, "需要写明“days”"),
        ("days: 30", "days: 三十", 7, "整数"),
        ("required_when: [market]", "required_when: [markets]", 11, "没有“markets”这种情形"),
        ("when: repealing", "when: repeal", 16, "是否要写“repealing”"),
        ("step: 公开征求意见", "step: 公开征求", 4, "是否要写“公开征求意见”"),
        ("place_days: comment_days", "place_days: comment_day", 8, "是否要写“comment_days”"),
        ("test: min_days", "test: disagrees", 6, "需要写明“about”"),
        ("from: 2020-01-01", "from: 施行日", 14, "日期"),
        ("at: 第六十二条第二款", "article: 第六十二条第二款", 14, "“at”"),
        ("{arithmetic}", "{arithmetics}", 19, "是否要写"),
        ("{arithmetic}", "{arithmetic", 19, "花括号"),
        ("title: 涉企文件公开征求意见不足30日\n", "", 1, "缺少“title”"),
    ],
)
def test_wrong_rule(tmp_path: Path, old: str, new: str, line: int, expected: str) -> None:
    assert old in GOOD
    (tmp_path / "PRO-105.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_procedure_rules(tmp_path)
    messages = [f.message for f in caught.value.faults if f.line == line]
    assert any(expected in message for message in messages), str(caught.value)


def test_faults_of_all_files_at_once(tmp_path: Path) -> None:
    for name in ("PRO-105", "PRO-106"):
        text = GOOD.replace("PRO-105", name).replace("error", "eror").replace("days: 30", "day: 30")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_procedure_rules(tmp_path)
    assert {f.file for f in caught.value.faults} == {"PRO-105.yaml", "PRO-106.yaml"}
    assert len(caught.value.faults) >= 4
