"""Citations of a document resolved to a law, its text on a day, and a provision."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.parsing import parse_text
from checker.references import Reference, find_references

CASES = yaml.safe_load((Path(__file__).parent / "cases/references.yaml").read_text("utf-8"))
DAY = date(2025, 1, 1)


def provision(reference: Reference) -> str:
    place = reference.place
    steps = [place.paragraph, place.item, place.subitem]
    while steps and not steps[-1]:
        steps.pop()
    head = f"{place.article}-{place.branch}" if place.branch else str(place.article)
    return "" if head == "0" and not steps else ".".join(map(str, [head, *steps]))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['text'][:30]} {c.get('day')}" for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = find_references(parse_text(case["text"]), case.get("day", DAY))
    assert [
        [r.quote, r.resolved, str(r.standing), provision(r), r.article_exists] for r in found
    ] == case["found"]


@given(st.text(alphabet="《》〈〉第一二条款项（）〔〕2018号、本前办法依照刑令的\n", max_size=80))
def test_any_text_quotes_itself_in_order(text: str) -> None:
    document = parse_text(text)
    found = find_references(document, DAY)
    assert all(document.source.text[r.start : r.end] == r.quote for r in found)
    assert [r.start for r in found] == sorted(r.start for r in found)


RULES = """某县停车办法
第一条 甲。
第二条 乙。
第三条 丙：
（一）子；
（二）违反前款规定或者前项规定的；
第四条 丁。
违反前款、本条第一款和前条的，改正。
第五条 依照本办法第九条办理。"""


def test_relative_words_mean_a_provision_of_the_document() -> None:
    found = find_references(parse_text(RULES), DAY)
    assert [(r.quote, r.address) for r in found if r.relative] == [
        ("前款", ""),
        ("前项", "第三条第一项"),
        ("前款", "第四条第一款"),
        ("本条第一款", "第四条第一款"),
        ("前条", "第三条"),
    ]


def test_own_articles_are_counted_in_the_document() -> None:
    own = [r for r in find_references(parse_text(RULES), DAY) if r.own and r.place.article]
    assert [(r.quote, r.article_exists, r.resolved) for r in own] == [
        ("本办法第九条", False, "某县停车办法")
    ]


def test_what_is_not_known_says_why() -> None:
    text = "依照《条例》第五条，提交《营业执照》，按《某县停车办法》、某政发〔2020〕3号执行。"
    found = find_references(parse_text(text), DAY)
    assert [r.why for r in found] == [
        "简称没有写明全称",
        "不是法规（证照、表格、合同、标准一类）",
        "目录只收部分规章",
        "是规范性文件，目录不收",
    ]


def test_a_law_that_the_sentence_repeals_under_another_number_is_an_older_one() -> None:
    text = "《优化营商环境条例》（国务院令第100号）同时废止。"
    (found,) = find_references(parse_text(text), DAY)
    assert found.ending and str(found.standing) == "已废止"


def test_a_name_in_a_list_is_introduced_by_the_word_before_the_list() -> None:
    found = find_references(parse_text("依照《价格法》、《税收征收管理法》和《预算法》办理"), DAY)
    assert [r.by for r in found] == [True, True, True]
    found = find_references(parse_text("依照《价格法》办理，并学习《预算法》"), DAY)
    assert [r.by for r in found] == [True, False]


def test_title_and_names_from_outside_stand_in() -> None:
    document = parse_text("违反本条例第三条、处罚法第五条的，改正。")
    found = find_references(
        document, DAY, title="优化营商环境条例", names={"处罚法": "中华人民共和国行政处罚法"}
    )
    assert [(r.resolved, r.article_exists) for r in found] == [
        ("优化营商环境条例", True),
        ("中华人民共和国行政处罚法", True),
    ]


def test_a_text_without_a_title_is_called_by_its_file() -> None:
    for name, resolved in (("优化营商环境条例.txt", "优化营商环境条例"), ("附件1.txt", "")):
        (found,) = find_references(parse_text("违反本条例第三条的，改正。", name), DAY)
        assert found.resolved == resolved
