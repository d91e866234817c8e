"""Waivers: what they cover is set aside and counted, and nothing else; what is wrong with them is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents.drafts import ANY, DRAFTS, ELSEWHERE, RULES, Draft, Edit, edited, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import Checker, Finding, Report, Severity
from checker.faults import DeclarationError
from checker.ruleset import load_ruleset
from checker.waivers import (
    Entry,
    Scope,
    Waivers,
    read_waivers,
    refuse_faulty,
    settle,
    unused,
    waiver_rules,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases/waivers.yaml").read_text("utf-8"))
RULESET = load_ruleset().rules
DAY = date(2026, 1, 1)
GROUND = "《优化营商环境条例》第二十五条"
SCOPE = Scope(frozenset(RULES), frozenset(), waiver_rules(), DAY)
CHECKER = Checker(select=RULES)
ENTRY = Entry("FEE-003", "办法", "国务院批准的试点项目", "法规科", date(2027, 1, 1), "第二条")
ENTRY = replace(ENTRY, ground=GROUND)
FOUND = Finding(
    "FEE-003", "保证金", "FEE", Severity.ERROR, 8, 11, "保证金", "第二条", "收取", "删去"
)


def settled(
    *entries: Entry, findings: Iterable[Finding] = (FOUND,), scope: Scope = SCOPE
) -> tuple[list[str], list[str]]:
    """Rules of the findings that stay, and of those set aside, in a document called 办法."""
    report = settle(Waivers(entries), Report("办法", tuple(findings)), ["办法"], scope)
    return [f.rule for f in report.findings], [f.rule for f in report.waived]


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: case["said"])
def test_a_wrong_entry_is_refused_with_its_line(tmp_path: Path, case: dict[str, Any]) -> None:
    entry = {k: v for k, v in (CASES["good"] | case["change"]).items() if v is not None}
    path = tmp_path / "checker-waivers.yml"
    rows = [f"  {key}: {json.dumps(str(v), ensure_ascii=False)}" for key, v in entry.items()]
    rows[0] = "-" + rows[0][1:]
    path.write_text("# 清单\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_waivers(path, RULESET)
    line = 2 + [*entry].index(case["key"]) if "key" in case else 2
    assert any(case["said"] in f.message and f.line == line for f in caught.value.faults), str(
        caught.value
    )


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "checker-waivers.yml"
    bad = CASES["good"] | {"ground": "经县领导同意", "reason": "短"}
    path.write_text(yaml.safe_dump([bad, bad], allow_unicode=True), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_waivers(path, RULESET)
    assert len(caught.value.faults) == 4
    with pytest.raises(DeclarationError, match="第2项"):
        refuse_faulty(Waivers((ENTRY, replace(ENTRY, rule="FEE-9"))), RULESET)


def test_a_rule_that_is_no_error_needs_no_ground(tmp_path: Path) -> None:
    mild = next(r.id for r in RULESET if r.severity is not Severity.ERROR and not r.mandatory)
    refuse_faulty(Waivers((replace(ENTRY, rule=mild, ground=""),)), RULESET)


@pytest.mark.parametrize("outer,inner,inside", CASES["places"])
def test_place(outer: str, inner: str, inside: bool) -> None:
    finding = replace(FOUND, address=inner)
    _, waived = settled(replace(ENTRY, at=outer), findings=[finding])
    assert bool(waived) is inside


@pytest.mark.parametrize(
    ("written", "covered"),
    [
        ("缴存文明 经营保证金", True),
        ("缴存文明\n经营保证金", True),
        ("缴存…保证金", True),
        ("缴存文明经营保", False),
        ("缴存…押金", False),
        ("缴存文明经营…明经营保证金", False),
    ],
)
def test_quote(written: str, covered: bool) -> None:
    finding = replace(FOUND, quote="缴存文明经营保证金")
    assert bool(settled(replace(ENTRY, quote=written), findings=[finding])[1]) is covered


@pytest.mark.parametrize("case", CASES["grounds"], ids=lambda c: f"{c['ground']} {c['day']}")
def test_ground_is_judged_on_the_day(case: dict[str, Any]) -> None:
    entry = replace(ENTRY, ground=case["ground"])
    report = settle(
        Waivers((entry,)), Report("办法", (FOUND,)), ["办法"], replace(SCOPE, day=case["day"])
    )
    if "said" in case:
        told, kept = report.findings
        assert (told.rule, kept, report.waived) == ("WVR-003", FOUND, ())
        assert case["said"] in told.message
    else:
        assert report.findings == () and len(report.waived) == 1


@given(st.integers(-3, 3), st.integers(0, 3))
def test_an_entry_holds_from_its_first_to_its_last_day(shift: int, length: int) -> None:
    start = DAY + timedelta(shift)
    entry = replace(ENTRY, start=start, until=start + timedelta(length), kind="authorised")
    kept, waived = settled(entry)
    if start <= DAY <= entry.until:
        assert (kept, waived) == ([], ["FEE-003"])
    else:
        assert (kept, waived) == (["WVR-002", "FEE-003"], [])


@pytest.mark.parametrize(
    ("ground", "enough"),
    [
        (GROUND, True),
        ("《中华人民共和国民法典》第一百五十三条", True),
        ("《东林县示范区条例》第五条和《优化营商环境条例》第二十五条", True),
        ("《全国人民代表大会常务委员会关于授权东林县暂时调整适用有关法律规定的决定》", True),
        ("《民宿管理条例》第五条", False),
        ("国办发〔2018〕37号", False),
        ("《山东省优化营商环境条例》第五条", False),
        ("", False),
    ],
)
def test_a_rule_that_must_run_yields_only_to_a_high_ground(ground: str, enough: bool) -> None:
    scope = replace(SCOPE, mandatory=frozenset({"FEE-003"}))
    kept, waived = settled(replace(ENTRY, ground=ground), scope=scope)
    assert (kept, waived) == (([], ["FEE-003"]) if enough else (["WVR-004", "FEE-003"], []))


def test_another_entry_may_hold_where_one_does_not() -> None:
    old = replace(ENTRY, until=DAY - timedelta(1))
    assert settled(old, ENTRY) == (["WVR-002"], ["FEE-003"])


def test_an_entry_is_told_once_however_much_it_would_cover() -> None:
    old = replace(ENTRY, until=DAY - timedelta(1))
    findings = [FOUND, replace(FOUND, start=20, end=23)]
    assert settled(old, findings=findings)[0] == ["WVR-002", "FEE-003", "FEE-003"]


def test_other_documents_and_rules_are_not_touched() -> None:
    elsewhere = replace(ENTRY, document="细则")
    assert settled(elsewhere) == (["FEE-003"], [])
    assert settled(replace(ENTRY, rule="PEN-001")) == (["FEE-003"], [])
    assert settled(replace(ENTRY, rule="FEE")) == ([], ["FEE-003"])


def test_unused_needs_a_run_rule_and_a_whole_document() -> None:
    assert settled(ENTRY, findings=[]) == (["WVR-001"], [])
    assert settled(ENTRY, findings=[], scope=replace(SCOPE, ran=frozenset())) == ([], [])
    assert settled(ENTRY, findings=[], scope=replace(SCOPE, rules=())) == ([], [])
    for report in (Report("办法", gaps=("图片",)), Report("办法", error="加密")):
        assert settle(Waivers((ENTRY,)), report, ["办法"], SCOPE) == report


def test_a_pattern_is_unused_only_if_no_document_needs_it() -> None:
    waivers = Waivers((replace(ENTRY, document="*.txt"), replace(ENTRY, document="旧/*")))
    clean, found = Report("甲.txt"), Report("乙.txt", (FOUND,))

    def over(*reports: Report) -> list[str]:
        done = ((settle(waivers, r, [r.name], SCOPE), r.name) for r in reports)
        return [f.message for r in unused(waivers, done, SCOPE) for f in r.findings]

    assert over(clean, found) == []
    (message,) = over(clean)
    assert "第1项" in message
    assert over(clean, Report("丙.txt", error="加密")) == [], "it may be needed there"


def test_what_a_finding_is_waived_by_is_told() -> None:
    report = settle(Waivers((ENTRY,)), Report("办法", (FOUND,)), ["办法"], SCOPE)
    (waived,) = report.waived
    assert replace(waived, waiver=None) == FOUND
    assert waived.waiver == ENTRY.waiver(1) and waived.waiver.ground == GROUND


def by_quote(draft: Draft, document: str = "办法") -> Waivers:
    """A list that covers every questionable article of a draft by its words."""
    words = dict.fromkeys((RULES[a.kind - 1], a.words) for a in draft if a.kind)
    return Waivers(
        tuple(replace(ENTRY, rule=r, document=document, at="", quote=q) for r, q in words)
    )


def check(draft: Draft, waivers: Waivers) -> Report:
    return settle(waivers, CHECKER.check_text(text_of(draft), "办法"), ["办法"], SCOPE)


@given(DRAFTS, st.lists(ELSEWHERE, max_size=8))
@settings(max_examples=200, deadline=None)
def test_edits_elsewhere_keep_what_is_waived_by_its_words(draft: Draft, edits: list[Edit]) -> None:
    report = check(edited(draft, edits), by_quote(draft))
    assert report.findings == ()
    assert len(report.waived) == sum(bool(article.kind) for article in draft)


@given(DRAFTS, st.lists(ANY, max_size=8))
@settings(max_examples=300, deadline=None)
def test_after_any_edits_only_the_waived_words_are_waived(draft: Draft, edits: list[Edit]) -> None:
    new = edited(draft, edits)
    report = check(new, by_quote(draft))
    before, now = ({a.words for a in d if a.kind} for d in (draft, new))
    assert {f.quote for f in report.waived} == before & now
    assert {f.quote for f in report.findings if f.quote} == now - before
    idle = [f for f in report.findings if f.rule == "WVR-001"]
    assert len(idle) == len(before - now)
    everything = CHECKER.check_text(text_of(new), "办法").findings
    assert len(report.waived) + len(report.findings) - len(idle) == len(everything)


@given(DRAFTS, st.integers(0, 9), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_place_is_waived_whatever_words_change_in_it(
    draft: Draft, at: int, requote: bool
) -> None:
    at %= len(draft)
    places = {f.start: f.address for f in CHECKER.check_text(text_of(draft), "办法").findings}
    entries = [replace(ENTRY, rule=rule, at=place) for rule in RULES for place in places.values()]
    new = edited(draft, [Edit("requote" if requote else "reframe", at)])
    report = check(new, Waivers(tuple(entries)))
    assert [f for f in report.findings if f.family != "WVR"] == []
    assert len(report.waived) == len(places)


def test_shipped_rules_say_all_without_a_verdict() -> None:
    rules = waiver_rules()
    assert [r.test for r in rules] == ["unused", "term", "ground", "rank"]
    for rule in rules:
        told = rule.message.format(place="第1项", rule="FEE-003", detail="甲")
        assert "{" not in told and "违法" not in rule.title + told + rule.advice
