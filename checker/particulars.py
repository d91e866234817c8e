"""Particulars of a document: who made what when, where it applies, from when until when."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from checker.document import Document, Issuer
from checker.sources.text import replace_variants
from checker.validity import Effect, Own, Term, read_validity


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a register keeps of a document; what the document does not say is empty or None.

    ``effect`` and ``validity`` are the words on when it takes effect and how long it is in force;
    ``effective`` is the first day in force,
    ``expires`` the last. ``digest`` is the SHA-256 of the unified text: the same words give the same
    digest, whatever the file format, width of signs and spacing.
    """

    title: str = ""
    number: str = ""
    issuer: str = ""
    place: str = ""
    made: date | None = None
    effective: date | None = None
    expires: date | None = None
    effect: str = ""
    validity: str = ""
    digest: str = ""


def particulars_of(document: Document) -> Particulars:
    """The particulars of a parsed document; days and term are those of the text it issues."""
    told = [own for own in read_validity(document) if own.effect or own.term]
    own = told[-1] if told else Own("", None, None)
    text = document.source.shadow.strip().encode("utf-8", "surrogatepass")
    return Particulars(
        title=document.title,
        number=document.doc_number,
        issuer=document.issuer.name,
        place=area_of(document.issuer),
        made=document.date,
        effective=own.start,
        expires=own.expiry,
        effect=_words(document, own.effect),
        validity=_words(document, own.term),
        digest=hashlib.sha256(text).hexdigest(),
    )


def _words(document: Document, said: Effect | Term | None) -> str:
    words = document.source.text[slice(*said.span)] if said else ""
    return replace_variants("".join(words.split()))


_NAME = "[^省市县区旗乡镇盟各、局厅委部]"
_PLACES = re.compile(
    rf"(?:{_NAME}{{2,8}}?(?:自治区|省))?"
    rf"(?:{_NAME}{{2,8}}?(?:自治州|地区|盟|(?<!城)市))?"
    rf"(?:{_NAME}{{1,8}}?(?:自治县|自治旗|县|旗|区|(?<!城)市))?"
)
_TOWN = re.compile(rf"{_NAME}{{1,8}}?(?:镇|乡|街道)")
_NATIONAL = re.compile("中华人民共和国|国家|国务院|全国")


def area_of(issuer: Issuer) -> str:
    """Where an organ has its competence, by its name: 东林县人民政府 -> 东林县; 全国 for 国务院."""
    if _NATIONAL.match(issuer.name):
        return "全国"
    m = _PLACES.match(issuer.name)
    place = m[0] if m else ""
    if issuer.level == "乡" and (town := _TOWN.match(issuer.name, len(place))):
        return place + town[0]
    return place or ("全国" if issuer.level in ("国家", "部委") else "")
