"""Versions: whether the papers speak of this version of the draft: articles, references, changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.citations import find_citations
from checker.document import Document, Provision
from checker.dossier import Dossier
from checker.materials import EARLIER, Material, heading_of
from checker.numerals import NUMERAL_CHARS, chinese_number, read_number
from checker.periods import find_days
from checker.subject import (
    NOTICE,
    OPINION,
    RECORD,
    SPEAKING,
    Disagreement,
    against,
    cores_of,
    same_name,
    speaking,
)

# Numbers of articles

_N = f"[{NUMERAL_CHARS}]{{1,4}}"
_ARTICLES = re.compile(
    rf"(?:(?P<c>{_N})章[、，]?(?:共|计)?(?:{_N}节[、，]?)?(?:共|计)?)?(?P<a>{_N})条"
)
_OTHER_COUNT = re.compile(r"意见|建议|采纳|收到|反馈|措施|第|留言|线索")


def _stated_counts(text: str) -> Iterator[tuple[str, int, int]]:
    """(words, chapters or 0, articles) wherever a paper says how many the draft has."""
    for clause in re.split(r"[。；：\n]|，(?!共|计|[一二三四五六七八九十\d]+条)", text):
        if re.search(r"共|分为?|全文|计|包括", clause) and not _OTHER_COUNT.search(clause):
            for m in _ARTICLES.finditer(clause):
                yield m[0], read_number(m["c"] or ""), read_number(m["a"])


def articles_of(document: Document) -> dict[tuple[int, int], Provision]:
    """Articles of the text that has most of them, by number and branch (第五条之一)."""
    units: dict[int, dict[tuple[int, int], Provision]] = {}
    for node in document.walk():
        if node.kind == "article":
            unit = next((p.index for p in node.ancestors() if p.kind == "unit"), 0)
            units.setdefault(unit, {})[(node.number, node.branch)] = node
    return max(units.values(), key=len, default={})


def _wrong_counts(
    dossier: Dossier, draft: Document, *roles: str
) -> Iterator[tuple[Material, str, str]]:
    articles = articles_of(draft)
    if len(articles) < 3:
        return
    units = {p.index for p in next(iter(articles.values())).ancestors()}
    chapters = sum(
        n.kind == "chapter" and n.parent is not None and n.parent.index in units
        for n in draft.walk()
    )
    for material in speaking(dossier, *roles):
        for words, c, a in _stated_counts(material.text):
            if a != len(articles) or (c and c != chapters):
                actual = (f"{chapters}章" if c else "") + f"{len(articles)}条"
                yield material, words, actual


def counts(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Numbers of chapters and articles that are not those of the draft."""
    roles = [role for role in SPEAKING if role not in (OPINION, NOTICE, RECORD)]
    for material, stated, actual in _wrong_counts(dossier, draft, *roles):
        yield against("articles", material, stated, actual)


# Versions


def versions(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Signs that the opinion reviewed another version than the draft."""
    for material, stated, actual in _wrong_counts(dossier, draft, OPINION):
        yield against("version", material, f"所审文本{stated}", f"草案{actual}")
    head = heading_of(draft.source.shadow)
    for material in speaking(dossier, OPINION):
        if "（征求意见稿）" in heading_of(material.text) and "征求意见稿" not in head:
            yield against("version", material, "所审文本是征求意见稿", "草案不是征求意见稿")
        written = [
            m for m in find_days(head) if re.match(r"(?:修改|送审|审议|定)?稿", head[m.end :])
        ]
        seen = [
            m for m in find_days(material.text)
            if re.match(r"(?:的)?(?:修改|送审|审议)?稿", material.text[m.end :])
        ]  # fmt: skip
        if written and seen and written[-1].day not in {m.day for m in seen}:
            yield against(
                "version", material, f"所审文本是 {seen[-1].day} 稿", f"草案是 {written[-1].day} 稿"
            )


_SPACE = re.compile(r"\s")


def changes(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Articles that differ from the version handed in for review and that the opinion is silent on."""
    opinions = [m for m in dossier.of(OPINION) if m.text]
    reviewed = next((m for m in dossier.of(EARLIER) if "送审稿" in heading_of(m.text)), None)
    if reviewed is None or not opinions:
        return
    from checker.sources import unify
    from checker.structure import parse

    old = _article_texts(parse(unify(reviewed.name, reviewed.text)))
    new = _article_texts(draft)
    asked = {
        number for m in opinions for _, (number, _) in _own_references(m.text, cores_of(draft))
    }
    changed = [k for k in sorted({*old, *new}) if old.get(k) != new.get(k) and k[0] not in asked]
    if changed and old:
        names = "、".join(map(_article_name, changed[:8]))
        more = f"等{len(changed)}条" if len(changed) > 8 else ""
        yield against("changed", opinions[-1], f"送审稿（{reviewed.name}）", f"{names}{more}")


def _article_texts(document: Document) -> dict[tuple[int, int], str]:
    return {key: _SPACE.sub("", document.text_of(a)) for key, a in articles_of(document).items()}


def _article_name(key: tuple[int, int]) -> str:
    number, branch = key
    return f"第{chinese_number(number)}条" + (f"之{chinese_number(branch)}" if branch else "")


# Comments and the clauses they cite

_REFERENCE = re.compile(
    rf"第(?P<a>{_N})条(?:之(?P<b>[一二三四五六七八九十]))?(?:第{_N}款)?(?:第[（(]?{_N}[）)]?项)?"
)
_NOT_HERE = re.compile(
    r"(?:增加|新增|增设|删去|删除|删掉|原|原来的|征求意见稿|(?<!本)(?:条例|法|规定|办法|细则|决定)》?(?:的)?|[第条款项、和及至])$"
)
_GONE = re.compile(r"^[^。；，\n]{0,6}(?:已?删[去除])")


def _own_references(text: str, cores: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, int]]]:
    """References to articles of the draft: the address as written, and (number, branch)."""
    others = [
        (c.start, c.end)
        for c in find_citations(text)
        if c.name and not c.own and not same_name(c.name, cores)
    ]
    for m in _REFERENCE.finditer(text):
        inside = any(a <= m.start() < b for a, b in others)
        if (
            inside
            or _NOT_HERE.search(text[max(0, m.start() - 8) : m.start()])
            or _GONE.search(text[m.end() :][:10])
        ):
            continue
        yield m[0], (read_number(m["a"]), read_number(m["b"] or ""))


def clauses(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """References to articles that the draft does not have."""
    articles = articles_of(draft)
    earlier = [m.text for m in dossier.of(EARLIER)]
    if len(articles) < 3:
        return
    last = _article_name(max(articles))
    for material in speaking(dossier, RECORD, OPINION, "起草说明"):
        for words, key in _own_references(material.text, cores_of(draft)):
            missing = key not in articles or draft.at(words) is None
            if missing and not any(_article_name(key) in text for text in earlier):
                yield against("clause", material, words, f"草案没有{words}（最后一条是{last}）")
