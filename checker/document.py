"""Document, Provision, Address: a text with its clause structure. No parsing here.

Provisions lie in reading order; the spans of those without children, with the text that stands
before the first child of the others, join back to the original text without gap or overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

from checker.findings import Basis, Span
from checker.numerals import chinese_number, read_number
from checker.sources.text import SourceText

#: Kind of provision -> (prefix, suffix) of its place in a statute address.
STATUTE_KINDS = {
    "part": ("第", "编"),
    "chapter": ("第", "章"),
    "section": ("第", "节"),
    "article": ("第", "条"),
    "paragraph": ("第", "款"),
    "item": ("第", "项"),
    "subitem": ("第", "目"),
}
HEADING_KINDS = ("heading1", "heading2", "heading3", "heading4", "heading5")
#: Kinds that carry a rule of conduct; the others are title, signature, date and the like.
BODY_KINDS = frozenset({*STATUTE_KINDS, *HEADING_KINDS, "text", "row"})


@dataclass(frozen=True, slots=True, eq=False)
class Provision:
    """One addressable piece of a document.

    ``kind`` is one of document, unit, part, chapter, section, article, paragraph, item, subitem,
    heading1 … heading5, text, row, title, doc_number, addressee, date, signature, attachment,
    attachment_list, front, imprint, note. ``number`` is what the head says (第五条 -> 5,
    第五条之一 -> 5 with ``branch`` 1), or the ordinal among siblings where nothing is written.
    ``start`` and ``end`` are code points of the original; ``head`` is where the own words begin
    after the label (shadow position), ``own_end`` where they end (shadow position).
    """

    index: int
    kind: str
    number: int
    start: int
    end: int
    label: str
    parent: Provision | None
    head: int
    own_end: int
    branch: int = 0
    single: bool = False

    @property
    def address(self) -> str:
        """Place as a lawyer writes it: 第五条第二款第三项, 三、（二）2., 附件2第三条."""
        return address_of(self)

    @property
    def path(self) -> str:
        """Place for fingerprints: unit and own labels from the root down."""
        steps = []
        node: Provision | None = self
        while node is not None:
            steps.append(f"{node.kind}{node.number}" + (f"-{node.branch}" if node.branch else ""))
            node = node.parent
        return "/".join(reversed(steps))

    def ancestors(self) -> Iterator[Provision]:
        """Parents from the nearest to the document."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def _own_address(node: Provision) -> str:
    if node.kind == "paragraph" and node.single:
        return ""
    if node.kind in STATUTE_KINDS:
        prefix, suffix = STATUTE_KINDS[node.kind]
        branch = f"之{chinese_number(node.branch)}" if node.branch else ""
        return f"{prefix}{chinese_number(node.number)}{suffix}{branch}"
    if node.kind in HEADING_KINDS:
        return node.label
    if node.kind == "text":
        return "" if node.single else f"第{node.number}段"
    return {
        "row": f"表格第{node.number}行",
        "title": "标题",
        "doc_number": "发文字号",
        "addressee": "主送机关",
        "date": "成文日期",
        "signature": "署名",
        "front": "文首",
        "attachment_list": "附件说明",
        "imprint": "版记",
        "note": "附注",
    }.get(node.kind, node.label)


def address_of(node: Provision) -> str:
    """Address of a provision; the chapter is left out where an article or heading says it all."""
    steps: list[str] = []
    inside_article = False
    walker: Provision | None = node
    while walker is not None and walker.kind != "document":
        hidden = inside_article and walker.kind in ("part", "chapter", "section", *HEADING_KINDS)
        if walker.kind == "unit":
            if walker.label:
                steps.append(walker.label)
        elif not hidden:
            steps.append(_own_address(walker))
        inside_article = inside_article or walker.kind == "article"
        walker = walker.parent
    place = "".join(reversed(steps))
    return place or ("正文" if node.kind != "document" else "全文")


@dataclass(frozen=True, slots=True)
class Irregularity:
    """Something that rules may report without words to look for, such as a gap in numbering.

    ``doubt`` says why it is not certain; what is in doubt is reported as a hint only. ``basis`` is the
    provision that this one place rests on, where it is not that of the rule.
    """

    kind: str
    start: int
    end: int
    detail: str
    doubt: str = ""
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """The organ that issues a document. ``level`` is one of 国家 部委 省 市 县 乡 村, or empty."""

    name: str = ""
    level: str = ""


@dataclass(frozen=True)
class Document:
    """A parsed text. ``provisions`` are in reading order; the first is the document itself."""

    source: SourceText
    provisions: tuple[Provision, ...]
    title: str = ""
    doc_number: str = ""
    addressee: str = ""
    issuer: Issuer = Issuer()
    rank: str = "规范性文件"
    date: date | None = None
    date_from: str = ""
    effective: Span | None = None
    validity: Span | None = None
    attachments: tuple[str, ...] = ()
    name: str = field(default="")
    setting: str = ""
    place: str = ""

    @property
    def issuer_name(self) -> str:
        """Name of the issuer, or empty."""
        return self.issuer.name

    def walk(self) -> Iterator[Provision]:
        """Every provision in reading order, without the document itself."""
        return iter(self.provisions[1:])

    def children(self, parent: Provision) -> tuple[Provision, ...]:
        """Direct children in reading order."""
        return self._children.get(parent.index, ())

    @cached_property
    def _children(self) -> dict[int, tuple[Provision, ...]]:
        found: dict[int, list[Provision]] = {}
        for node in self.walk():
            if node.parent is not None:
                found.setdefault(node.parent.index, []).append(node)
        return {key: tuple(nodes) for key, nodes in found.items()}

    @cached_property
    def _starts(self) -> list[int]:
        return [node.start for node in self.provisions]

    def provision_at(self, position: int) -> Provision:
        """Deepest provision that holds the original character at ``position``."""
        node = self.provisions[max(bisect_right(self._starts, position) - 1, 0)]
        while node.parent is not None and position >= node.end:
            node = node.parent
        return node

    def own_text(self, node: Provision) -> str:
        """The provision's own words in the shadow, without label and children."""
        return self.source.shadow[node.head : node.own_end]

    def text_of(self, node: Provision) -> str:
        """The provision's original text with all its children, without surrounding space."""
        return self.source.text[node.start : node.end].strip()

    def at(self, address: str) -> Provision | None:
        """Provision at an address such as 第五条第二款第三项, 附件2第三条 or 三、（二）2.; else None.

        Chapters need not be given; a paragraph number may be left out where there is only one.
        """
        wanted = _steps(address)
        if not wanted:
            return None
        for node in self.walk():
            if _matches(node, wanted):
                return node
        return None

    def inside(self, node: Provision) -> tuple[Provision, ...]:
        """Everything below a provision, in reading order."""
        return self.provisions[node.index + 1 : bisect_left(self._starts, node.end)]

    def before(self, node: Provision) -> Provision | None:
        """The provision of the same kind right before it within the same parent, or None."""
        return self._before.get(node.index)

    @cached_property
    def _before(self) -> dict[int, Provision]:
        last: dict[tuple[int, str], Provision] = {}
        found: dict[int, Provision] = {}
        for node in self.walk():
            if node.parent is not None:
                key = (node.parent.index, node.kind)
                if key in last:
                    found[node.index] = last[key]
                last[key] = node
        return found

    def before_other(self, node: Provision) -> Provision | None:
        """The nearest provision of another kind before it within the same parent, or None."""
        return self._before_other.get(node.index)

    @cached_property
    def _before_other(self) -> dict[int, Provision]:
        found: dict[int, Provision] = {}
        for siblings in self._children.values():
            for before, node in pairwise(siblings):
                other = before if before.kind != node.kind else found.get(before.index)
                if other is not None:
                    found[node.index] = other
        return found

    def titles(self, unit: Provision) -> tuple[Provision, ...]:
        """The lines of the title of a unit."""
        return tuple(node for node in self.children(unit) if node.kind == "title")

    def title_of(self, unit: Provision) -> str:
        """The title of a unit as one line, or empty."""
        return "".join(self.own_text(node) for node in self.titles(unit))

    @property
    def units(self) -> tuple[Provision, ...]:
        """The main text and each attached text."""
        return self.children(self.provisions[0])


_STEP = re.compile(
    r"附件(?P<unit>[0-9]+|[一二三四五六七八九十]+(?!、)|)"
    r"|第?(?P<number>[0-9〇零一二三四五六七八九十百千]+|（[0-9一二三四五六七八九十百]+）)"
    r"(?P<kind>[编章节条款项目])(?:之(?P<branch>[一二三四五六七八九十]+))?"
    r"|(?P<h1>[一二三四五六七八九十百]+)、|（(?P<h2>[一二三四五六七八九十百]+)）"
    r"|(?P<h3>\d+)[.．、]|（(?P<h4>\d+)）"
)
_KINDS = {suffix: kind for kind, (_, suffix) in STATUTE_KINDS.items()}

_Step = tuple[str, int, int]


def _steps(address: str) -> list[_Step]:
    address = address.replace("(", "（").replace(")", "）").replace(" ", "")
    steps: list[_Step] = []
    for m in _STEP.finditer(address):
        if m["number"]:
            number = read_number(m["number"].strip("（）"))
            steps.append((_KINDS[m["kind"]], number, read_number(m["branch"] or "")))
        elif m["unit"] is not None:
            steps.append(("unit", read_number(m["unit"]) if m["unit"] else 0, 0))
        else:
            level = next(i for i in (1, 2, 3, 4) if m[f"h{i}"])
            steps.append((f"heading{level}", read_number(m[f"h{level}"]), 0))
    return steps


def _matches(node: Provision, wanted: list[_Step]) -> bool:
    steps = wanted[:]
    walker: Provision | None = node
    while steps and walker is not None:
        kind, number, branch = steps[-1]
        same = (
            walker.kind == kind
            and walker.branch == branch
            and (walker.number == number or (kind == "unit" and number == 0 and bool(walker.label)))
        )
        if same:
            steps.pop()
        elif walker is node or not (
            (walker.kind == "paragraph" and walker.single)
            or walker.kind in ("part", "chapter", "section", *HEADING_KINDS)
        ):
            return False
        walker = walker.parent
    return not steps
