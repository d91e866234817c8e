"""Citations read from text."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.citations import find_citations
from checker.statutes import rank_of

CASES = yaml.safe_load((Path(__file__).parent / "cases/citations.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = [
        [
            case["text"][c.start : c.end],
            c.name,
            c.number,
            [[p.article, p.paragraph, p.item] for p in c.places],
        ]
        for c in find_citations(case["text"])
    ]
    assert found == case["cites"]


@given(
    st.text(
        alphabet="《》〈〉第一二条款项目编（）〔〕2018号、，和至或本前办法依照国务院令公布的实施刑\n",
        max_size=60,
    )
)
def test_any_text_has_ordered_spans(text: str) -> None:
    found = find_citations(text)
    assert all(0 <= c.start < c.end <= len(text) for c in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("name", "number", "rank"),
    [
        ("中华人民共和国行政处罚法", "", "法律"),
        ("民法典", "", "法律"),
        ("宪法", "", "宪法"),
        ("优化营商环境条例", "", "行政法规"),
        ("北京市优化营商环境条例", "", "地方性法规"),
        ("城市生活垃圾管理办法", "", "规章"),
        ("河北省殡葬管理办法", "", "规章"),
        ("关于加强管理的通知", "某政发〔2024〕3号", "规范性文件"),
        ("关于清理规范保证金的通知", "国办发〔2016〕49号", "国务院文件"),
        ("", "国务院令第783号", "行政法规"),
        ("租赁合同", "", ""),
        ("医疗机构执业许可证", "", ""),
        ("浙江省实施〈中华人民共和国老年人权益保障法〉办法", "", "地方性法规"),
    ],
)
def test_rank(name: str, number: str, rank: str) -> None:
    assert rank_of(name, number) == rank
