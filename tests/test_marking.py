"""A text cut at its findings: nothing lost, every finding on exactly its words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checker.document import Document
from checker.findings import Finding, Severity
from checker.parsing import parse_text
from checker.render.marking import marked_lines, outline_entries
from checker.report import Report

TEXT = """关于印发《某某办法》的通知

第一章 总则
第一条 为了规范，制定本办法。
第二条 经营者应当遵守下列规定：
（一）守法；
（二）诚信。

第三条 本办法自公布之日起施行。
"""
DOCUMENT = parse_text(TEXT)
FINDING = Finding("FEE-003", "", "FEE", Severity.ERROR, 0, 0, "", "", "", "")


def at(start: int, end: int) -> Finding:
    return replace(FINDING, start=start, end=end, quote=TEXT[start:end])


def words(document: Document, findings: list[Finding], number: int) -> str:
    """The words that are marked for one finding, line by line."""
    lines = []
    for line in marked_lines(document, findings):
        covered = [p for p in line.pieces if number in p.findings]
        if covered:
            lines.append("".join(g.text for p in covered for g in p.glyphs))
    return "\n".join(lines)


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)


@given(st.lists(spans, max_size=6))
def test_every_finding_is_on_its_words_and_nothing_is_lost(pairs: list[list[int]]) -> None:
    findings = [at(*pair) for pair in pairs]
    lines = list(marked_lines(DOCUMENT, findings))
    text = "\n".join("".join(g.text for p in line.pieces for g in p.glyphs) for line in lines)
    assert text == "\n".join(line for line in TEXT.split("\n") if line)
    for number, finding in enumerate(findings):
        kept = "\n".join(line for line in finding.quote.split("\n") if line)
        assert words(DOCUMENT, findings, number) == kept
        pieces = [p for line in lines for p in line.pieces]
        begun = sum(number in p.begins for p in pieces)
        ended = sum(number in p.ends for p in pieces)
        assert begun <= 1 and (begun == 1 or finding.start >= len(TEXT) - 1)
        assert ended == (1 if kept and not finding.quote.endswith("\n") else 0) or "\n" in kept


def test_lines_know_their_kind_and_what_the_outline_leads_to() -> None:
    lines = list(marked_lines(DOCUMENT, []))
    assert [line.kind for line in lines[:4]] == ["title", "chapter", "article", "article"]
    entries = list(outline_entries(DOCUMENT, [at(TEXT.index("守法"), TEXT.index("守法") + 2)]))
    assert [e.label for e in entries] == ["第一章", "第一条", "第二条", "第三条"]
    assert [e.findings for e in entries] == [1, 0, 1, 0]
    assert entries[1].opening == "为了规范，制定本办法。" and entries[2].opening
    led = {index for line in lines for index in line.entries}
    assert {e.provision for e in entries} <= led


def test_characters_that_would_act_are_shown_by_name(hostile: Report) -> None:
    assert hostile.document is not None
    lines = list(marked_lines(hostile.document, hostile.findings))
    glyphs = [g for line in lines for p in line.pieces for g in p.glyphs]
    odd = [g.text for g in glyphs if g.odd]
    assert {"U+0000", "U+001B", "U+202E", "U+2066", "U+D800"} <= set(odd)
    plain = "".join(g.text for g in glyphs if not g.odd)
    assert not set(plain) & set("\x00\x1b\u202e\u2066\ud800\u200b\ufeff\r") and "🀄" in plain
