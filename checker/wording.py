"""Wording: what provisions say in their own words, out of a law store.

It serves findings, which show the provision they rest on, and citations, which can only so be seen
to name a 款 or 项 that is not there, or another article than the one whose words they repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from checker.citations import Place, find_citations
from checker.document import Document
from checker.findings import Basis, Finding
from checker.lawtexts import LawText, shortfall
from checker.numerals import chinese_number
from checker.references import Reference, find_references
from checker.sources.text import replace_variants
from checker.statutes import Standing

if TYPE_CHECKING:
    from checker.lawstore import Edition, LawStore

#: The family of findings on what the document cites.
CITATION = "CIT"


def with_words(
    findings: Iterable[Finding], store: LawStore, day: date, document: Document | None = None
) -> tuple[Finding, ...]:
    """The findings with the words of their bases, as of the day.

    Findings on citations of the document also get what the cited provisions say.
    """
    given = tuple(findings)
    cited: dict[int, list[Reference]] = {}
    if document is not None and any(f.family == CITATION and f.quote for f in given):
        for reference in find_references(document, day):
            cited.setdefault(reference.start, []).append(reference)
    return tuple(
        replace(
            finding,
            basis=tuple(worded(basis, store, day) for basis in finding.basis),
            cited=tuple(_cited(cited.get(finding.start, ()), store, day))
            if finding.family == CITATION
            else (),
        )
        for finding in given
    )


def _cited(references: Iterable[Reference], store: LawStore, day: date) -> Iterator[Basis]:
    for reference in references:
        if reference.own or reference.itself or not reference.place.article:
            continue
        law = reference.resolved or reference.name
        at = reference.place.address
        places: tuple[Place, ...] = (reference.place,)
        if reference.through is not None:
            at, places = f"{at}至{reference.through.address}", (*places, reference.through)
        basis = _with_places(Basis(law, at), places, store, day)
        if basis.words:
            yield basis


def worded(basis: Basis, store: LawStore, day: date) -> Basis:
    """The basis with its words as of the day, or of its own first day where that is later.

    As it was where the store has none.
    """
    return _with_places(basis, places_of(basis.at), store, max(day, basis.start or day))


def _with_places(basis: Basis, places: tuple[Place, ...], store: LawStore, day: date) -> Basis:
    edition = store.edition(basis.law, day) if places else None
    words = edition.text.words(*places) if edition else ""
    return replace(basis, words=words, words_from=_said_of(edition)) if edition and words else basis


def _said_of(edition: Edition) -> str:
    """Which text the words are of, and whether it is the one in force."""
    made = edition.text.promulgated
    which = f"{made}公布的文本" if made else "公布日期不详的文本"
    doubt = {True: "", False: "，不是当日有效的文本", None: "，是否当日有效未经核对"}
    return which + doubt[edition.current]


@lru_cache(maxsize=2048)
def places_of(at: str) -> tuple[Place, ...]:
    """The provisions of an address such as 第三条、第十四条第二款; none where it names no article."""
    cited = find_citations(f"《本法》{at}")
    return tuple(place for citation in cited[:1] for place in citation.places if place.article)


def wording_problems(
    document: Document, reference: Reference, store: LawStore, day: date
) -> Iterator[tuple[str, str, str]]:
    """Kind, detail and doubt of what only the words of the law in force tell of a citation."""
    statute, place = reference.statute, reference.place
    if statute is None or reference.standing != Standing.IN_FORCE or not place.article:
        return
    edition = store.edition(statute.name, day)
    if edition is None or not edition.current or reference.article_exists is False:
        return
    text = edition.text
    lacking = _lacking(text, place) or _lacking(text, reference.through or place)
    if lacking is None:
        yield from _said_elsewhere(document, reference, text)
        return
    detail, doubt = lacking
    short = shortfall(text)
    doubt = f"导入的原文可能不完整：{short}" if short else doubt
    yield "no_item", f"《{statute.name}》{text.promulgated}文本{detail}", doubt


def _lacking(text: LawText, place: Place) -> tuple[str, str] | None:
    """What an article has in place of a paragraph or item it has not, and why that may be wrong."""
    article = Place(place.article, branch=place.branch)
    paragraphs, items = text.paragraphs(place), text.items(place)
    if not paragraphs:
        return None
    if place.paragraph > paragraphs:
        run_on = any("。" in row.rstrip("。") for row in text.words(article).split("\n"))
        detail = f"{article.address}只有{paragraphs}款，没有第{chinese_number(place.paragraph)}款"
        return detail, "导入的原文可能没有分段，请先核实" if run_on else ""
    if place.item > items:
        above = replace(place, item=0, subitem=0, through=False).address
        has = f"只有{items}项" if items else "没有分项"
        return f"{above}{has}，没有第{chinese_number(place.item)}项", ""
    return None


#: The fewest characters in a row that count as the words of an article.
_VERBATIM = 12
#: How far after a citation its restatement is looked for (characters).
_FAR = 200
_FOLLOWED = re.compile(r"(?:依照|按照|根据|依据|依|按)[^，；。]{0,6}$")
_INTRODUCED = re.compile(r"^(?:的?规定)?[，：]?")
_OTHER = re.compile(r"第[^，。]{1,8}[条款项]|《")


def _said_elsewhere(
    document: Document, reference: Reference, text: LawText
) -> Iterator[tuple[str, str, str]]:
    """依照第N条的规定，… where what follows stands word for word in one other article, not in that.

    An article that itself refers to the cited one tells nothing: its words are restated with it.
    """
    source, place = document.source.text, reference.place
    before = source[max(0, reference.start - 10) : reference.start]
    after = re.split(r"[。；\n]", source[reference.end : reference.end + _FAR])[0]
    several = sum(len(cited.places) for cited in find_citations(reference.quote)) > 1
    if several or not _FOLLOWED.search(before) or _OTHER.search(after):
        return
    words = _INTRODUCED.sub("", re.sub(r"\s", "", replace_variants(after)))
    runs = {words[i : i + _VERBATIM] for i in range(len(words) - _VERBATIM + 1)}
    articles = text.articles()
    held = [[key for key, said in articles.items() if run in said] for run in runs]
    holders = {keys[0] for keys in held if len(keys) == 1}
    if len(holders) != 1 or any((place.article, place.branch) in keys for keys in held):
        return
    (holder,) = holders
    said = articles[holder]
    if Place(place.article, branch=place.branch).address in said:
        return
    run = SequenceMatcher(None, words, said, autojunk=False).find_longest_match()
    there = Place(holder[0], branch=holder[1]).address
    same = words[run.a : run.a + run.size]
    yield "renumbered", f"“{same}”在{text.promulgated}文本的{there}", "按字面比对，请核对原文"
