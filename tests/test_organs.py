"""Old names of organs in a text."""

from __future__ import annotations

import pytest

from checker.organs import find_old_names
from checker.parsing import parse_text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("由县国土资源局、环保局检查", {"国土资源局": 1, "环保局": 1}),
        ("报环保部门，由环保部门答复", {"环保部门": 2}),
        ("原国土资源局的职责", {}),
        ("依照《国土资源部关于土地的通知》办理", {}),
        ("卫生部门、农业部门配合", {}),
        ("由自然资源局、生态环境局检查", {}),
    ],
)
def test_old_names(words: str, found: dict[str, int]) -> None:
    document = parse_text(f"某县办法\n第一条 {words}。\n第二条 没有。")
    assert {old.word: old.times for old in find_old_names(document)} == found


def test_the_signature_is_no_use_of_a_name() -> None:
    text = "某县国土资源局关于巡查的通知\n各所：\n一、每周巡查。\n某县国土资源局\n2015年3月1日"
    assert find_old_names(parse_text(text)) == ()
