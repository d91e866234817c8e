"""Clauses: what governs what."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.clauses import Clause, analyse
from checker.segments import Segments
from checker.sources.text import unify
from checker.structure import parse

CASES = yaml.safe_load((Path(__file__).parent / "cases/clauses.yaml").read_text("utf-8"))


def clause(text: str, words: str | None = None) -> Clause:
    """The clause that holds the words (or the first one) of a text."""
    segments = Segments(parse(unify("案例", text)))
    at = segments.shadow.index(words) if words else 0
    span = segments.scope(at, "clause")
    assert span is not None
    found = segments.clause(*span)
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    found = clause(text)
    for words, letter in case.get("at", {}).items():
        governor = found.governor(text.rindex(words))
        assert (governor.letter if governor else "") == letter, words
    if "speech" in case:
        assert found.speech == case["speech"]
    if "modality" in case:
        assert sorted(found.modalities) == case["modality"]
    if "bearer" in case:
        assert sorted(found.bearers) == case["bearer"]


@pytest.mark.parametrize(
    ("text", "words", "letter"),
    [
        ("第五条 不得有下列行为：\n（一）向企业收取保证金；\n（二）其他。", "收取", "X"),
        ("第五条 不得有下列行为：（一）限定交易；（二）收取押金。", "收取", "X"),
        ("严禁以下做法：1.摊派；2.强制收取会费。", "收取", "X"),
        ("申请人应当提交下列材料：\n（一）缴费凭证。", "缴费", ""),
        ("有下列情形之一的，不得参加投标：\n（一）未在本地纳税。", "纳税", ""),
        ("第五条 取消下列收费：\n（一）工本费。\n第六条 企业缴纳押金。", "缴纳", ""),
    ],
)
def test_lead_in(text: str, words: str, letter: str) -> None:
    found = clause(text, words)
    governor = found.governor(found.text.index(words))
    assert (governor.letter if governor else "") == letter


def test_nested_lead_in_is_inherited() -> None:
    text = "第五条 禁止下列行为：\n（一）在招标中：\n1.要求缴纳押金；"
    found = clause(text, "缴纳")
    assert len(found.leads) == 2
    governor = found.governor(found.text.index("缴纳"))
    assert governor is not None and governor.letter == "X"


TERMS = st.lists(
    st.sampled_from(
        [
            "应当",
            "不得",
            "可以",
            "取消",
            "纠正",
            "方可",
            "除",
            "外",
            "但",
            "否则",
            "违者",
            "企业",
            "各乡镇",
            "，",
            "：",
            "的，",
            "罚款",
            "《价格法》",
            "收取",
            "供应",
            "是",
            "，但",
            "，除",
            "以外，",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(TERMS)
def test_any_terms_parse_and_cover(text: str) -> None:
    phrases = analyse(text)
    assert phrases[0].start == 0 and phrases[-1].end == len(text)
    for a, b in itertools.pairwise(phrases):
        assert b.start == a.end + 1 and text[a.end] in "，："
    for phrase in phrases:
        assert all(phrase.start <= t.start < t.end for t in phrase.tokens)
