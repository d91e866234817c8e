"""The shadow: what is unified, what is left out, and that every position leads back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.findings import Span
from checker.sources.text import Region, Run, SourceText, replace_variants, unify

LETTERS = st.sampled_from(
    "第一条为了ab12 \t\u3000\xa0\r\n()（）,，;：:ＡＯ１２○〇Oo0\u200b\ufeff-.⼈\x0b"
)
TEXTS = st.text(LETTERS, max_size=60) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "shadow"),
    [
        ("第 一 条　为了", "第一条为了"),
        ("　　１００元(含)", "100元（含）"),
        ("5 000 元", "5 000元"),
        ("use GB 18030 编码", "use GB 18030编码"),
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲\x0b乙\u2028丙", "甲\n乙\n丙"),
        ("二OO九年,二○一0年", "二〇〇九年，二〇一〇年"),
        ("二ＯＯ九年", "二〇〇九年"),
        ("COO办公室100号", "COO办公室100号"),
        ("[2024]1号【试行】", "〔2024〕1号〔试行〕"),
        ("应\u200b当\xad报\ufeff告", "应当报告"),
        ("⼈⼒资源", "人力资源"),
        ("", ""),
    ],
)
def test_unifies(text: str, shadow: str) -> None:
    assert unify("x", text).shadow == shadow


@example("〇0 ○")
@given(TEXTS)
def test_every_shadow_character_is_its_original_unified(text: str) -> None:
    source = unify("x", text)
    even = replace_variants(text).replace("\r", "\n")
    assert len(even) == len(text)
    for i, character in enumerate(source.shadow):
        original = even[source.origin(i)]
        # A zero that stood beside a space is unified when the space is gone.
        assert original == character or (character == "〇" and original in "Oo0")


@given(TEXTS)
def test_positions_rise_and_stay_inside(text: str) -> None:
    source = unify("x", text)
    places = [source.origin(i) for i in range(len(source.shadow) + 1)]
    assert places == sorted(set(places))
    assert places[-1] <= len(text)


@given(TEXTS, st.data())
def test_spans_lead_back_to_what_they_name(text: str, data: st.DataObject) -> None:
    source = unify("x", text)
    start = data.draw(st.integers(0, len(source.shadow)))
    end = data.draw(st.integers(start, len(source.shadow)))
    span = source.span(start, end)
    assert unify("x", text[span.start : span.end]).shadow.replace(" ", "").replace(
        "〇", "0"
    ).replace("O", "0").replace("o", "0") == source.shadow[start:end].replace(" ", "").replace(
        "〇", "0"
    ).replace("O", "0").replace("o", "0")


@given(TEXTS)
@example("○0\t○")
def test_unifying_the_shadow_changes_nothing_more(text: str) -> None:
    shadow = unify("x", text).shadow
    assert unify("x", shadow).shadow.replace(" ", "") == shadow.replace(" ", "") or "O" in shadow


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_what_is_removed_is_not_in_the_shadow(text: str, pairs: list[tuple[int, int]]) -> None:
    removed = tuple(Span(min(p), max(p)) for p in pairs if max(p) <= len(text))
    source = unify("x", text, removed=removed)
    gone = {i for span in removed for i in range(span.start, span.end)}
    assert gone.isdisjoint(source.origin(i) for i in range(len(source.shadow)))
    kept = "".join(c for i, c in enumerate(text) if i not in gone)
    assert len(source.shadow) <= len(kept)


def test_soft_breaks_and_breaks() -> None:
    source = unify("x", "应当报\n　告|完", soft_breaks=(Span(3, 5),), breaks=(6,))
    assert source.shadow == "应当报告\n完"
    assert source.span(0, 4) == Span(0, 6)
    assert source.span(2, 2) == Span(2, 2)


def test_run_at() -> None:
    runs = (Run(0, 2, "p", 0), Run(3, 5, "p", 1))
    source = SourceText("x", "甲乙\n丙丁", "甲乙\n丙丁", runs=runs, regions=(Region(0, 2, "t"),))
    assert source.run_at(1) == runs[0]
    assert source.run_at(2) is None
    assert source.run_at(4) == runs[1]
    assert source.run_at(5) is None
