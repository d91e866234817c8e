"""Irregularities: what looks wrong in the form of a document, for the format rules to speak about.

Sources: GB/T 9704-2012 §7 (numbers, titles, attachments), 立法技术规范（试行） on numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.citations import CitationReader, citations_of
from checker.document import HEADING_KINDS, Document, Irregularity, Provision
from checker.numerals import chinese_number, read_date

#: Kind -> what it means to a reader; these are the words a rule may use after ``irregular``.
KINDS = {
    "gap": "序号跳号",
    "repeat": "序号重复",
    "back": "序号倒退",
    "skip": "层次跳级",
    "brackets": "发文字号年份括号不是〔〕",
    "padding": "发文字号顺序号加“第”或者编虚位",
    "date_form": "成文日期没有用阿拉伯数字",
    "title_mismatch": "通知标题与所附文件标题不一致",
    "attachment_missing": "正文列出的附件没有附上",
    "dangling": "引用了本文件没有的条",
    "early": "施行日期早于成文日期",
}
_NUMBERED = frozenset({"part", "chapter", "article", "item", "subitem", *HEADING_KINDS[:3]})


def find_irregularities(
    document: Document, cite: CitationReader = citations_of
) -> tuple[Irregularity, ...]:
    """Every irregularity of a document in order of position."""
    found = [
        *_numbering(document),
        *_levels(document),
        *_frame(document),
        *_attached(document),
        *_early(document),
        *_dangling(document, cite),
    ]
    return tuple(sorted(found, key=lambda i: (i.start, i.end, i.kind)))


def _numbering(document: Document) -> Iterator[Irregularity]:
    """Each numbered provision against the one of its kind before it, within what holds both."""
    last: dict[tuple[int, str], Provision] = {}
    for node in document.walk():
        if node.kind not in _NUMBERED or not node.label or node.parent is None:
            continue
        home = _home(node)
        before = last.get((home, node.kind))
        last[(home, node.kind)] = node
        if before is None or node.branch or node.number == before.number + 1:
            continue
        if node.number == 1 < before.number and node.kind != "article":
            continue  # a list that begins again
        kind = (
            "gap"
            if node.number > before.number + 1
            else ("repeat" if node.number == before.number else "back")
        )
        if kind == "repeat" and node.branch != before.branch:
            continue
        yield _at(document, node, kind, f"“{before.label}”之后是“{node.label}”")


def _home(node: Provision) -> int:
    """Within what numbers run on: the unit for articles, the direct parent for the rest."""
    if node.kind != "article" or node.parent is None:
        return node.parent.index if node.parent else 0
    return next((a.index for a in node.ancestors() if a.kind == "unit"), 0)


def _at(document: Document, node: Provision, kind: str, detail: str) -> Irregularity:
    start = node.head if node.kind == "article" else node.head - len(node.label)
    span = document.source.span(start, start + len(node.label))
    return Irregularity(kind, span.start, span.end, detail)


def _levels(document: Document) -> Iterator[Irregularity]:
    """A heading of level 3 right below level 1: level 2 was left out."""
    for node in document.walk():
        if node.kind not in HEADING_KINDS[1:3] or node.parent is None or node.number != 1:
            continue
        above = node.parent.kind
        if (
            above in HEADING_KINDS
            and HEADING_KINDS.index(node.kind) > HEADING_KINDS.index(above) + 1
        ):
            yield _at(document, node, "skip", f"“{node.parent.label}”之下直接用了“{node.label}”")


_ODD_NUMBER = re.compile(r"[\[［【(（]\s*(?:19|20)\d\d\s*[\]］】)）]")
_PADDED = re.compile(r"[〕\]］】)）]\s*(?:第|0)\s*\d+\s*号")


def _frame(document: Document) -> Iterator[Irregularity]:
    text = document.source.text
    for node in document.walk():
        if node.kind not in ("doc_number", "date"):
            continue
        span = document.source.span(node.head, node.own_end)
        words = text[span.start : span.end]
        if node.kind == "doc_number":
            for kind, pattern in (("brackets", _ODD_NUMBER), ("padding", _PADDED)):
                if pattern.search(words):
                    yield Irregularity(kind, span.start, span.end, f"写作“{words}”")
        elif re.search("[一二三四五六七八九〇○]", words):
            yield Irregularity("date_form", span.start, span.end, f"写作“{words}”")


def _dangling(document: Document, cite: CitationReader) -> Iterator[Irregularity]:
    """本办法第N条 where the text that says so has no such article."""
    for unit in document.units:
        inside = document.inside(unit)
        own = {(p.number, p.branch) for p in inside if p.kind == "article"}
        if len(own) < _WHOLE:
            continue
        start, end = unit.head, max(p.own_end for p in inside)
        for cited in cite(document.source.shadow, frozenset()):
            if not start <= cited.start < end:
                continue
            absent = [p for p in cited.places if p.article and (p.article, p.branch) not in own]
            if cited.own and absent:
                span = document.source.span(cited.start, cited.end)
                place = f"第{chinese_number(absent[0].article)}条"
                yield Irregularity("dangling", span.start, span.end, f"全文没有{place}")


#: A text with fewer articles than this is an excerpt: what it cites may stand elsewhere.
_WHOLE = 5


def _early(document: Document) -> Iterator[Irregularity]:
    """A day of effect before the day the document was made."""
    if document.date is None or document.effective is None:
        return
    start, end = document.effective
    day = read_date(document.source.text[start:end])
    if day is not None and day < document.date:
        yield Irregularity("early", start, end, f"施行日期 {day}，成文日期 {document.date}")


_ISSUED = re.compile(r"印发《?([^《》]{4,60}?)》?的通知$")


def _attached(document: Document) -> Iterator[Irregularity]:
    """Titles that disagree, and attachments that are listed but not there."""
    attached = document.units[1:]
    named = _ISSUED.search(document.title)
    others = [title for unit in attached if (title := document.title_of(unit))]
    if named and others and not any(_agree(named.group(1), title) for title in others):
        node = next(iter(document.titles(attached[0])), attached[0])
        near = [t for t in others if _near(_plain(t), _plain(named.group(1)))]
        if near:
            yield Irregularity(
                "title_mismatch",
                node.start,
                node.end,
                f"通知标题是“{named.group(1)}”，所附文件标题是“{near[0]}”",
            )
    lists = [node for node in document.walk() if node.kind == "attachment_list"]
    missing = len(lists) - (len(document.units) - 1)
    if lists and missing > 0:
        yield Irregularity(
            "attachment_missing",
            lists[0].start,
            lists[-1].end,
            f"列出附件{chinese_number(len(lists))}个，附上{chinese_number(len(lists) - missing)}个",
        )


def _plain(title: str) -> str:
    return re.sub(r"[《》“”〈〉<>\s的]", "", title)


def _agree(one: str, other: str) -> bool:
    """Whether two titles are the same but for 的 and a place that only one of them repeats."""
    one, other = _plain(one), _plain(other)
    return one.endswith(other) or other.endswith(one)


def _near(one: str, other: str) -> bool:
    """Titles meant to be the same: they share most of their beginning."""
    return len(set(one) & set(other)) >= 0.7 * max(len(set(one)), len(set(other)), 1)
