"""Particulars of a document: who made what when, where it applies, from when until when."""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from checker.numerals import NUMERAL_CHARS, find_dates, read_date, read_number
from checker.sources.text import replace_variants

if TYPE_CHECKING:
    from checker.document import Document, Issuer
    from checker.findings import Span


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a register keeps of a document; what the document does not say is empty or None.

    ``validity`` are the words about the term of validity; ``effective`` is the first day in force,
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
    validity: str = ""
    digest: str = ""


def particulars_of(document: Document) -> Particulars:
    """The particulars of a parsed document."""
    effective = effective_day(_excerpt(document, document.effective), document.date)
    validity, expires = term_of_validity(_excerpt(document, document.validity), effective)
    text = document.source.shadow.strip().encode("utf-8", "surrogatepass")
    return Particulars(
        title=document.title,
        number=document.doc_number,
        issuer=document.issuer.name,
        place=area_of(document.issuer),
        made=document.date,
        effective=effective,
        expires=expires,
        validity=validity,
        digest=hashlib.sha256(text).hexdigest(),
    )


#: Characters after a span that may still belong to what it says.
_TAIL = 48


def _excerpt(document: Document, span: Span | None) -> str:
    """Unified words from the beginning of a span to the end of its clause."""
    if span is None:
        return ""
    text = replace_variants(document.source.text[span.start : span.end + _TAIL])
    return re.split("[。；\n]", re.sub(r"[ \t\u3000\r]", "", text), maxsplit=1)[0]


_N = rf"(?P<n>[{NUMERAL_CHARS}]{{1,6}})"
_PERIOD = rf"{_N}个?(?P<u>年|月|日|天)"
_PUBLISHED = re.compile(
    r"自(?:发布|公布|印发|颁布|下发|发文|签发|成文)之日(?:起|后)?"
    rf"(?:(?P<next>次日|第二日)|满?{_PERIOD}(?:之?后|起))?"
)


def effective_day(words: str, made: date | None) -> date | None:
    """First day in force: the day written, or counted from the day the document was made.

    自发布之日起一个月后施行 counts from ``made``, the only day a text knows of its publication.
    """
    day = read_date(words)
    if day is not None or made is None:
        return day
    m = _PUBLISHED.search(words)
    if m is None:
        return None
    if m["next"]:
        return _later(made, 1, "日")
    return _later(made, read_number(m["n"]), m["u"]) if m["n"] else made


_TERM = re.compile(
    r"(?P<label>有效期限?|有效至|试行期限?|执行至|施行期限)(?P<to>[^，、《》]{0,30}?)"
    rf"(?:(?P<long>长期)|{_PERIOD}(?!\d|[一-十]*月|以[上下内]|内))"
)
_UNTIL = re.compile(r"(?:有效期限?|试行期限?|施行期限|有效|执行)[^《》]{0,30}?(?:至|到|止)")


def term_of_validity(words: str, effective: date | None) -> tuple[str, date | None]:
    """Words that state a term of validity, and its last day (有效期至…, or 有效期五年 counted from
    the first day in force); empty and None where the words are about something else."""
    until = _UNTIL.match(words)
    days = find_dates(words)
    last = next((d for d in days if until and d[0] >= until.end()), None)
    if last is not None:
        return words[: last[1]], last[2]
    m = _TERM.match(words)
    if m is None or (days and days[0][0] < m.end()):
        return "", None
    term = words[: m.end()]
    if m["long"] or effective is None:
        return term, None
    end = _later(effective, read_number(m["n"]), m["u"])
    return term, end - timedelta(days=1) if end and end > effective else None


def _later(day: date, number: int, unit: str) -> date | None:
    """The day so many years, months or days later; None past the end of the calendar."""
    try:
        if unit in "日天":
            return day + timedelta(days=number)
        months = day.year * 12 + day.month - 1 + number * (12 if unit == "年" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


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
