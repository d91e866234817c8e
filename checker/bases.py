"""Bases: what is wrong with the laws a document relies on, judged on a day.

Sources: 立法法第一百零七条 (a text may not go against a higher one); 党政机关公文处理工作条例第十九条
(names and numbers are given exactly); 公布 and 施行 dates as the register of laws holds them.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from checker.citations import CitationReader, citations_of
from checker.document import Document, Irregularity
from checker.numerals import chinese_number
from checker.places import Place, place_at, place_of
from checker.references import GENERIC, UNLISTED, Reference, find_references
from checker.statutes import Standing, Statute, Version, plain_name, plain_number, rank_of, register
from checker.wording import wording_problems

if TYPE_CHECKING:
    from checker.lawstore import LawStore

#: Kind -> what it means to a reader; these are the words a rule may use after ``reference``.
KINDS = {
    "repealed": "所依据的法规已经废止",
    "mentioned": "提到的法规已经废止，没有写作依据",
    "ending": "所依据的法规即将废止",
    "not_yet": "所依据的法规尚未施行",
    "draft": "以草案、征求意见稿作依据",
    "superseded": "写明的文本不是现行文本",
    "renamed": "所依据的法规已由另一名称的法规替代",
    "misspelt": "名称与法规目录不一致",
    "no_article": "条号超出该法的条数",
    "old_article": "条号只在旧文本里有",
    "wrong_number": "文号与该文件不符",
    "other_region": "以外地的地方性法规作依据",
    "undefined": "简称没有写明全称",
    "no_item": "所引的条没有这一款、项（要有法规原文库）",
    "renumbered": "所写的内容在该法的另一条（要有法规原文库）",
}
#: How long before its end a law is worth a word to those who draft (days).
_SOON = timedelta(days=183)


def find_base_problems(
    document: Document,
    day: date,
    store: LawStore | None = None,
    cite: CitationReader = citations_of,
) -> tuple[Irregularity, ...]:
    """Every problem with a base of the document, in order of position; the same one only once.

    What a cited provision says is looked at only where there is a ``store`` of law texts.
    """
    found: dict[tuple[str, str], Irregularity] = {}
    often: Counter[tuple[str, str]] = Counter()
    home = place_of(document)
    for reference in find_references(document, day, cite=cite):
        if reference.own or reference.itself or reference.ending or tells_fate(document, reference):
            continue
        for kind, detail, doubt in (
            *_problems(document, reference, day),
            *_elsewhere(reference, home),
            *(wording_problems(document, reference, store, day) if store else ()),
        ):
            key = (kind, detail)
            often[key] += 1
            found.setdefault(key, Irregularity(kind, reference.start, reference.end, detail, doubt))
    counted = (
        replace(place, detail=f"{place.detail}；全文共{often[key]}处") if often[key] > 1 else place
        for key, place in found.items()
    )
    return tuple(sorted(counted, key=lambda i: (i.start, i.end, i.kind)))


_HISTORY = re.compile(r"(?:原|旧|修订前的?|修正前的?|当时的?|已废止的|废止的?|取代|替代)$")
_CLEARED = re.compile(r"废止|失效|修改|清理|修订|修正|公布|历史|沿革|通过")
_BEFORE = 40
_NOT = re.compile(r"(?:不得|不再|停止|禁止|不能)[^，；。]{0,6}$")


def tells_fate(document: Document, reference: Reference) -> bool:
    """Whether the text itself tells that the law is gone, changed or only part of a history."""
    text = document.source.text
    before = text[max(0, reference.start - _BEFORE) : reference.start]
    before = re.split(r"[。；\n]", before)[-1]
    after = re.split(r"[。；\n]", text[reference.end : reference.end + _BEFORE])[0]
    if _HISTORY.search(before.rstrip("《〈“ ")) or re.search(r"（[^（）]*废止", after[:20]):
        return True
    if _NOT.search(before):
        return True
    if re.search(r"(?:修改|废止|删去|删除|修订|代替|替代|取代|更名为|改为)[^，]{0,12}$", before):
        return True
    return bool(
        re.match(r"[^，。]{0,12}(?:废止|失效|停止执行|不再执行|修改为|改为|作废)", after)
    ) or (bool(_CLEARED.search(document.title)) and "根据" not in before)


def _problems(
    document: Document, reference: Reference, day: date
) -> Iterator[tuple[str, str, str]]:
    """Kind, what a reader is told, and why it is not certain, if it is not."""
    if re.search(r"草案|征求意见稿|送审稿", reference.name) and reference.by:
        yield "draft", f"《{reference.name}》还不是公布施行的法规", ""
    statute = reference.statute
    if statute is None:
        yield from _unknown(reference)
        return
    yield from _standing(document, reference, statute, day)
    yield from _text(reference, statute, day)
    yield from _article(reference, statute, day)
    yield from _number(reference, statute)


def _standing(
    document: Document, reference: Reference, statute: Statute, day: date
) -> Iterator[tuple[str, str, str]]:
    doubt = "" if statute.checked else "该法规的效力状态未经核对，请先核实"
    new = "、".join(f"《{name}》" for name in statute.replaced_by)
    instead = f"，由{new}替代" if new else ""
    if reference.standing == Standing.REPEALED:
        since = f"自{statute.repealed}起" if statute.repealed else ""
        kind = "repealed" if reference.by else "mentioned"
        if reference.by and len(statute.replaced_by) == 1 and _like(statute):
            kind = "renamed"
        yield kind, f"《{statute.name}》{since}已废止{instead}（按{day}判断）", doubt
    elif reference.standing == Standing.NOT_YET and reference.by:
        first = statute.versions[0]
        start = first.effective or first.promulgated
        if start is not None and not _after(document, start):
            doubt = "该法规的施行日期未经核对" if first.assumed else doubt
            yield "not_yet", f"《{statute.name}》自{start}起施行（按{day}判断）", doubt
    elif statute.repealed is not None and day < statute.repealed <= day + _SOON and reference.by:
        yield "ending", f"《{statute.name}》将自{statute.repealed}起废止{instead}", ""


def _after(document: Document, start: date) -> bool:
    """Whether the document itself prepares for the law: it carries it out, or takes effect with it."""
    if re.search(r"贯彻|实施|宣传|学习|施行|衔接|准备", document.title):
        return True
    return document.date is not None and start - document.date <= timedelta(days=31)


def _like(statute: Statute) -> bool:
    """Whether the law that took its place is the same one under another name."""
    one, other = plain_name(statute.name), plain_name(statute.replaced_by[0])
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.72


_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})年?[^〔〕]{0,12}(?:修订|修正|修改|版|本)|（((?:19|20)\d{2})年?）"
)


def _text(reference: Reference, statute: Statute, day: date) -> Iterator[tuple[str, str, str]]:
    """A text that is named by its year or order number and is not the one in force."""
    now = statute.version(day)
    if now is None or reference.standing != Standing.IN_FORCE or now.promulgated is None:
        return
    year = _YEAR.search(reference.quote)
    older = [v for v in statute.versions if v is not now and v.promulgated]
    named = [
        v for v in older if year and v.promulgated and str(v.promulgated.year) in year.groups()
    ]
    if named and str(now.promulgated.year) not in (year.groups() if year else ()):
        made, doubt = named[-1].promulgated, ""
        if made is not None and now.effective is not None and made < now.promulgated:
            yield "superseded", f"现行文本是{now.promulgated}公布、{now.effective}起施行的", doubt


def _elsewhere(reference: Reference, home: Place | None) -> Iterator[tuple[str, str, str]]:
    """A local law of another province as a base; those of one's own cities and districts are not."""
    rank = rank_of(reference.name, reference.number)
    if home is None or not reference.by or rank not in ("地方性法规", "规章"):
        return
    there = place_at(reference.resolved or reference.name)
    if there is not None and there.province != home.province:
        yield (
            "other_region",
            f"《{reference.name}》是{there.province}的，本文件是{home.province}的",
            "",
        )


def _article(reference: Reference, statute: Statute, day: date) -> Iterator[tuple[str, str, str]]:
    if reference.article_exists is not False:
        return
    now = statute.version(day)
    last = reference.through or reference.place
    place = f"第{chinese_number(last.article)}条"
    place += f"之{chinese_number(last.branch)}" if last.branch else ""
    assert now is not None
    doubt = "" if statute.sure else "该法规的条数未经核对，请先核实"
    held = f"《{statute.name}》{now.promulgated}文本共{now.articles}条，没有{place}"
    other = _text_with(statute, last.article, now)
    if last.branch or other is None:
        yield "no_article", held, doubt
    else:
        yield (
            "old_article",
            f"{held}；{other.promulgated}文本有这一条，可能用了另一文本的条号",
            doubt,
        )


def _text_with(statute: Statute, article: int, now: Version) -> Version | None:
    return next((v for v in statute.versions if v is not now and v.articles >= article), None)


def _number(reference: Reference, statute: Statute) -> Iterator[tuple[str, str, str]]:
    """A number that belongs to another law, or a State Council document with another number."""
    if not reference.number or plain_number(reference.number) in statute.numbers():
        return
    other = register().find("", reference.number)
    if other is not None and other.name != statute.name and not other.kind:
        yield "wrong_number", f"{reference.number}是《{other.name}》的文号", ""
    elif statute.rank == "国务院文件" and statute.number and "〔" in reference.number:
        yield "wrong_number", f"《{statute.name}》的文号是{statute.number}", ""


def _unknown(reference: Reference) -> Iterator[tuple[str, str, str]]:
    if reference.standing != UNLISTED or not reference.name:
        return
    if GENERIC.match(reference.name):
        if not reference.resolved and reference.by and reference.place.article:
            yield "undefined", f"《{reference.name}》是哪一部，前文没有写明", ""
        return
    meant = _nearest(plain_name(reference.name))
    if meant:
        yield "misspelt", f"目录里没有《{reference.name}》，最接近的是《{meant}》", ""


@lru_cache(maxsize=4096)
def _nearest(name: str) -> str:
    """The one law of the nation whose name this must mean, wrongly written; empty if none."""
    if len(name) < 5 or not re.search(r"(?:法|条例)$", name) or _LOCAL.search(name):
        return ""
    pool = [n for n in _national() if abs(len(n) - len(name)) <= 2]
    close = difflib.get_close_matches(name, pool, n=2, cutoff=_CUTOFF)
    if not close or not close[0].endswith(name[-1]):
        return ""
    return close[0] if _one_slip(name, close[0]) else ""


_CUTOFF = 0.8
_LOCAL = re.compile(r"[省市县区州盟旗]|特区|^关于|草案|国际|公约|香港|澳门|台湾|美国|欧盟|日本")


def _one_slip(name: str, other: str) -> bool:
    """Whether two names differ in one place by at most two characters."""
    steps = difflib.SequenceMatcher(None, name, other).get_opcodes()
    slips = [(b - a, d - c) for kind, a, b, c, d in steps if kind != "equal"]
    return len(slips) == 1 and max(slips[0]) <= (1 if len(name) < 8 else 2)


@lru_cache(maxsize=1)
def _national() -> tuple[str, ...]:
    return tuple(n for n in register().national_names() if re.search(r"(?:法|条例)$", n))
