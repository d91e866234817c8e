"""Peers: what is handed to other tools says the same as our patterns."""

from __future__ import annotations

import json
import re

import pytest

from bench.peers.libraries import _bytes, _token_patterns
from bench.peers.notation import notation
from bench.peers.patterns import Pattern, expressed, only, plain_patterns
from bench.peers.tables import Row, agreement
from checker.api import parse_text
from checker.compiled import CompiledRule
from checker.matching import Matcher
from checker.patterns import find_all
from checker.ruleset import load_ruleset


@pytest.fixture(scope="module")
def rules() -> tuple[CompiledRule, ...]:
    return Matcher(load_ruleset()).rules


@pytest.fixture(scope="module")
def patterns(rules: tuple[CompiledRule, ...]) -> list[Pattern]:
    return plain_patterns(rules)


TEXTS = (
    "经营者应当在开业前缴纳文明保证金二万元",
    "县外企业应当在本县设立子公司并在本县纳税，方可参加投标",
    "未经备案的，经营者不得从事停车设施活动",
    "由供水、供电企业停止供水供电",
    "统一由县城投公司负责经营",
    "同等条件下优先采购本地企业产品",
    "加强宣传和培训",
)


def test_expressions_find_what_our_matcher_finds(
    rules: tuple[CompiledRule, ...], patterns: list[Pattern]
) -> None:
    by_id = {rule.id: rule for rule in rules}
    hits = 0
    for pattern in patterns:
        sequences = by_id[pattern.rule].lines[pattern.line].sequences
        expression = re.compile("|".join(pattern.expressions))
        for text in TEXTS:
            found = bool(find_all(sequences, text))
            assert bool(expression.search(text)) == found, (pattern.id, text)
            hits += found
    assert hits >= 10


def test_expressions_over_bytes_lose_nothing(patterns: list[Pattern]) -> None:
    hits = 0
    for pattern in patterns:
        for expression in pattern.expressions:
            if "(?=" in expression or "(?!" in expression:
                continue
            over_bytes = re.compile(_bytes(expression).encode())
            for text in TEXTS:
                if re.search(expression, text):
                    assert over_bytes.search(text.encode()), (pattern.id, text)
                    hits += 1
    assert hits >= 10


def test_expressions_are_one_line_and_json(patterns: list[Pattern]) -> None:
    for pattern in patterns:
        assert not any("\n" in e or "\\u" in e for e in pattern.expressions)
    assert json.loads(json.dumps([p.as_json() for p in patterns]))[0]["id"] == patterns[0].id


def test_only_keeps_the_lines_of_the_patterns(
    rules: tuple[CompiledRule, ...], patterns: list[Pattern]
) -> None:
    cut = only(rules, patterns)
    assert sum(len(rule.lines) for rule in cut) == len(patterns)
    assert not any(rule.when or rule.unless for rule in cut)
    said = expressed(rules, patterns)
    assert said.lines == len(patterns) < said.of_lines
    assert said.entire <= said.rules < said.of_rules == len(rules)


def test_tokens_combine_the_words_of_all_slots() -> None:
    rows = _token_patterns([["应当", "须"], ["缴纳"]], [0, 3])
    assert len(rows) == 2
    assert rows[1][0]["TEXT"] == "须"
    assert rows[1][1]["OP"] == "{0,3}"


def test_notation_says_the_structure_in_words() -> None:
    document = parse_text("第一章 总则\n第一条 应当遵守下列规定：\n（一）公开；\n（二）公正。\n")
    assert notation(document).splitlines() == [
        "BODY", "", "CHAPTER 1 - 总则", "", "  ARTICLE 1", "",
        "    应当遵守下列规定：", "", "    SUBPARA 1", "", "      公开；", "",
        "    SUBPARA 2", "", "      公正。",
    ]  # fmt: skip


def test_agreement_counts_what_is_lost_and_what_is_more() -> None:
    pattern = Pattern("A_0", "A", 0, ("甲",), ((("甲",),),), ((0,),))
    plain = frozenset({("A_0", "1"), ("A_0", "2"), ("B_0", "1")})
    row = Row("peer", "1", [pattern], found=frozenset({("A_0", "1"), ("A_0", "3")}))
    assert agreement(row, plain) == "1 of 2, 1 more"
