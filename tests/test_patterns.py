"""Patterns: cases, and the join against a plain regular expression."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.patterns import (
    PatternFault,
    Sequence,
    Slot,
    WordList,
    compile_pattern,
    find_all,
    words_in,
)

LISTS = {
    "缴存": WordList(("缴纳", "缴存", "交纳")),
    "保证金": WordList(("保证金", "押金"), ("农民工工资保证金",)),
}
CASES = yaml.safe_load((Path(__file__).parent / "cases/patterns.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["pattern"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    sequences = compile_pattern(case["pattern"], LISTS)
    for marked in case["hits"]:
        text = marked.replace("〔", "").replace("〕", "")
        found = [text[m.start : m.end] for m in find_all(sequences, text)]
        assert found == re.findall("〔([^〕]*)〕", marked)
    for text in case["none"]:
        assert not find_all(sequences, text)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[缴存", "第"),
        ("[缴存款]", "是不是“[缴存]”"),
        ("<金币>", "金额"),
        ("…12", "固定的词"),
        ("(甲|)", "读不懂"),
        ("(甲|乙)(甲|乙 丙)" * 9, "拆成几行"),
    ],
)
def test_fault_is_clear(pattern: str, words: str) -> None:
    with pytest.raises(PatternFault, match=re.escape(words)):
        compile_pattern(pattern, LISTS)


SLOT = st.lists(st.text("甲乙丙", min_size=1, max_size=2), min_size=1, max_size=3, unique=True)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(SLOT, st.integers(0, 4)), min_size=1, max_size=4),
    st.text("甲乙丙，", max_size=24),
)
def test_join_finds_what_a_regex_finds(parts: list[tuple[list[str], int]], text: str) -> None:
    slots = tuple(Slot(tuple(words)) for words, _ in parts)
    gaps = (0, *(gap for _, gap in parts[1:]))
    found = find_all([Sequence(slots, gaps)], text)
    pattern = "".join(
        (f".{{0,{gap}}}" if i else "") + "(?:" + "|".join(map(re.escape, slot.words)) + ")"
        for i, (slot, gap) in enumerate(zip(slots, gaps, strict=True))
    )
    assert bool(found) == bool(re.search(pattern, text))
    for match in found:
        assert re.fullmatch(pattern, text[match.start : match.end])
        if all(len(word) == 1 for slot in slots for word in slot.words):
            inner = re.compile(pattern).search(text, match.start + 1, match.end)
            assert inner is None  # the tightest: none begins later and ends no later
    assert len({match.start for match in found}) == len(found)


def test_time_is_linear_on_hostile_text() -> None:
    sequences = compile_pattern("甲 …3 乙 …3 甲 …3 丙", LISTS)
    assert find_all(sequences, "甲乙" * 50_000) == []


def test_words_are_found_where_a_long_text_is_cut_into_pieces() -> None:
    words = ("缴纳保证金", "罚款")
    for at in range(99_990, 100_010):
        for word in words:
            text = "无" * at + word + "无" * 20
            assert words_in(words, text) == {word}
    assert words_in((), "罚款") == frozenset()
