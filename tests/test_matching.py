"""Matching: findings, exemptions, merging; the prefilter loses nothing; order and bytes are stable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.anchors import Anchors, Candidate, Target
from checker.document import Document
from checker.matching import Matcher
from checker.patterns import Slot, occurrences
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources.text import unify
from checker.structure import parse

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_ruleset())


class Everywhere(Anchors):
    """No prefilter: every line of every rule is tried in every clause, words looked up one by one."""

    def __init__(self, matcher: Matcher) -> None:
        self.slots: dict[Slot, int] = {}
        self.targets = defaultdict(list)
        for i, rule in enumerate(matcher.rules):
            for j, line in enumerate(rule.lines):
                for k, q in enumerate(line.sequences):
                    indices = tuple(
                        self.slots.setdefault(slot, len(self.slots)) for slot in q.slots
                    )
                    self.targets[rule.scope].append(Target(i, j, k, indices))

    def candidates(self, segments: Segments) -> Iterator[Candidate]:
        slots, targets = self.slots, self.targets
        found = []
        for scope in ("clause", "sentence", "provision", "title"):
            for start, end in segments.every(scope) if targets[scope] else ():
                text = segments.shadow[start:end]
                hits: list[tuple[int, int, int]] = []
                for slot, index in slots.items():
                    if slot.words:
                        hits += [(index, start + a, start + b) for a, b in occurrences(slot, text)]
                members = [frozenset({index}) for index in slots.values()]
                found.append(
                    Candidate(
                        start, end, hits, members, [frozenset()] * len(members), targets[scope]
                    )
                )
        return iter(sorted(found, key=lambda c: (c.start, c.end)))


def unfiltered(matcher: Matcher) -> Matcher:
    plain = Matcher(matcher.ruleset)
    plain.anchors = Everywhere(plain)
    return plain


def document(text: str) -> Document:
    return parse(unify("案例", text))


def _example_texts() -> list[str]:
    from checker.resources import resource
    from checker.rules import read_rule

    texts = []
    for path in sorted(resource("rulesets").rglob("national/*/*.yaml")):
        rule = read_rule(path).value
        texts += [e.text.replace("〔", "").replace("〕", "") for e in (*rule.flag, *rule.pass_)]
    return texts


def test_prefilter_loses_nothing_on_the_examples(matcher: Matcher) -> None:
    text = "\n".join(f"第{i}条　{text}" for i, text in enumerate(_example_texts()[::12], 1))
    parsed = document(text)
    assert matcher.check(parsed, DAY) == unfiltered(matcher).check(parsed, DAY)


WORDS = st.sampled_from(
    [
        "应当",
        "不得",
        "缴纳",
        "保证金",
        "企业",
        "备案",
        "方可",
        "本地",
        "外地",
        "注册",
        "投标人",
        "罚款",
        "五千元",
        "依照",
        "《价格法》第八条",
        "的",
        "，",
        "。",
        "；",
        "\n",
        "（一）",
        "下列行为：",
        "第五条　",
        "设立分公司",
        "指定",
        "公司",
        "收取",
        "供应商",
        "优先",
        "由",
        "负责",
        "取消",
        "没收",
        "营业执照",
        "断水断电",
        "2%",
        "以上",
        "奖励",
        "税收",
        "返还",
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_prefilter_loses_nothing(matcher: Matcher, text: str) -> None:
    parsed = document(text)
    assert matcher.check(parsed, DAY) == unfiltered(matcher).check(parsed, DAY)


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_quotes_are_exact_and_ordered(matcher: Matcher, text: str) -> None:
    findings = matcher.check(document(text), DAY).findings
    assert all(text[f.start : f.end] == f.quote for f in findings)
    assert list(findings) == sorted(findings, key=lambda f: (f.start, f.end, f.rule))
    assert len({f.fingerprint for f in findings}) == len(findings)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40).map("".join))
def test_a_lawful_paragraph_at_the_end_changes_nothing_before(matcher: Matcher, text: str) -> None:
    before = [f for f in matcher.check(document(text), DAY).findings if f.end > f.start]
    longer = f"{text}。\n本条由县司法局会同有关部门组织宣传。"
    after = [f for f in matcher.check(document(longer), DAY).findings if f.end > f.start]
    assert [(f.rule, f.quote, f.start) for f in before] == [
        (f.rule, f.quote, f.start) for f in after
    ]


def test_a_sentence_broken_over_lines_is_found_where_it_stands(matcher: Matcher) -> None:
    text = "　　第 一 条　经营者应当在开业前缴 纳文明经营保证金五千元。"
    found = [f for f in matcher.check(document(text), DAY).findings if f.family == "FEE"]
    assert [f.quote for f in found] and "缴 纳" in found[0].quote
    assert found[0].address == "第一条"


def test_basis_is_that_of_the_day(matcher: Matcher) -> None:
    parsed = document("经营者应当在开业前缴纳文明经营保证金五千元。")
    now = matcher.check(parsed, DAY).findings
    assert now and all(b.in_force(DAY) for f in now for b in f.basis)
    long_ago = matcher.check(parsed, date(1980, 1, 1)).findings
    assert not [f for f in long_ago if f.family == "FEE"]


def test_a_law_may_set_what_a_notice_may_not(matcher: Matcher) -> None:
    text = "某省某条例\n（2020年3月1日某省第十三届人民代表大会常务委员会第三次会议通过）\n第一条 经营者应当缴纳文明经营保证金五千元。"
    assert document(text).rank == "地方性法规"
    assert not matcher.check(document(text), DAY).findings


def test_select_and_ignore() -> None:
    ruleset = load_ruleset()
    assert {r.family for r in Matcher(ruleset, select=["FEE"]).rules} == {"FEE"}
    assert "FEE" not in {r.family for r in Matcher(ruleset, ignore=["FEE"]).rules}


def test_why_tells_each_outcome(matcher: Matcher) -> None:
    text = "第一条 企业应当缴纳诚信保证金。\n第二条 不得向企业收取诚信保证金。\n第三条 保证金由财政管理。"
    states = {t.address: t.state for t in matcher.why(document(text), "FEE-003", DAY)}
    assert states["第一条"] == "报告"
    assert states["第二条"] == "豁免"
    assert states.get("第三条", "未命中") == "未命中"
    with pytest.raises(KeyError):
        matcher.why(document(text), "FEE-999", DAY)


def test_examples_hold_in_every_rule() -> None:
    from checker.examples import try_examples

    tested = try_examples()
    assert tested.rules == len(load_ruleset().rules)
    assert not tested.faults, "\n".join(map(str, tested.faults))


def test_every_rule_file_is_named_as_its_family(tmp_path: Path) -> None:
    from checker.resources import resource

    for path in resource("rulesets", "national").rglob("*.yaml"):
        assert path.parent.name == path.stem.split("-")[0]


FAIR = "外地企业须在本县设立分公司，方可参与本县的政府采购活动。"


def test_competition_is_judged_by_the_rules_of_the_day(matcher: Matcher) -> None:
    after = matcher.check(document(FAIR), date(2024, 8, 1)).findings
    before = matcher.check(document(FAIR), date(2024, 7, 31)).findings
    named = [{b.law for f in found for b in f.basis} for found in (before, after)]
    assert before and after
    assert "公平竞争审查条例" in named[1] - named[0]


def test_later_law_is_only_a_hint_and_only_when_asked_for(matcher: Matcher) -> None:
    made = date(1980, 1, 1)
    assert not [f for f in matcher.check(document(FAIR), made).findings if f.basis]
    shown = matcher.check(document(FAIR), made, DAY).findings
    assert shown and all(f.severity.value == "info" and f.softened for f in shown)
    assert all(b.start is not None and b.start > made for f in shown for b in f.basis)


def test_days_with_the_same_rules_share_one_set() -> None:
    from checker.api import Checker

    matcher = Checker()._matcher
    days = [date(2025, month, 1) for month in range(1, 13)]
    sets = [matcher._running("规范性文件", day) for day in days]
    assert len({id(found) for found in sets}) == len({*sets}) < len(days)
