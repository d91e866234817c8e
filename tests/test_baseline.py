"""Baseline: what is known stays known under edits elsewhere, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from documents.drafts import (
    ANY,
    DRAFTS,
    ELSEWHERE,
    QUOTES,
    RULES,
    Article,
    Draft,
    Edit,
    edited,
    text_of,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker import Checker, Finding, Report, Severity
from checker.baseline import (
    SCHEMA,
    Baseline,
    Entry,
    baseline_text,
    entries_of,
    read_baseline,
    settle,
)
from checker.faults import DeclarationError
from checker.waivers import FAMILY

CHECKER = Checker(select=RULES)
RAN = frozenset(RULES)
FAULTY = Article(1)


def report_of(draft: Draft) -> Report:
    return CHECKER.check_text(text_of(draft), "办法")


def after(old: Draft, new: Draft) -> Report:
    baseline = Baseline({"办法": entries_of(report_of(old).findings)})
    return settle(baseline, report_of(new), "办法", RAN)


def counted(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(f.quote for f in findings)


def words_of(draft: Draft) -> Counter[str]:
    return Counter(article.words for article in draft if article.kind)


@given(DRAFTS)
def test_each_questionable_article_has_one_finding(draft: Draft) -> None:
    """What the other properties rest on: rules find exactly the words that the drafts mean."""
    assert counted(report_of(draft).findings) == words_of(draft)


@given(DRAFTS, st.lists(ELSEWHERE, max_size=8))
@example((FAULTY,), [Edit("insert", 0), Edit("reframe", 1)])
@settings(max_examples=300, deadline=None)
def test_edits_elsewhere_keep_everything_known(draft: Draft, edits: list[Edit]) -> None:
    report = after(draft, edited(draft, edits))
    assert report.findings == () and counted(report.known) == words_of(draft)
    assert not any("基线" in note for note in report.notes)


@given(DRAFTS, st.integers(0, 9), st.lists(ELSEWHERE, max_size=5))
@settings(max_examples=200, deadline=None)
def test_changed_words_are_new(draft: Draft, at: int, edits: list[Edit]) -> None:
    once = tuple(dict.fromkeys(article._replace(frame=0, quote=0) for article in draft))
    changed = once[at % len(once)]
    new = edited(edited(once, [Edit("requote", at)]), edits)
    report = after(once, new)
    assert counted(report.findings) == words_of((changed._replace(quote=1),))
    gone = f"基线中有 {1 if changed.kind else 0} 处"
    assert any(gone in note for note in report.notes) is bool(changed.kind)


@given(DRAFTS, st.lists(ANY, max_size=8))
@settings(max_examples=300, deadline=None)
def test_after_any_edits_only_what_there_is_more_of_is_new(draft: Draft, edits: list[Edit]) -> None:
    new = edited(draft, edits)
    report = after(draft, new)
    assert counted(report.findings) == words_of(new) - words_of(draft)
    assert counted(report.known) == words_of(new) & words_of(draft)
    assert sorted((*report.findings, *report.known), key=lambda f: f.start) == list(
        report_of(new).findings
    )


def test_of_equal_words_the_inserted_place_is_the_new_one() -> None:
    old: Draft = (FAULTY,)
    new: Draft = (Article(1, 0, 1), FAULTY)
    (found,) = after(old, new).findings
    assert found.address == "第二条" and "十日内" in found.clause


GAPS = (
    "东林县办法\n第一条 为了规范经营，制定本办法。\n第二条 商铺经营者应当保持门前整洁。\n"
    "第五条 县商务主管部门负责组织实施。\n第九条 本办法自公布之日起施行。\n"
)


def test_a_finding_about_a_number_is_known_under_another_number() -> None:
    """The quoted words are only the label of an article, which changes where articles come before."""
    checker = Checker(select=["FMT-002"])
    old = checker.check_text(GAPS, "办法")
    assert [f.quote for f in old.findings] == ["第五条", "第九条"]
    baseline = Baseline({"办法": entries_of(old.findings)})
    more = GAPS.replace("第九条", "第十条").replace("第五条", "第六条")
    more = more.replace("第六条", "第三条 各有关部门应当做好相关工作。\n第六条")
    report = settle(baseline, checker.check_text(more, "办法"), "办法", frozenset({"FMT-002"}))
    assert (report.findings, report.notes) == ((), old.notes) and len(report.known) == 2
    third = more + "第十五条 本办法由县商务主管部门解释。\n"
    (new,) = settle(baseline, checker.check_text(third, "办法"), "办法", RAN).findings
    assert new.quote == "第十五条"


def test_a_finding_without_words_is_known_by_its_place() -> None:
    finding = Finding("PRO-102", "缺", "PRO", Severity.ERROR, 0, 0, "", "起草说明", "没有", "补")
    baseline = Baseline({"卷": entries_of([finding])})
    other = replace(finding, address="合法性审核意见")
    report = settle(baseline, Report("卷", (other, finding)), "卷", frozenset({"PRO-102"}))
    assert report.findings == (other,) and report.known == (finding,)


def test_what_was_not_run_is_not_called_gone() -> None:
    baseline = Baseline({"办法": entries_of(report_of((FAULTY,)).findings)})
    clean = Report("办法")
    assert settle(baseline, clean, "办法", frozenset({"FEE-012"})).notes == ()
    assert settle(baseline, clean, "办法", RAN).notes != ()
    unread = Report("办法", gaps=("图片",))
    assert settle(baseline, unread, "办法", RAN).notes == ()


def test_findings_about_waivers_are_never_known() -> None:
    finding = Finding("WVR-001", "", FAMILY, Severity.WARNING, 0, 0, "", "全文", "", "")
    assert entries_of([finding]) == ()
    entry = Entry("WVR-001", "全文", "", "", "")
    report = Report("办法", (finding,))
    assert settle(Baseline({"办法": (entry,)}), report, "办法", frozenset()).findings == (finding,)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
ENTRIES = st.lists(st.builds(Entry, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=3)


@given(st.dictionaries(TEXTS, ENTRIES.map(tuple), max_size=3))
def test_a_written_baseline_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, documents: dict[str, tuple[Entry, ...]]
) -> None:
    path = tmp_path_factory.mktemp("b") / "b.json"
    text = baseline_text(Baseline(documents))
    path.write_text(text, encoding="utf-8", newline="\n")
    read = read_baseline(path)
    assert read.documents == documents and read.base == path.parent
    assert baseline_text(read) == text
    assert json.loads(text)["schema"] == SCHEMA


def test_one_finding_a_line_and_documents_in_order() -> None:
    entries = entries_of(report_of((FAULTY, Article(2))).findings)
    text = baseline_text(Baseline({"乙.txt": entries, "丙.txt": entries[:1]}))
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("  ") and ".txt" in line] == [
        '  "丙.txt": [', '  "乙.txt": [',
    ]  # fmt: skip
    assert sum(QUOTES[1][0] in line for line in lines) == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "不是合格的 JSON"),
        ("[]", "不是基线文件"),
        ('{"schema": "checker-baseline/9", "documents": {}}', "不是基线文件"),
        (f'{{"schema": "{SCHEMA}"}}', "已损坏"),
        (f'{{"schema": "{SCHEMA}", "documents": {{"a": [{{"rule": "FEE-001"}}]}}}}', "已损坏"),
        (f'{{"schema": "{SCHEMA}", "documents": ["a"]}}', "已损坏"),
        ("[" * 100_000, "已损坏"),
        (b"\xff\xfe", "已损坏"),
        (None, "没有这个文件；可以先用 checker baseline write 生成"),
    ],
)
def test_what_is_no_baseline_is_refused(
    tmp_path: Path, written: str | bytes | None, said: str
) -> None:
    path = tmp_path / "基线.json"
    if written is not None:
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(DeclarationError, match=said) as caught:
        read_baseline(path)
    assert str(caught.value).startswith("基线.json 第1行")
