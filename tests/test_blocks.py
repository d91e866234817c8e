"""Blocks: they tile the text, and their keys hold everything that the rules in them can see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.blocks import LOCAL_SCOPES, Block, cut_blocks, outlook
from checker.compilation import compile_ruleset
from checker.document import Document
from checker.matching import Matcher
from checker.memory import Memory
from checker.resources import resource
from checker.rules import read_rule
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources.text import unify
from checker.structure import parse

DAY = date(2026, 1, 1)
RULE = """\
title: 试验规则
severity: error
basis: [{law: 试验法, at: 第一条, from: 2020-01-01}]
message: 试验用的说明
advice: 试验
flag: [甲, 乙, 丙]
pass: [甲, 乙, 丙]
defaults: false
"""
NOTICE = "关于甲的通知\n各有关单位：\n押金照收。\n某{}人民政府\n2024年1月2日"
#: What a rule can see -> the rule, and two texts of which it speaks in one only.
SEEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "its text": ({"find": ["押金"]}, "第一条 收取押金。", "第一条 收取租金。"),
    "the kind of a line": (
        {"find": ["押金"]},
        "关于甲的通知\n甲。\n押金公司\n乙。",
        "关于甲的通知\n甲。\n押金公司\n2024年1月2日",
    ),
    "the lead-in above": (
        {"find": [{"text": "押金", "lead": "应当 … 下列"}]},
        "一、企业应当缴纳下列款项：\n（一）押金。",
        "一、企业可以不缴纳下列款项：\n（一）押金。",
    ),
    "the lead-in above a chapter's article": (
        {"find": [{"text": "押金", "lead": "应当 … 下列"}]},
        "办法\n企业应当遵守下列规定：\n第一条 缴纳押金。\n第二条 乙。",
        "办法\n企业可以看看下列规定：\n第一条 缴纳押金。\n第二条 乙。",
    ),
    "the heading above": (
        {"find": [{"text": "押金", "about": "投标"}]},
        "办法\n第一章 投标\n第一条 缴纳押金。\n第二条 乙。",
        "办法\n第一章 租房\n第一条 缴纳押金。\n第二条 乙。",
    ),
    "the heading above a text": (
        {"find": [{"text": "押金", "about": "投标"}]},
        "关于甲的通知\n各县：\n一、投标事项\n缴纳押金。",
        "关于甲的通知\n各县：\n一、租房事项\n缴纳押金。",
    ),
    "the article around": (
        {"find": [{"text": "押金", "about": "投标"}]},
        "第一条 缴纳押金。\n投标的另行规定。",
        "第一条 缴纳押金。\n租房的另行规定。",
    ),
    "the title": (
        {"find": [{"text": "押金", "title": "投标"}]},
        "某县投标办法\n第一条 缴纳押金。\n第二条 乙。",
        "某县租房办法\n第一条 缴纳押金。\n第二条 乙。",
    ),
    "the level of the issuer": (
        {"find": [{"text": "押金", "issuer": "县"}]},
        NOTICE.format("县"),
        NOTICE.format("省"),
    ),
    "the rank": (
        {"find": [{"text": "押金", "rank": "规范性文件"}]},
        "甲\n（2020年1月1日某局公布）\n第一条 缴纳押金。\n第二条 乙。",
        "甲\n（2020年1月1日国务院令第1号公布）\n第一条 缴纳押金。\n第二条 乙。",
    ),
    "what the document lacks": (
        {"find": [{"text": "押金", "missing": "退还"}]},
        "第一条 缴纳押金。\n第二条 期满不退。",
        "第一条 缴纳押金。\n第二条 期满退还。",
    ),
    "the earlier clause of a sentence": (
        {"find": ["罚款"], "unless": ["restated"]},
        "第一条 警告；情节严重的，处罚款。",
        "第一条 依照《价格法》第八条警告；情节严重的，处罚款。",
    ),
    "the title's words": (
        {"find": ["押金"], "scope": "title"},
        "某县押金办法\n第一条 甲。\n第二条 乙。",
        "某县租金办法\n第一条 甲。\n第二条 乙。",
    ),
    "the number of an article without words": (
        {"find": ["第五条"]},
        "第五条\n甲。\n第六条 乙。",
        "第四条\n甲。\n第六条 乙。",
    ),
    "the sentence": (
        {"find": ["押金 …20 租房"], "scope": "sentence"},
        "第一条 缴纳押金；适用于租房。",
        "第一条 缴纳押金；适用于投标。",
    ),
}


def document(text: str) -> Document:
    return parse(unify("案例", text))


def matcher(folder: Path, body: dict[str, Any], version: str = "test") -> Matcher:
    (folder / "FEE-001.yaml").write_text(
        "id: FEE-001\n" + RULE + yaml.safe_dump(body, allow_unicode=True), encoding="utf-8"
    )
    (folder / "families.yaml").write_text(
        "FEE: {title: 收费, ranks: [法律, 行政法规]}\n", encoding="utf-8"
    )
    return Matcher(compile_ruleset([(p.name, p) for p in sorted(folder.glob("*.yaml"))], version))


def agree(made: Matcher, first: Document, second: Document, days: tuple[date, date]) -> bool:
    """Whether a check of the second after the first, with one memory, says what it says alone."""
    memory = Memory()
    made.check(first, days[0], None, memory)
    return made.check(second, days[1], None, memory) == made.check(second, days[1])


@pytest.mark.parametrize("name", SEEN)
def test_what_a_rule_sees_is_in_the_key(name: str, tmp_path: Path) -> None:
    body, *texts = SEEN[name]
    made = matcher(tmp_path, body)
    hit, miss = map(document, texts)
    assert made.check(hit, DAY).findings and not made.check(miss, DAY).findings
    assert agree(made, hit, miss, (DAY, DAY)) and agree(made, miss, hit, (DAY, DAY))


def test_the_setting_is_in_the_key(tmp_path: Path) -> None:
    made = matcher(tmp_path, {"find": [{"text": "押金", "about": "投标"}]})
    plain = document("第一条 缴纳押金。")
    assert agree(made, replace(plain, setting="投标"), plain, (DAY, DAY))


def test_the_day_is_in_the_key(tmp_path: Path) -> None:
    made = matcher(tmp_path, {"find": ["押金"]})
    text = document("第一条 缴纳押金。")
    assert not made.check(text, date(2019, 1, 1)).findings
    assert agree(made, text, text, (DAY, date(2019, 1, 1)))


def test_the_rules_are_in_the_key(tmp_path: Path) -> None:
    text, memory = document("第一条 缴纳押金和租金。"), Memory()
    one = matcher(tmp_path, {"find": ["押金"]}, "one")
    other = matcher(tmp_path, {"find": ["租金"]}, "other")
    chosen = Matcher(one.ruleset, select=["XXX"])
    for made in (one, other, chosen, one):
        assert made.check(text, DAY, None, memory) == made.check(text, DAY)


def _without(part: int) -> Callable[[Segments, str], Iterator[Block]]:
    """``cut_blocks`` with one part of what stands for a provision left out of every key."""

    def cut(segments: Segments, asker: str) -> Iterator[Block]:
        for block in cut_blocks(segments, asker):
            asker, text, seen = block.key
            assert isinstance(seen, tuple)
            labelled = len(seen) % 4
            kept = [x for i, x in enumerate(seen[labelled:]) if i % 4 != part]
            yield block._replace(key=(asker, text, (seen[:labelled], *kept)))

    return cut


def _changed(change: Callable[[Block], Any]) -> Callable[[Segments, str], Iterator[Block]]:
    def cut(segments: Segments, asker: str) -> Iterator[Block]:
        for block in cut_blocks(segments, asker):
            yield block._replace(key=change(block))

    return cut


def _above(part: int) -> Callable[[Block], Any]:
    """The key without lead-ins (0) or headings (1) above the block."""

    def change(block: Block) -> Any:
        asker, text, seen = block.key
        assert isinstance(seen, tuple)
        return asker, text, tuple(x[1 - part] if isinstance(x, tuple) else x for x in seen)

    return change


#: Part of the key -> the function that makes keys without it.
MUTANTS: dict[str, tuple[str, Any]] = {
    "asker": ("cut_blocks", _changed(lambda block: ("", *block.key[1:]))),
    "text": ("cut_blocks", _changed(lambda block: (block.key[0], "", block.key[2]))),
    "kind": ("cut_blocks", _without(0)),
    "lead-ins": ("cut_blocks", _changed(_above(0))),
    "headings": ("cut_blocks", _changed(_above(1))),
    **{
        part: ("outlook", lambda document, i=i: outlook(document)[:i] + outlook(document)[i + 1 :])
        for i, part in enumerate(("title", "setting", "rank", "issuer"))
    },
    "answers": ("WIDE_WORDS", frozenset()),
}


@pytest.mark.parametrize("part", MUTANTS)
def test_no_part_of_the_key_may_be_left_out(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"checker.matching.{MUTANTS[part][0]}", MUTANTS[part][1])
    wrong = []
    for name, (body, *texts) in SEEN.items():
        made = matcher(tmp_path, body)
        hit, miss = map(document, texts)
        if not (agree(made, hit, miss, (DAY, DAY)) and agree(made, miss, hit, (DAY, DAY))):
            wrong.append(name)
    made = matcher(tmp_path, {"find": [{"text": "押金", "about": "投标"}]})
    plain = document("第一条 缴纳押金。")
    if not agree(made, replace(plain, setting="投标"), plain, (DAY, DAY)):
        wrong.append("the setting")
    assert wrong


def test_rules_see_of_a_document_only_what_keys_hold() -> None:
    """What is read of a document while clauses are judged; a new attribute must come into the key."""
    read: set[str] = set()

    class Watched(Document):
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    made = Matcher(load_ruleset())
    paths = sorted(resource("rulesets").rglob("national/*/*.yaml"))
    written = (read_rule(path).value for path in paths)
    examples = (e.text for rule in written for e in (*rule.flag, *rule.pass_))
    lines = (f"第{i}条 {text}" for i, text in enumerate(examples, 1))
    plain = document("某县办法\n第一章 总则\n" + "\n".join(lines))
    watched = Watched(**{f.name: getattr(plain, f.name) for f in fields(plain)})
    segments = Segments(watched)
    running = frozenset(i for i, r in enumerate(made.rules) if r.scope in LOCAL_SCOPES)
    assert list(made._outcomes(segments, running, made.anchors.candidates(segments)))
    in_key = {"title", "setting", "rank", "issuer"}
    structure = {
        "source", "provisions", "children", "inside", "own_text", "provision_at", "before_other",
        "walk", "_children", "_starts", "_before_other", "__dict__",
    }  # fmt: skip
    assert read - structure == in_key


PIECES = st.sampled_from(
    [
        *(
            "第一条　",
            "第十二条　",
            "第二条",
            "一、",
            "（一）",
            "1.",
            "第一章　总则",
            "附件1",
            "目录",
        ),
        *(
            "应当缴纳下列款项：",
            "押金",
            "投标",
            "。",
            "；",
            "：",
            "，",
            "\n",
            "\n",
            "\n\n",
            " ",
            "　",
        ),
        *("关于甲的通知", "某县人民政府", "2024年1月2日", "《甲\n乙》", "0、", "（2）", "②"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_blocks_tile_the_text_and_hold_whole_lines(text: str) -> None:
    segments = Segments(document(text))
    shadow = segments.shadow
    blocks = list(cut_blocks(segments, ""))
    assert blocks[0].start == 0 and blocks[-1].end == len(shadow)
    assert all(a.end == b.start for a, b in pairwise(blocks))
    assert all(b.start == 0 or shadow[b.start - 1] == "\n" for b in blocks)
    assert all(b.start <= b.base <= b.end for b in blocks)


def test_the_number_of_an_article_is_not_in_the_key() -> None:
    segments = Segments(document("第九条　甲。\n乙。\n第一百条　甲。\n乙。\n"))
    first, second = cut_blocks(segments, "")
    assert first.key == second.key
