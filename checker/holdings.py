"""Holdings: what one document of a stock (存量文件) says of itself and of others, ready to be compared.

Sources for what is read: 党政机关公文处理工作条例 on titles and numbers; the documents' own closing
articles on effect, validity and repeal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from checker.bases import tells_fate
from checker.document import Document
from checker.numerals import read_number
from checker.organs import OldName, find_old_names
from checker.places import place_of
from checker.references import GENERIC, find_references
from checker.statutes import plain_name, plain_number
from checker.validity import Own, last_day, length_of, read_validity


@dataclass(frozen=True, slots=True)
class Mention:
    """One law or document that a holding names.

    ``law`` is its name in the register of laws, else empty; ``by`` is set where the holding relies on
    it, ``ended`` where it repeals it, ``partial`` where only a provision of it is meant, ``founding``
    where the holding was made under it (根据《…》，制定本办法). Positions are code points.
    """

    start: int
    end: int
    address: str
    quote: str
    name: str
    number: str
    law: str
    by: bool
    ended: bool
    partial: bool
    founding: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a holding is in force: the earliest and the latest day that this can mean.

    Both are the same where the day is certain; None where nothing can be told, or where there is no
    end. ``words`` tell a reader how it was found, ``sure`` is false for a rule that was not checked,
    ``endless`` set where the text says that it has no end.
    """

    words: str
    earliest: date | None = None
    latest: date | None = None
    sure: bool = True
    endless: bool = False

    @property
    def day(self) -> date | None:
        """The last day in force where it is certain."""
        return self.latest if self.earliest == self.latest else None


@dataclass(frozen=True, slots=True)
class Holding:
    """One document of a stock; ``problem`` says why it could not be read.

    ``titles`` are the plain names by which others may call it whole, ``parts`` those of one of several
    texts it attaches. ``made`` is the day it bears, ``year`` that of its number, ``last_year`` the last
    year that its title says it is for (2016年招生意见, “十二五”规划), 0 where it says none.
    """

    name: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    made: date | None = None
    year: int = 0
    effective: date | None = None
    term: Term | None = None
    last_year: int = 0
    draft: bool = False
    titles: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    old_names: tuple[OldName, ...] = ()
    gaps: tuple[str, ...] = ()
    problem: str = ""
    internal: bool = False

    @property
    def known_by(self) -> date | None:
        """A day on which the document had been made: the day it bears, of effect, or its year's end."""
        if self.made or self.effective:
            return self.made or self.effective
        return date(self.year, 12, 31) if self.year else None

    @property
    def first(self) -> date | None:
        """The first day in force as far as it is known, else the day it was made."""
        return self.effective or self.made

    @property
    def cited(self) -> str:
        """How others name it: title and number."""
        return f"《{self.title}》" + (f"（{self.number}）" if self.number else "")


_YEAR = re.compile(r"[〔（\[]((?:19|20)\d{2})")
_DRAFT = re.compile(r"征求意见稿|送审稿|草案|讨论稿|审议稿")
_ISSUES = re.compile(
    r"(?:印发|公布|发布|颁布|转发|批转)(?P<what>.{4,80}?)的?(?:通知|公告|通告|决定|令)?$"
)
#: A name shorter than this may be that of many documents (characters).
_TELLING = 7


def read_holding(document: Document, name: str) -> Holding:
    """What a document says of itself and of others."""
    owns = read_validity(document)
    unit_titles = [own.title.strip() for own in owns]
    written = document.title or next(filter(None, unit_titles), "")
    title = written.strip("_ ") or Path(name).stem
    number = document.doc_number if "〔" in plain_number(document.doc_number) else ""
    year = _YEAR.search(number)
    effective = next((own.start for own in reversed(owns) if own.start), None)
    whole, parts = _titles(title, unit_titles)
    return Holding(
        name,
        title,
        number,
        document.issuer.name,
        document.date,
        int(year[1]) if year else 0,
        effective,
        _term(document, owns, effective),
        _last_year(title),
        bool(_DRAFT.search(title)),
        whole,
        parts,
        tuple(_mentions(document, owns)),
        find_old_names(document),
        document.source.gaps,
    )


_FOR_YEARS = re.compile(
    r"(?:(?:19|20)\d{2}年?[—–~－至-])?((?:19|20)\d{2})(?:学年度?|年度|年)(?![修版本第]|\d)"
)
_FIVE_YEARS = re.compile(r"[“\"]?(十[一二三四五])五[”\"]?")


def _last_year(title: str) -> int:
    """The last year that a title says its text is for, or 0."""
    years = [int(m[1]) for m in _FOR_YEARS.finditer(title)]
    years += [1955 + 5 * read_number(m[1]) for m in _FIVE_YEARS.finditer(title)]
    return max(years, default=0)


def _titles(title: str, attached: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Names that mean the whole document, and names of one of several attached texts."""
    names = {title}
    issued = _ISSUES.search(title)
    if issued:
        names.add(issued["what"])
    inner = {text for text in attached if text and text != title}
    if len(inner) == 1:
        names |= inner
    whole = _telling(names)
    return whole, _telling(inner) - whole


def _telling(names: set[str]) -> frozenset[str]:
    plain = (plain_name(name) for name in names if not GENERIC.match(name))
    return frozenset(name for name in plain if len(name) >= _TELLING)


def _term(document: Document, owns: tuple[Own, ...], effective: date | None) -> Term | None:
    """The validity of a document: the last to end of its texts, else what its place assumes."""
    written = [term for own in owns if (term := _written(document, own, effective))]
    if written:
        return max(written, key=lambda term: (term.latest or date.max, term.words))
    return _assumed(document, owns, effective)


#: How long after it is made a document takes effect at the latest (days), where it does not say when.
_DELAY = timedelta(days=366)


def _written(document: Document, own: Own, effective: date | None) -> Term | None:
    term = own.term
    if term is None:
        return None
    if term.last is not None:
        return Term(f"有效期至{term.last}", term.last, term.last)
    if not term.months:
        return Term("写明长期有效", endless=True)
    length = length_of(term.months)
    start = own.start or effective
    if start is not None:
        last = last_day(start, term.months)
        return Term(f"有效期{length}，自{start}起算，至{last}止", last, last)
    if document.date is None:
        return Term(f"有效期{length}，没有读到起算日")
    early = last_day(document.date, term.months)
    late = last_day(document.date + _DELAY, term.months)
    return Term(f"有效期{length}，没有读到施行日期，{document.date}成文", early, late)


def _assumed(document: Document, owns: tuple[Own, ...], effective: date | None) -> Term | None:
    """The validity that the place assumes where a document writes none."""
    place = place_of(document) if document.rank == "规范性文件" else None
    if place is None or document.date is None:
        return None
    rule = place.value("validity_default", document.date)
    if rule is None:
        return None
    if any(own.trial for own in owns):
        rule = place.value("trial_max", document.date) or rule
    last = last_day(effective or document.date, rule.value * 12)
    law = f"《{rule.law}》{rule.at}"
    words = f"没有写有效期，按{law}推定{rule}，至{last}止"
    return Term(words if rule.verified else f"{words}（该规定未经核对）", last, last, rule.verified)


#: Documents that do nothing but end others, and lists in them that say otherwise.
_ENDS = re.compile(r"废止|失效|停止执行")
_KEEPS = re.compile(r"修改|修订|继续有效|保留|有效的")
#: What follows a document that is named beside a repeal but is not what is repealed.
_LIVES = re.compile(
    r"[^，。；《》]{0,8}?(?:施行|实施|印发|公布|发布|生效)(?:之日|以?后|以来|起|的同时)"
    r"|[^，。；《》]{0,12}?(?:继续有效|继续执行)"
)
_FOUNDS = re.compile(r"[^。\n]{0,300}?(?:制定|制订|特作|如下|公告|规定[：:])")
_PARTIAL = re.compile(r"(?:中|的?(?:有关|相关|部分)|附件|第[^，。；《》]{1,12}[条款项章])")


def _mentions(document: Document, owns: tuple[Own, ...]) -> Iterator[Mention]:
    """Every law and document that a document names, in order of position."""
    lists = _lists(document, owns)
    for r in find_references(document, document.date or date.max):
        if r.own or not (r.name or r.number):
            continue
        after = document.source.text[r.end : r.end + 400]
        ended = not r.by and not _LIVES.match(after)
        ended = ended and (r.ending or any(start <= r.start < end for start, end in lists))
        if r.itself and not ended:
            continue
        gone = r.by and tells_fate(document, r)
        yield Mention(
            r.start,
            r.end,
            document.provision_at(r.start).address,
            r.quote,
            r.resolved or r.name,
            plain_number(r.number),
            r.statute.name if r.statute else "",
            r.by and not gone,
            ended,
            bool(r.place.article or r.place.paragraph) or (ended and bool(_PARTIAL.match(after))),
            r.by and bool(_FOUNDS.match(after)),
        )


def _lists(document: Document, owns: tuple[Own, ...]) -> list[tuple[int, int]]:
    """The texts that only list what is ended: a decision 关于废止部分…文件, and its lists."""
    if not _ENDS.search(document.title) or _KEEPS.search(document.title):
        return []
    return [
        (unit.start, unit.end)
        for unit, own in zip(document.units, owns, strict=True)
        if not _KEEPS.search(own.title)
    ]


def same_number(mention: Mention, holding: Holding) -> bool:
    """Whether a mention gives the number of a holding."""
    return bool(mention.number) and mention.number == plain_number(holding.number)


def unlike_number(mention: Mention, holding: Holding) -> bool:
    """Whether the number that a mention gives cannot be that of a holding."""
    if not mention.number or same_number(mention, holding):
        return False
    year = _YEAR.search(mention.number)
    if holding.number or year is None:
        return bool(holding.number)
    made = holding.made.year if holding.made else 0
    return bool(made) and made != int(year[1])


def cites(mention: Mention, law: str, number: str, full: str) -> bool:
    """Whether a mention is of a law: by the full name in the register, else by name or number."""
    if full:
        return mention.law == full
    return plain_name(mention.name) == law or (bool(number) and mention.number == number)
