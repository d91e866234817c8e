"""Structure: cases by hand, and laws that hold for any text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.document import Document
from checker.parsing import parse_bytes
from checker.shapes import shape
from checker.sources.text import Region, unify
from checker.structure import parse

CASES = yaml.safe_load((Path(__file__).parent / "cases/structure.yaml").read_text("utf-8"))


def document(text: str) -> Document:
    return parse(unify("案例", text))


def tiled(parsed: Document) -> str:
    """Own spans of all provisions in order: what stands before the first child, or everything."""
    text = parsed.source.text
    return "".join(
        text[p.start : (children[0].start if (children := parsed.children(p)) else p.end)]
        for p in parsed.provisions
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    parsed = document(case["text"])
    for address, words in case["at"].items():
        found = parsed.at(address)
        assert found is not None, address
        assert parsed.text_of(found).startswith(words), address
    kinds = Counter(p.kind for p in parsed.walk())
    for kind, count in case["kinds"].items():
        assert kinds[kind] == count, (kind, kinds)
    for field in ("title", "number", "issuer", "level", "date"):
        if field in case:
            assert (
                case[field]
                == {
                    "title": parsed.title,
                    "number": parsed.doc_number,
                    "issuer": parsed.issuer.name,
                    "level": parsed.issuer.level,
                    "date": parsed.date,
                }[field]
            )
    assert tiled(parsed) == case["text"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_address_leads_back(case: dict[str, Any]) -> None:
    parsed = document(case["text"])
    addresses = Counter(p.address for p in parsed.walk())
    for p in parsed.walk():
        if p.kind in ("article", "item", "heading1", "heading2") and addresses[p.address] == 1:
            assert parsed.at(p.address) is p


HEADS = st.sampled_from(
    [
        "第一章 总则",
        "第一条 ",
        "第二条",
        "第十条之一 ",
        "一、",
        "二、",
        "（一）",
        "（二）",
        "1.",
        "2．",
        "（1）",
        "①",
        "附件",
        "附件2",
        "附件：1.表",
        "某县管理办法",
        "某县人民政府：",
        "某政发〔2024〕3号",
        "2024年3月1日",
        "某县人民政府",
        "目录",
        "第一节 甲",
        "第二编 乙",
        "（此件公开发布）",
        "㈠",
        "",
        "各乡镇人民政府：",
        "第五条规定的",
        "　　",
    ]
)
WORDS = st.text(
    alphabet="应当不得缴纳：；。，、（）〔〕《》 \u3000第一二条款项1.2年月日A\t", max_size=24
)
LINES = st.lists(st.tuples(HEADS, WORDS).map("".join), max_size=24).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_spans_join_for_any_lines(text: str) -> None:
    parsed = document(text)
    assert tiled(parsed) == text
    for p in parsed.walk():
        assert p.parent is not None
        assert p.parent.start <= p.start <= p.end <= p.parent.end


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_spans_join_for_any_text(text: str) -> None:
    assert tiled(document(text)) == text


@settings(max_examples=300, deadline=None)
@given(st.text("PKbcdei", max_size=12))
def test_whatever_stands_in_an_article_parses(letters: str) -> None:
    # Items after a table of an article had no parse, and the file could not be checked at all.
    assert len(shape("structure", "block", f"T{letters}")) == len(letters) + 1


@settings(max_examples=100, deadline=None)
@given(LINES, st.integers(min_value=0, max_value=500))
def test_provision_at_is_the_deepest(text: str, position: int) -> None:
    parsed = document(text)
    if position < len(text):
        found = parsed.provision_at(position)
        assert found.start <= position < found.end
        assert not any(c.start <= position < c.end for c in parsed.children(found))


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("第三条 甲：\n|元|\n（二）乙", ["第三条", "第三条", "第三条表格第1行", "第三条第二项"]),
        (
            "第三条 甲。\n乙：\n（一）丙\n|元|\n（二）丁\n|角|\n戊",
            [
                "第三条",
                "第三条第一款",
                "第三条第二款",
                "第三条第二款第一项",
                "第三条第二款表格第1行",
                "第三条第二款第二项",
                "第三条第二款表格第2行",
                "第三条第三款",
            ],
        ),
        (
            "第三条 甲：\n（一）乙\n|元|\n丙",
            ["第三条", "第三条第一款", "第三条第一款第一项", "第三条表格第1行", "第三条第二款"],
        ),
    ],
)
def test_items_after_a_table_belong_to_the_paragraph_that_it_stands_in(
    text: str, addresses: list[str]
) -> None:
    parsed = parse_bytes(text.encode(), "办法.md")
    assert tiled(parsed) == text
    assert [p.address for p in parsed.walk() if p.kind != "unit"] == addresses


def with_regions(text: str, kinds: list[str]) -> Document:
    """The document of a text in which each line is a table row, a text box, a note or neither."""
    regions, at = [], 0
    for line, kind in zip(text.split("\n"), kinds, strict=False):
        if kind and line:
            regions.append(Region(at, at + len(line), kind))
        at += len(line) + 1
    return parse(unify("案例", text, regions=tuple(regions)))


@settings(max_examples=300, deadline=None)
@given(LINES, st.lists(st.sampled_from(["", "", "", "table", "textbox", "footnote"]), max_size=24))
def test_spans_join_with_tables_and_boxes_anywhere(text: str, kinds: list[str]) -> None:
    assert tiled(with_regions(text, kinds)) == text


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("某县通知\n各单位：\n请执行。\n某县政府\n2024年3月1日\n框内\n抄送：县委", 5),
        ("某县通知\n各单位：\n请执行。\n抄送：县委\n框内\n抄送：县人大", 4),
        ("某县通知\n各单位：\n请执行。\n某县政府\n2024年3月1日\n框内\n附件\n申请表", 5),
    ],
)
def test_a_text_box_beside_the_imprint_is_a_note(text: str, box: int) -> None:
    parsed = with_regions(text, [""] * box + ["textbox"])
    assert tiled(parsed) == text
    assert [parsed.text_of(p) for p in parsed.walk() if p.kind == "note"] == ["框内"]
