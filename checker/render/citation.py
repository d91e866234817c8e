"""The citations of a document: rows for JSON, lines for people, and a law of the register in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from checker.citations import Place
from checker.findings import Basis
from checker.references import OWN, UNLISTED, Reference
from checker.render.text import visible
from checker.report import iso
from checker.statutes import Register, Statute, plain_number

if TYPE_CHECKING:
    from checker.lawstore import Hit


def citation_rows(references: Iterable[Reference]) -> list[dict[str, object]]:
    """One object a citation, in order; positions are code points of the original."""
    return [_row(reference) for reference in references]


def _row(r: Reference) -> dict[str, object]:
    return {
        "start": r.start,
        "end": r.end,
        "quote": r.quote,
        "name": r.name or None,
        "doc_number": r.number or None,
        "doc_number_norm": plain_number(r.number) or None,
        "article": _article(r.place),
        "paragraph": r.place.paragraph or None,
        "item": r.place.item or None,
        "item_sub": r.place.subitem or None,
        "range": _range(r),
        "refers_to_self": r.own,
        "relative": r.relative or None,
        "means": r.address or None,
        "resolved": r.resolved or None,
        "rank": r.statute.rank if r.statute else None,
        "status": UNLISTED if r.standing == OWN else str(r.standing),
        "status_checked": iso(r.statute.checked if r.statute else None),
        "replaced_by": list(r.statute.replaced_by) if r.statute else [],
        "article_exists": r.article_exists,
        "unresolved_because": r.why or None,
    }


def _article(place: Place) -> int | str | None:
    if place.branch:
        return f"{place.article}-{place.branch}"
    return place.article or None


_UNITS = ("subitem", "item", "paragraph", "article")


def _range(r: Reference) -> dict[str, object] | None:
    """First and last of a range with its unit; None for a single provision."""
    if r.through is None:
        return None
    unit = next((u for u in _UNITS if getattr(r.through, u)), "article")
    return {"unit": unit, "from": getattr(r.place, unit), "to": getattr(r.through, unit)}


def citation_lines(references: Iterable[Reference], at: Iterable[str]) -> Iterator[str]:
    """One line a citation: where it stands, its words, and what became of them."""
    for r, address in zip(references, at, strict=True):
        yield f"{visible(address)}  {visible(r.quote)}{_place(r)}"
        yield f"    {_told(r)}"


def _place(r: Reference) -> str:
    """The provision meant, where the quote names several."""
    words = r.place.address
    return f" → {words}" if words and not r.quote.endswith(words) else ""


def _told(r: Reference) -> str:
    if r.own:
        means = f"即{r.address}" if r.address else "本文件"
        return means + ("，没有这一条" if r.article_exists is False else "")
    if r.statute is None:
        return f"{r.standing}：{r.why}" if r.why else str(r.standing)
    exists = {True: "有这一条", False: "没有这一条", None: ""}[r.article_exists]
    new = "、".join(f"《{name}》" for name in r.statute.replaced_by)
    told = (
        f"{r.statute.name}（{r.statute.rank}）",
        str(r.standing) + (f"，由{new}替代" if new and r.standing == "已废止" else ""),
        exists,
    )
    return "，".join(part for part in told if part)


def statute_lines(statute: Statute, day: date) -> Iterator[str]:
    """What the register holds of a law, and its standing on a day."""
    yield statute.name
    yield f"  位阶  {statute.rank}" + (f"（{statute.region}）" if statute.region else "")
    if statute.number:
        yield f"  文号  {statute.number}"
    yield f"  状态  {statute.standing(day)}（按 {day}）"
    if statute.repealed:
        yield f"  废止  自 {statute.repealed} 起"
    if statute.replaced_by:
        yield f"  替代  {'、'.join(f'《{name}》' for name in statute.replaced_by)}"
    yield f"  核对  {f'效力状态核对到 {statute.checked}' if statute.checked else '效力状态未经核对'}"
    current = statute.version(day)
    for version in statute.versions:
        made = f"{version.promulgated or '日期不详'} 公布"
        start = f"{version.effective} 起施行" if version.effective else "施行日期不详"
        start += "（推定）" if version.assumed else ""
        ended = f"，至 {version.ended}" if version.ended else ""
        count = f"，共 {version.articles} 条" if version.articles else ""
        number = f"，{version.number}" if version.number else ""
        mark = "  ←" if version is current else ""
        yield f"  文本  {made}，{start}{ended}{count}{number}{mark}"


def register_lines(register: Register) -> Iterator[str]:
    """What the register covers, and as of which day."""
    yield f"法规目录截至 {register.as_of}，共 {register.size} 件"
    yield "  " + "、".join(f"{rank} {n}" for rank, n in register.counts())
    yield "  目录里没有的，不等于不存在或者无效"


def words_lines(basis: Basis) -> Iterator[str]:
    """A provision in full: which it is and of which text, then its words, a row a line."""
    yield f"{basis}（{basis.words_from}）"
    for row in basis.words.split("\n"):
        yield f"    {visible(row)}"


def hit_lines(hits: Iterable[Hit]) -> Iterator[str]:
    """Rows of law texts that a search found, under the law and day of their text."""
    before = None
    for hit in hits:
        if (hit.law, hit.promulgated) != before:
            before = (hit.law, hit.promulgated)
            yield f"{hit.law}（{hit.promulgated or '日期不详'}）"
        yield f"    {hit.place.address}  {visible(hit.text)}"


def hit_rows(hits: Iterable[Hit]) -> list[dict[str, object]]:
    """One object a row that a search found."""
    return [
        {
            "law": hit.law,
            "promulgated": iso(hit.promulgated),
            "address": hit.place.address,
            "text": hit.text,
            "source": hit.source,
        }
        for hit in hits
    ]
