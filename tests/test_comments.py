"""Comments: what became of each, and the numbers papers give."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.comments import Tally, read_comments, read_tally

CASES = yaml.load(
    (Path(__file__).parent / "cases" / "comments.yaml").read_text(encoding="utf-8"),
    yaml.BaseLoader,
)


@pytest.mark.parametrize("case", CASES["lists"], ids=lambda case: case["name"])
def test_lists(case: dict[str, object]) -> None:
    found = [
        f"{c.label} {c.answer.name.lower()}{' reasoned' if c.reasoned else ''}"
        + (f" x{c.count}" if c.count > 1 else "")
        for c in read_comments(str(case["text"]))
    ]
    assert found == case["expect"]


@pytest.mark.parametrize("case", CASES["tallies"], ids=lambda case: case["text"])
def test_tallies(case: dict[str, str]) -> None:
    numbers = [None if n == "-" else int(n) for n in case["expect"].split()]
    tally = read_tally(case["text"])
    assert tally == Tally(*numbers)
    assert tally.adds_up == (case.get("adds_up", "true") == "true")


@given(st.text(alphabet="1２一、（）.。采纳未不予意见条建议理由是收到共\n部分", max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for comment in read_comments(text):
        assert comment.text in text
    read_tally(text)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_tally_adds_up_just_where_it_does(adopted: int, rejected: int, total: int) -> None:
    tally = read_tally(f"共收到意见{total}条，采纳{adopted}条，未采纳{rejected}条。")
    assert tally.adds_up == (adopted + rejected == total)
