"""Law texts (法规原文): texts of laws that a user has downloaded, read into articles and looked up by place.

A text is filed under its law's name in the register and the day on which it was promulgated; a row
is one 款, 项 or 目. Kept by :mod:`checker.lawstore`; nothing of it is shipped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from checker.citations import Place
from checker.document import Document, Provision
from checker.numerals import find_dates
from checker.statutes import Statute, register

#: A text with fewer articles is no law.
FEWEST = 3


class NotALaw(ValueError):
    """A document that is no text of a law; the message says why."""


@dataclass(frozen=True, slots=True)
class LawText:
    """One text of a law. ``rows`` hold each 款, 项 and 目 with its words, in order.

    ``promulgated`` is None where neither the note under the title nor the file name tells the day;
    ``source`` is the name of the file.
    """

    name: str
    promulgated: date | None
    source: str
    rows: tuple[tuple[Place, str], ...]

    def words(self, *places: Place) -> str:
        """Words of the provisions in order, one row a line; empty where there are none.

        An item comes with the lead-in above it, without which it says little. A place that ends a
        range stands for every article from the place before it.
        """
        lines: list[str] = []
        before = Place()
        for place in places:
            lines += self._between(before, place) if place.through else self._at(place)
            before = place
        return "\n".join(dict.fromkeys(lines))

    def _at(self, place: Place) -> list[str]:
        found = [(at, words) for at, words in self.rows if _holds(place, at)]
        if place.item and found:
            above = replace(found[0][0], item=0, subitem=0)
            found = [row for row in found if row[0].paragraph == above.paragraph]
            found = [row for row in self.rows if row[0] == above] + found
        return [words for _, words in found]

    def _between(self, first: Place, last: Place) -> list[str]:
        if first.article == last.article:
            return self._at(last)
        return [words for at, words in self.rows if _key(first) < _key(at) <= _key(last)]

    def paragraphs(self, place: Place) -> int:
        """How many 款 the article of a place has; 0 where there is no such article."""
        return max((at.paragraph for at, _ in self.rows if _key(at) == _key(place)), default=0)

    def items(self, place: Place) -> int:
        """The last 项 of the paragraph of a place, or of its article where it names none."""
        whole = replace(place, item=0, subitem=0)
        return max((at.item for at, _ in self.rows if _holds(whole, at)), default=0)

    def articles(self) -> dict[tuple[int, int], str]:
        """The words of every article by number and branch, one row a line."""
        grouped = groupby(self.rows, key=lambda row: _key(row[0]))
        return {key: "\n".join(words for _, words in rows) for key, rows in grouped}


def _key(place: Place) -> tuple[int, int]:
    return place.article, place.branch


def _holds(wanted: Place, at: Place) -> bool:
    """Whether a row lies in a provision; what the wanted place leaves out is any."""
    return _key(at) == _key(wanted) and all(
        want in (0, have)
        for want, have in (
            (wanted.paragraph, at.paragraph),
            (wanted.item, at.item),
            (wanted.subitem, at.subitem),
        )
    )


def shortfall(law: LawText) -> str:
    """Why a text may not be whole; empty where its articles are as many as the register lists."""
    statute = register().find(law.name)
    versions = statute.versions if statute else ()
    listed = next((v.articles for v in versions if v.promulgated == law.promulgated), 0)
    last = max((at.article for at, _ in law.rows), default=0)
    return f"法规目录记这个文本共{listed}条，文件里到第{last}条" if listed not in (0, last) else ""


def read_law(document: Document, source: str) -> LawText:
    """The law that a document holds. ``source`` is the name of its file.

    Where a document carries several texts (an order and the rules it puts in force), that with the
    most articles. Raises NotALaw.
    """
    articles = _articles(document)
    if len(articles) < FEWEST:
        raise NotALaw(
            f"只有{len(articles)}条，不像一件法规" if articles else "没有“第一条”这样的条文"
        )
    name = _name(document, articles[0], source)
    if not name:
        raise NotALaw("没有标题，看不出是哪一件法规")
    statute = register().find(name)
    name = statute.name if statute else name
    made = _promulgated(document.source.shadow[: articles[0].head], source)
    return LawText(name, _as_listed(made, statute), source, tuple(_rows(document, articles)))


def _articles(document: Document) -> list[Provision]:
    """The articles of the text that has most of them, each number once."""
    found = [node for node in document.walk() if node.kind == "article"]
    units = [next(n.index for n in node.ancestors() if n.kind == "unit") for node in found]
    best = Counter(units).most_common(1)
    own = (n for n, unit in zip(found, units, strict=True) if unit == best[0][0])
    first: dict[tuple[int, int], Provision] = {}
    for node in own:
        first.setdefault((node.number, node.branch), node)
    return sorted(first.values(), key=lambda node: node.start)


_LAWLIKE = re.compile(
    r"(?:法|法典|条例|办法|规定|细则|规则|规程|解释|决定|章程|准则|命令)(?:（.{1,4}）)?$"
)
_STEM = re.compile(r"^[A-Za-z]+\d*_|[（(_-]?\d{4}[-.]?\d{2}[-.]?\d{2}[)）]?|\.[A-Za-z]+$")


def _name(document: Document, article: Provision, source: str) -> str:
    """The name that the register knows among the title's lines and the file name, else the title."""
    unit = next(node for node in article.ancestors() if node.kind == "unit")
    written = (document.own_text(node).strip() for node in document.titles(unit))
    text = "\n".join(written) or document.title
    lines = text.split("\n")
    titles = ["".join(lines[: i + 1]) for i in range(len(lines))]
    known = register()
    named = (title for title in (*titles, _STEM.sub("", source)) if known.has_name(title))
    lawlike = (title for title in titles if _LAWLIKE.search(title))
    return next(named, "") or next(lawlike, titles[-1])


_MADE = re.compile(r"公布|通过|修正|修订|修改|发布|批准|颁布|印发|制定")
_FILE_DAY = re.compile(r"(?<!\d)(\d{4})[-.]?(\d{2})[-.]?(\d{2})(?!\d)")


def _promulgated(head: str, source: str) -> date | None:
    """The latest day on which the text was made, by the note under its title and the file name."""
    days = [read for y, m, d in _FILE_DAY.findall(source) if (read := _day(y, m, d))]
    found = find_dates(head)
    for i, (start, end, day) in enumerate(found):
        stop = found[i + 1][0] if i + 1 < len(found) else len(head)
        said = head[end:stop].partition("\n")[0]
        alone = not said.strip() and head[:start].endswith("\n")
        if alone or _MADE.search(said):
            days.append(day)
    return max(days, default=None)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


#: A day this near to one in the register means that text: sources differ on the day of signing.
_NEAR = timedelta(days=31)


def _as_listed(made: date | None, statute: Statute | None) -> date | None:
    """The day as the register has it, where it lists a text of about that day."""
    listed = [v.promulgated for v in statute.versions if v.promulgated] if statute and made else []
    nearest = min(listed, key=lambda day: abs(day - made), default=None) if made else None
    return nearest if made and nearest and abs(nearest - made) <= _NEAR else made


def _rows(document: Document, articles: list[Provision]) -> Iterator[tuple[Place, str]]:
    for article in articles:
        rows: list[tuple[Place, str]] = []
        for node in _within(document, article):
            words = document.own_text(node).strip()
            place = _place(article, node)
            if node is article and not words:
                continue
            if node.kind == "paragraph" or (place.item and place not in {at for at, _ in rows}):
                label = node.label if place.item else ""
                rows.append((place, label + words))
            elif rows:
                rows[-1] = (rows[-1][0], f"{rows[-1][1]}\n{node.label}{words}")
            else:
                rows.append((Place(article.number, 1, branch=article.branch), words))
        yield from rows


def _within(document: Document, node: Provision) -> Iterator[Provision]:
    yield node
    for child in document.children(node):
        yield from _within(document, child)


def _place(article: Provision, node: Provision) -> Place:
    numbers = {step.kind: step.number for step in (node, *node.ancestors())}
    return Place(
        article.number,
        numbers.get("paragraph", 0),
        numbers.get("item", 0),
        numbers.get("subitem", 0),
        article.branch,
    )
