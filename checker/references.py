"""References: the citations of a document resolved to a law, its version on a day, and a provision."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from checker.citations import Citation, CitationReader, Place, citations_of
from checker.document import Document, Provision, address_of
from checker.numerals import chinese_number
from checker.statutes import Standing, Statute, plain_name, plain_number, rank_of, register

#: Standing of what the register does not hold, and of the document itself.
UNLISTED, OWN = "不在目录", "本文件"


@dataclass(frozen=True, slots=True)
class Reference:
    """One provision, law or document that a document refers to.

    ``start`` and ``end`` are code points of the original, ``quote`` those characters (equal for the
    provisions of one list). ``through`` is the last provision of a range that begins at ``place``.
    ``resolved`` is the full name of the law, empty where it is not known; ``standing`` one of
    有效, 已废止, 尚未施行, 不明 on the day, or 不在目录, or 本文件. ``address`` is the provision of the
    document that 前款, 本条 and the like mean. ``article_exists`` is None where that is not known.
    ``by`` is set where words such as 依照 introduce it, ``ending`` where it is named to be repealed, ``itself`` where
    the document names itself.
    """

    start: int
    end: int
    quote: str
    name: str
    number: str
    place: Place
    through: Place | None = None
    own: bool = False
    relative: str = ""
    resolved: str = ""
    standing: str = UNLISTED
    article_exists: bool | None = None
    statute: Statute | None = None
    address: str = ""
    by: bool = False
    ending: bool = False
    itself: bool = False

    @property
    def why(self) -> str:
        """Why the law is not known, empty where it is."""
        if self.standing != UNLISTED:
            return ""
        if self.itself:
            return "就是本文件"
        if GENERIC.match(self.name) and not self.resolved:
            return "简称没有写明全称"
        return _WHY.get(rank_of(self.name, self.number), "不是法规（证照、表格、合同、标准一类）")


_WHY = {
    "法律": "目录里没有这个名称",
    "行政法规": "目录里没有这个名称",
    "国务院文件": "目录只收部分国务院文件",
    "地方性法规": "目录没有收录这件地方性法规",
    "规章": "目录只收部分规章",
    "规范性文件": "是规范性文件，目录不收",
}


def find_references(
    document: Document,
    day: date,
    *,
    title: str = "",
    names: Mapping[str, str] | None = None,
    cite: CitationReader = citations_of,
) -> tuple[Reference, ...]:
    """Every reference of a document in order of position, judged on ``day``.

    ``title`` stands in where the text has none (else the name of the file does); ``names`` are short names that are defined outside
    the text, with the full names.
    """
    return tuple(_Reader(document, day, title, dict(names or {}), cite).references())


#: Names that say nothing by themselves: only a definition tells which law 《条例》 is.
GENERIC = re.compile(
    r"^(?:暂行|实施)?(?:条例|办法|规定|细则|意见|通知|方案|规则|规程|标准|决定|规划|解释|纲要|指南|章程|目录)$"
)


class _Reader:
    """One pass over a document."""

    def __init__(
        self,
        document: Document,
        day: date,
        title: str,
        names: dict[str, str],
        cite: CitationReader,
    ) -> None:
        self.document = document
        self.day = day
        self.title = title
        self.names = names
        shadow = document.source.shadow
        found = cite(shadow, frozenset(names))
        for citation in found:
            if citation.short and citation.name:
                names.setdefault(citation.short, citation.name)
        if any(citation.short for citation in found):
            found = cite(shadow, frozenset(names))
        self.found = found
        self.heads = {node.head for node in document.walk() if node.kind == "article"}
        self.articles = _articles(document)
        self.named = [title or document.title]
        self.starts = [unit.start for unit in document.units]
        self.units = [document.title_of(unit).strip() for unit in document.units]
        names_of_own = filter(None, (title, document.title, *self.units))
        self.titles = frozenset(map(plain_name, names_of_own))
        self.last = (0, False)

    def references(self) -> Iterator[Reference]:
        before: Citation | None = None
        for citation in self.found:
            if citation.start in self.heads or (citation.own and not _says_where(citation)):
                continue
            whole = self._with_name(self._by(citation), before)
            yield from self._expand(whole)
            if whole.name and not whole.own:
                before = whole
                if not GENERIC.match(whole.name):
                    self.named.append(whole.name)

    def _by(self, citation: Citation) -> Citation:
        """A law that follows another in one list is introduced by the same word: 依照《甲》《乙》."""
        end, by = self.last
        if (
            by
            and not citation.by
            and _LISTED.fullmatch(self.document.source.shadow, end, citation.start)
        ):
            citation = replace(citation, by=True)
        self.last = (citation.end, citation.by)
        return citation

    def _full(self, name: str) -> str:
        """The full name of a short one: by definition, else the last one named that ends in it."""
        if name in self.names or not GENERIC.match(name):
            return self.names.get(name, name)
        return next((full for full in reversed(self.named) if full.endswith(name)), name)

    def _with_name(self, citation: Citation, before: Citation | None) -> Citation:
        """A provision without a law belongs to the law named just before, or to the amended one."""
        if citation.name.startswith("其实施"):
            name = f"{before.name}{citation.name[1:]}" if before is not None else citation.name
            return replace(citation, name=name)
        if citation.name or citation.relative or citation.number:
            return citation
        shadow = self.document.source.shadow
        name = ""
        if before is not None and _JOINED.fullmatch(shadow, before.end, citation.start):
            name = before.name
        else:
            amended = _AMENDED.search(self._title_at(citation.start))
            name = amended.group(1) or amended.group(2) if amended else ""
        return replace(citation, name=name, own=False, bare=True) if name else citation

    def _title_at(self, position: int) -> str:
        """Title of the text (notice or attached rules) that holds a shadow position."""
        unit = bisect_right(self.starts, self.document.source.origin(position)) - 1
        return (
            self.title
            or (self.units[unit] if unit >= 0 else "")
            or self.document.title
            or _file_title(self.document.name)
        )

    def _expand(self, citation: Citation) -> Iterator[Reference]:
        """One reference a place; the places of a range are one."""
        places = citation.places or (Place(),)
        for i, place in enumerate(places):
            if place.through and i:
                continue
            last = places[i + 1] if i + 1 < len(places) and places[i + 1].through else None
            yield self._resolve(citation, place, last)

    def _resolve(self, citation: Citation, place: Place, through: Place | None) -> Reference:
        source = self.document.source
        span = source.span(citation.start, citation.end)
        own = citation.own
        name = self._title_at(citation.start) if own else self._full(citation.name)
        statute = register().find(name, citation.number)
        ending = not own and self._ends(citation)
        resolved = statute.name if statute else (name if own or name != citation.name else "")
        standing = self._standing(citation, statute, ending)
        exists = self._exists(citation, statute, place, through)
        return Reference(
            span.start,
            span.end,
            source.text[span.start : span.end],
            "" if own else citation.name,
            citation.number,
            place,
            through,
            own,
            citation.relative,
            resolved,
            standing,
            exists,
            statute,
            self._meant(citation, place) if citation.relative else "",
            citation.by,
            ending,
            self._is_itself(citation),
        )

    def _is_itself(self, citation: Citation) -> bool:
        """Whether the document calls itself by its name or number."""
        number = plain_number(self.document.doc_number)
        return (
            plain_name(citation.name) in self.titles
            if citation.name
            else bool(number) and plain_number(citation.number) == number
        )

    def _standing(self, citation: Citation, statute: Statute | None, ending: bool) -> str:
        if statute is None:
            return OWN if citation.own else UNLISTED
        if ending and _other_act(citation.number, statute):
            return Standing.REPEALED
        return statute.standing(self.day)

    def _exists(
        self, citation: Citation, statute: Statute | None, place: Place, through: Place | None
    ) -> bool | None:
        last = through if through is not None and through.article else place
        if not last.article:
            return None
        if citation.own and len(self.articles) >= _WHOLE:
            return (last.article, last.branch) in self.articles
        if statute is None:
            return None
        return statute.has_article(last.article, last.branch, self.day)

    def _ends(self, citation: Citation) -> bool:
        """Whether the sentence repeals what is cited: 《…》同时废止."""
        rest = _SENTENCE.match(self.document.source.shadow, citation.end)
        return rest is not None and bool(_REPEALS.search(rest.group()))

    def _meant(self, citation: Citation, place: Place) -> str:
        """Address of the provision that 前款 and the like mean, as far as it can be told."""
        at = self.document.source.origin(citation.start)
        return _meant(self.document, self.document.provision_at(at), citation.relative, place)


_LISTED = re.compile(r"\n?(?:、|，|和|及|以及|或者|与)?\n?")
_JOINED = re.compile(
    r"(?:的?规定)?(?:或者|以及|和|及|、|与|后增加[一二三]条，作为|后增加[一二三]条为)"
)
_AMENDED = re.compile(
    r"^(?:中华人民共和国)?([\u4e00-\u9fff]{1,20}法)修正案|修改[《〈]([^《》〈〉]+)[》〉]的决定"
)
_SENTENCE = re.compile(r"[^。\n]{0,400}")
_REPEALS = re.compile(
    r"同时废止|予以废止|即行废止|一并废止|自行废止|废止。?$|停止执行|同时失效|不再执行"
)
_WHOLE = 5


def _says_where(citation: Citation) -> bool:
    return bool(citation.places or citation.relative)


def _articles(document: Document) -> frozenset[tuple[int, int]]:
    return frozenset((n.number, n.branch) for n in document.walk() if n.kind == "article")


def _other_act(number: str, statute: Statute) -> bool:
    """Whether a number is that of an older act of the same name."""
    return bool(number) and plain_number(number) not in statute.numbers()


_TITLED = re.compile(
    r"(?:法|法典|条例|办法|规定|细则|规则|规程|解释|决定|意见|通知|方案)(?:（[^（）]+）)?$"
)


def _file_title(name: str) -> str:
    """The title that a file is named by, where its text has none."""
    stem = re.sub(r"\.[A-Za-z]{2,4}$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    return stem if _TITLED.search(stem) else ""


_STEP = {"条": "article", "款": "paragraph", "项": "item"}


def _meant(document: Document, node: Provision, words: str, place: Place) -> str:
    kind = _STEP[words[-1]]
    host = next((n for n in (node, *node.ancestors()) if n.kind == kind), None)
    if host is None:
        return ""
    target = host if words.startswith("本") else document.before(host)
    if target is None:
        return ""
    steps = (
        f"第{chinese_number(number)}{suffix}"
        for number, suffix in ((place.paragraph, "款"), (place.item, "项"), (place.subitem, "目"))
        if number
    )
    return address_of(target) + "".join(steps)
