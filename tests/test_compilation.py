"""Compilation: every fault of every file at once, each with file, line and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.compilation import compile_ruleset
from checker.faults import DeclarationError
from checker.ruleset import load_ruleset, ruleset_files

GOOD = """\
id: FEE-001
title: 试验规则
severity: error
basis: [{law: 试验法, at: 第一条, from: 2020-01-01}]
find: ["[缴存] …4 押金"]
unless: [prohibited]
message: 试验用的说明
advice: 试验
flag: [甲甲, 乙乙, 丙丙]
pass: [甲甲, 乙乙, 丙丙]
"""


def compiled(folder: Path, rule: str) -> list[str]:
    """Messages of the faults of a small ruleset with this rule."""
    (folder / "lists").mkdir()
    (folder / "lists" / "words.yaml").write_text("缴存: {words: [缴纳, 交纳]}\n", encoding="utf-8")
    (folder / "families.yaml").write_text("FEE: {title: 收费}\n", encoding="utf-8")
    (folder / "FEE-001.yaml").write_text(rule, encoding="utf-8")
    try:
        compile_ruleset(ruleset_files((folder,)), "test")
    except DeclarationError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_good_rule_has_no_faults(tmp_path: Path) -> None:
    assert compiled(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("severity: error", "severity: eror", ["第3行", "error"]),
        ("severity: error", "severty: error", ["第3行", "severity"]),
        ("[缴存]", "[缴纯]", ["第5行", "[缴存]"]),
        ("unless: [prohibited]", "unless: [prohibted]", ["第6行", "prohibited"]),
        ("2020-01-01", "2020-13-01", ["第4行", "日期"]),
        ("id: FEE-001", "id: FEE-002", ["第1行", "文件名"]),
        ("…4 押金", "…4 (押金", ["第5行", "读不懂"]),
        ('find: ["[缴存] …4 押金"]', "find: [{modality: obligation}]", ["第5行", "text"]),
        ("title: 试验规则", "title: 试验规则\ntitle: 又一次", ["第3行", "两次"]),
        ("flag: [甲甲, 乙乙, 丙丙]", "flag: [甲甲]", ["第9行", "3"]),
    ],
)
def test_fault(old: str, new: str, words: list[str], tmp_path: Path) -> None:
    faults = compiled(tmp_path, GOOD.replace(old, new))
    assert any(all(word in fault for word in words) for fault in faults), faults


def test_three_faults_come_together(tmp_path: Path) -> None:
    rule = GOOD.replace("severity: error", "severity: eror").replace("advice: 试验", "advise: 试验")
    rule = rule.replace("2020-01-01", "去年")
    faults = compiled(tmp_path, rule)
    assert {"第3行", "第4行", "第8行"} <= {f.split("：")[0].split(" ")[1] for f in faults}


def test_lists_that_name_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.yaml").write_text(
        "甲: {words: [子], include: [乙]}\n乙: {words: [丑], include: [甲, 丙]}\n", encoding="utf-8"
    )
    with pytest.raises(DeclarationError) as caught:
        compile_ruleset(ruleset_files((tmp_path,)), "test")
    assert "互相引用" in str(caught.value) and "没有词表“丙”" in str(caught.value)


def test_overlay_replaces_a_rule_of_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "FEE-003.yaml").write_text(
        GOOD.replace("FEE-001", "FEE-003").replace("[缴存] …4 押金", "缴纳 …4 押金"),
        encoding="utf-8",
    )
    rule = load_ruleset((tmp_path,)).rule("FEE-003")
    assert rule is not None and rule.title == "试验规则"
