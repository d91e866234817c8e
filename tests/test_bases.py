"""What is wrong with the laws a document relies on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.bases import KINDS, find_base_problems
from checker.parsing import parse_text

FOLDER = Path(__file__).parent / "cases"
CASES = yaml.safe_load((FOLDER / "bases.yaml").read_text("utf-8"))
#: Kinds that only a store of law texts can tell are tried in test_wording.py.
WORDED = yaml.safe_load((FOLDER / "wording.yaml").read_text("utf-8"))["cases"]


def kinds(text: str, day: date) -> set[str]:
    return {problem.kind for problem in find_base_problems(parse_text(text), day)}


@pytest.mark.parametrize("case", CASES, ids=[f"{c['kind']} {c['text'][:24]}" for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert case["kind"] in kinds(case["text"], case["day"])
    missing = kinds(case.get("miss", case["text"]), case.get("miss_day", case["day"]))
    assert case["kind"] not in missing


def test_every_kind_has_a_case() -> None:
    worded = {kind for case in WORDED for kind in case["kinds"]}
    assert {case["kind"] for case in CASES} | worded == set(KINDS)


def test_one_problem_is_told_once_with_its_count() -> None:
    text = "依照《合同法》第五条办理。\n依照《合同法》第六条办理。"
    (problem,) = find_base_problems(parse_text(text), date(2022, 1, 1))
    assert problem.detail.endswith("全文共2处")


def test_what_rests_on_memory_is_in_doubt() -> None:
    (problem,) = find_base_problems(
        parse_text("根据《中华人民共和国城市规划法》办理。"), date(2022, 1, 1)
    )
    assert problem.kind == "renamed" and "未经核对" in problem.doubt


def test_a_document_about_repeal_only_relies_on_what_it_says_it_rests_on() -> None:
    text = "某市关于废止部分文件的决定\n《关于贯彻合同法的通知》、《合同法》宣传方案。"
    assert not kinds(text, date(2022, 1, 1))
