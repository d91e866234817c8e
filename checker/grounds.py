"""Grounds: the provisions that a waiver rests on, and whether they hold on a day.

The register of laws decides as far as it knows; a law that it does not hold is let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from checker.citations import Citation, find_citations
from checker.numerals import chinese_number
from checker.references import GENERIC
from checker.sources import unify
from checker.statutes import Standing, rank_of, register

#: Ranks that may set aside a rule that must run.
_HIGH = frozenset({"宪法", "法律", "行政法规"})
_LAWLIKE = re.compile(r"(?:法典?|条例|规定|办法|细则)(?:（.+）)?$")


def ground_faults(ground: str) -> Iterator[str]:
    """Why words are no ground at all: they name no law, no provision of it, or a paper that is none."""
    citations = _citations(ground)
    if not citations:
        yield f"“{ground}”不是法规条款，应当写成 《公平竞争审查条例》第十二条第三项 这样"
    for citation in citations:
        name = f"《{citation.name}》" if citation.name else citation.number
        known = register().find(citation.name, citation.number)
        if known is None and GENERIC.match(citation.name):
            yield f"{name}是简称，要写全称"
        elif known is None and not rank_of(citation.name, citation.number):
            yield f"{name}不是法规，不能作为豁免的依据"
        elif not citation.places and _LAWLIKE.search(citation.name):
            yield f"依据{name}要写到条"


@lru_cache(maxsize=1024)
def _citations(ground: str) -> tuple[Citation, ...]:
    """The laws that a ground names."""
    found = find_citations(unify("", ground).shadow)
    return tuple(c for c in found if (c.name or c.number) and not c.own)


@lru_cache(maxsize=1024)
def ground_problem(ground: str, day: date) -> str:
    """Why a ground does not hold on a day, as far as the register of laws knows; empty if it does."""
    for citation in _citations(ground):
        statute = register().find(citation.name, citation.number)
        if statute is None:
            continue
        standing = statute.standing(day)
        if standing is Standing.REPEALED:
            since = f"自{statute.repealed}起" if statute.repealed else ""
            return f"《{statute.name}》{since}已废止"
        if standing is Standing.NOT_YET:
            return f"《{statute.name}》到 {day} 尚未施行"
        for place in citation.places:
            if statute.has_article(place.article, place.branch, day) is False:
                return f"《{statute.name}》没有第{chinese_number(place.article)}条"
    return ""


def is_high(ground: str) -> bool:
    """Whether a ground is of the rank of an administrative regulation (行政法规) or higher.

    The register holds all of them, so a name that only looks like one is not enough; decisions of
    the National People's Congress and its Standing Committee it holds in part.
    """
    return any(_is_high(citation) for citation in _citations(ground))


def _is_high(citation: Citation) -> bool:
    statute = register().find(citation.name, citation.number)
    if statute is None:
        return citation.name.startswith("全国人民代表大会")
    return statute.order in _HIGH
