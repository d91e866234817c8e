"""Law texts: what a file holds, by article, paragraph and item."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.citations import Place
from checker.lawtexts import LawText, NotALaw, read_law, shortfall
from checker.parsing import parse_text
from checker.wording import places_of

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "lawtexts.yaml").read_text(encoding="utf-8")
)


def law(text: str, file: str = "某.txt") -> LawText:
    return read_law(parse_text(text, file), file)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_file_becomes_a_law(case: dict[str, Any]) -> None:
    read = law(case["text"].replace("# ", ""), case["file"])
    assert (read.name, read.promulgated, read.source) == (case["name"], case["day"], case["file"])
    got = {at: read.words(*places_of(at)) for at in case["words"]}
    assert got == case["words"]


@pytest.mark.parametrize(
    "text, why",
    [
        ("东林县渡口管理办法\n第一条 甲。\n第二条 乙。", "只有2条"),
        ("关于渡口的通知\n一、甲\n二、乙\n三、丙", "没有“第一条”这样的条文"),
        ("第一条 甲。\n第二条 乙。\n第三条 丙。", "没有标题"),
    ],
)
def test_what_is_no_law_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NotALaw, match=why):
        law(text)


def test_paragraphs_and_items_are_counted_as_they_are_cited() -> None:
    read = law(CASES[0]["text"].replace("# ", ""))
    assert read.paragraphs(Place(2)) == 2 and read.paragraphs(Place(9)) == 0
    assert read.items(Place(2)) == 2 and read.items(Place(2, 2)) == 0
    assert list(read.articles()) == [(1, 0), (2, 0), (3, 0)]


def test_a_text_with_fewer_articles_than_the_register_lists_is_doubted() -> None:
    rows = ((Place(1, 1), "甲。"), (Place(3, 1), "丙。"))
    made = date(2019, 10, 22)
    assert "共72条，文件里到第3条" in shortfall(LawText("优化营商环境条例", made, "", rows))
    whole = (*rows, (Place(72, 1), "末。"))
    assert shortfall(LawText("优化营商环境条例", made, "", whole)) == ""
    assert shortfall(LawText("东林县渡口管理办法", made, "", rows)) == ""
