"""Validity: from when and until when a document says it is in force, and what its place asks of that.

Only what a text says of itself counts: 本办法自…起施行, 有效期5年. Days of cited laws, of certificates and
contracts do not. Words for the reader are Chinese and show the arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from checker.document import BODY_KINDS, Document, Irregularity, Provision
from checker.findings import Span
from checker.numerals import NUMERAL_CHARS, find_dates, read_number
from checker.periods import chinese_day
from checker.places import Kind, Place, PlaceRule

#: Kind -> what it means to a reader; these are the words a rule may use after ``validity``.
KINDS = {
    "effective_contradictory": "通知和所附文件的施行日期不一致",
    "effective_soon": "施行日期距公布日期短于本地规定的天数",
    "validity_missing": "本地规定要求写有效期而没有写",
    "validity_default": "没有写有效期，按本地规定推定",
    "validity_long": "有效期长于本地规定的上限",
    "validity_short": "有效期短于本地规定的下限",
    "trial_long": "试行、暂行的期限长于本地规定的上限",
    "expired": "判断的那一天已经超过有效期",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a text says of the day it takes effect: ``day`` where it can be told.

    ``after`` counts days from publication where the text says so (0: 自公布之日起), else None.
    """

    span: Span
    day: date | None
    after: int | None
    reason: bool


@dataclass(frozen=True, slots=True)
class Term:
    """How long a text says it is in force: ``months``, or until ``last``; neither: without end."""

    span: Span
    months: int = 0
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What one text of a document says of itself; ``title`` is its title."""

    title: str
    effect: Effect | None
    term: Term | None

    @property
    def trial(self) -> bool:
        """Whether the title says 试行 or 暂行."""
        return bool(_TRIAL.search(self.title))

    @property
    def start(self) -> date | None:
        """The first day in force, where it can be told."""
        return self.effect.day if self.effect else None

    @property
    def expiry(self) -> date | None:
        """The last day in force, where it can be told."""
        if self.term is None or self.term.last is not None:
            return self.term.last if self.term else None
        return last_day(self.start, self.term.months) if self.start and self.term.months else None


def last_day(start: date, months: int) -> date:
    """The last of so many months that begin on a day: five years from 2024-03-01 end on 2029-02-28.

    The day before the same day of the month; where the month has no such day, its last one.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day) - timedelta(days=1)
    except ValueError:
        following = year * 12 + month + 1
        return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


_TRIAL = re.compile(r"试行|暂行")
_TEXT = "办法|规定|细则|方案|意见|规则|规程|标准|制度|通知|公告|通告|决定|措施|政策|指引|指南|规范|准则|守则|文件|文"
_SELF = re.compile(
    rf"本(?:[^，。；：《》本]{{0,8}}?)(?:{_TEXT})(?:（[^）]{{1,6}}）)?(?:的?(?:规定|内容|要求))?$"
)
_SELF_BEFORE = re.compile(
    rf"(?:^|[，：])\s*本(?:[^，。；：《》本]{{0,8}}?)(?:{_TEXT})(?![^，]*的[，])"
)
_EFFECT = re.compile(
    r"(?:自|从|于)(?P<when>[^，。；：《》\n自从]{1,24}?)(?:起|后)?(?:正式|开始)?"
    r"(?:(?:施行|实施|实行|执行|生效|试行)(?!情况|细则|方案|办法|意见)|(?=至[^，。；]{8,14}日止))"
)
#: What may stand between the last comma and a term that is the text's own.
_SUBJECT = re.compile(rf"{_SELF.pattern}|{_EFFECT.pattern}|起$")
_PUBLISHED = re.compile(r"(?:公布|发布|印发|颁布|下发|发文|签发|本日)(?:之日)?|即日")
_AFTER = re.compile(rf"(?P<n>[{NUMERAL_CHARS}]{{1,4}})(?P<u>个?工作日|日|天|个月)(?:以?后|起)?")
_NUMBER = rf"(?P<n>[{NUMERAL_CHARS}]{{1,3}})(?P<u>年|个月)"
_TERM = re.compile(
    rf"(?:有效期|施行期|试行期|暂行期|适用期|执行期)(?:限)?(?:暂定|暂)?(?:为|是|：)?(?:{_NUMBER}|(?P<to>[^，。；]{{0,24}}?至)(?P<day>[^，。；]{{4,14}}))"
    rf"|(?<=[，。])(?:试行|暂行)(?:{_NUMBER.replace('<n>', '<n2>').replace('<u>', '<u2>')})(?=[，。；]|$)"
    r"|(?:有效|执行|施行|实施|试行)(?:截)?至(?P<day2>[^，。；]{4,14})"
    r"|(?:至|(?<=，))(?P<day3>[^，。；]{8,14}日)(?:止|起?废止|起?失效)"
    r"|(?P<ever>长期有效|永久有效|有效期(?:为)?长期|不设有效期)"
)
_YEAR_ONLY = re.compile(r"^((?:19|20)\d{2})年(?:年?底|止|$)")
#: How far before a statement its subject may stand: a text without full stops must cost no more.
_FAR = 200
#: No term is counted beyond a hundred years (months).
_LONGEST = 1200
_SENTENCE = re.compile("[。；\n]")
_REASON = re.compile(r"有碍|紧急|安全|公共利益|突发|疫情|应急|防汛|抢险")
#: A text with fewer articles or headings than this is a fragment: nothing can be missing from it.
_WHOLE = 3


def read_validity(document: Document) -> tuple[Own, ...]:
    """What each text of a document (the notice, what it attaches) says of its own validity."""
    return tuple(_own(document, unit) for unit in document.units)


#: Each way of saying from when or how long a text is in force has one of these words.
_SAYS = re.compile("有效|施行|实施|实行|执行|生效|试行|暂行|适用期|日(?:止|起?废止|起?失效)")


def _own(document: Document, unit: Provision) -> Own:
    effect: Effect | None = None
    term: Term | None = None
    for node in document.inside(unit):
        if node.kind not in BODY_KINDS or node.kind == "row":
            continue
        at, text = node.head, document.own_text(node)
        for sentence in _SENTENCE.split(text) if _SAYS.search(text) else ():
            says = _SAYS.search(sentence)
            found = _effect(document, at, sentence) if says else None
            own = found or _SELF_BEFORE.search(sentence) or sentence.startswith("有效期")
            until = _term(document, at, sentence) if says and own else None
            if (found or until) and not _in_row(document, at, at + len(sentence)):
                effect, term = found or effect, until or term
            at += len(sentence) + 1
    return Own(document.title_of(unit), effect, term)


def _in_row(document: Document, start: int, end: int) -> bool:
    """Whether shadow characters stand in a row of a typed table, which speaks of other texts."""
    span = document.source.span(start, end)
    return "\t" in document.source.text[span.start : span.end].strip()


def _effect(document: Document, at: int, sentence: str) -> Effect | None:
    """The day of effect a sentence states of its own text, or None."""
    for m in _EFFECT.finditer(sentence):
        before = sentence[max(0, m.start() - _FAR) : m.start()]
        near = re.split("[，：]", before)[-1].strip("并将应 ")
        own = _SELF_BEFORE.search(before) or not before.strip()
        subject = _SELF.search(near) if near else own and "《" not in before
        dates = find_dates(m["when"])
        published = _PUBLISHED.match(m["when"])
        if not subject or not (dates or published):
            continue
        span = document.source.span(at + m.start(), at + m.end())
        reason = bool(_REASON.search(sentence))
        if dates:
            return Effect(span, dates[0][2], None, reason)
        length = _AFTER.search(m["when"], published.end() if published else 0)
        after = _days(length["n"], length["u"]) if length else 0
        day = document.date + timedelta(days=after) if document.date else None
        return Effect(span, day, after, reason)
    return None


def _days(number: str, unit: str) -> int:
    return read_number(number) * {"个月": 30, "工作日": 1, "个工作日": 1}.get(unit, 1)


def _term(document: Document, at: int, sentence: str) -> Term | None:
    """How long a sentence says its own text is in force, or None."""
    for m in _TERM.finditer(sentence):
        before = re.split("[，：]", sentence[max(0, m.start() - _FAR) : m.start()])[-1]
        if before and not _SUBJECT.search(before):
            continue
        span = document.source.span(at + m.start(), at + m.end())
        if m["ever"]:
            return Term(span)
        if number := m["n"] or m["n2"]:
            years = (m["u"] or m["u2"]) == "年"
            return Term(span, min(read_number(number) * (12 if years else 1), _LONGEST))
        last = _last(m["day"] or m["day2"] or m["day3"])
        if last is not None:
            return Term(span, 0, last)
    return None


def _last(text: str) -> date | None:
    """The day a text ends on: 2027年12月31日, 2019年 (its last day)."""
    dates = find_dates(text)
    if dates:
        return dates[0][2]
    year = _YEAR_ONLY.match(text)
    return date(int(year[1]), 12, 31) if year else None


def find_validity_problems(
    document: Document, place: Place | None, day: date
) -> tuple[Irregularity, ...]:
    """Every problem of validity, judged by the rules of a place in force on a day."""
    texts = read_validity(document)
    found = [*_contradictory(texts), *_expired(texts, day)]
    if place is not None:
        found += _missing(document, texts, place, day)
        said = next((own.effect for own in reversed(texts) if own.effect), None)
        if said is not None:
            found += _soon(said, document.date, place, day)
        for own in texts:
            found += _length(own, place, day)
    return tuple(found)


def _contradictory(texts: tuple[Own, ...]) -> Iterator[Irregularity]:
    """A notice and the one text it attaches that name two calendar days."""
    if len(texts) != 2:
        return
    notice, text = (own.effect for own in texts)
    if notice and text and notice.after is None and text.after is None and notice.day != text.day:
        yield Irregularity(
            "effective_contradictory",
            *text.span,
            f"通知写{chinese_day(notice.day)}，所附文件写{chinese_day(text.day)}",
        )


def _expired(texts: tuple[Own, ...], day: date) -> Iterator[Irregularity]:
    for own in texts:
        if own.term is not None and own.expiry is not None and own.expiry < day:
            yield Irregularity(
                "expired",
                *own.term.span,
                f"{_counted(own)}；按{chinese_day(day)}判断，已经届满",
            )


def _counted(own: Own) -> str:
    """How the last day was counted: 自2024年3月1日起算，5年，至2029年2月28日止."""
    assert own.term is not None and own.expiry is not None
    if own.term.last is not None:
        return f"有效期至{chinese_day(own.expiry)}"
    start = chinese_day(own.start)
    return f"有效期{length_of(own.term.months)}，自{start}起算，至{chinese_day(own.expiry)}止"


def length_of(months: int) -> str:
    """A number of months in words: 6个月, 5年."""
    return f"{months}个月" if months % 12 else f"{months // 12}年"


def _missing(
    document: Document, texts: tuple[Own, ...], place: Place, day: date
) -> Iterator[Irregularity]:
    heads = sum(node.kind in ("article", "heading1") for node in document.walk())
    if heads < _WHOLE or document.validity is not None or any(own.term for own in texts):
        return
    trial = any(own.trial for own in texts)
    limit = place.value("trial_max", day) if trial else None
    required = place.value("validity_required", day)
    assumed = place.value("validity_default", day)
    if required is not None:
        most = limit or place.value("validity_max", day)
        detail = f"，最长{most}" if most else ""
        yield _asked(
            "validity_missing", Span(0, 0), f"{place.province}要求写明有效期{detail}", required
        )
    elif assumed is not None:
        span = f"按{limit or assumed}计"
        yield _asked(
            "validity_default", Span(0, 0), f"{place.province}对没有写的{span}", limit or assumed
        )


def _soon(
    effect: Effect, published: date | None, place: Place, day: date
) -> Iterator[Irregularity]:
    """Effect sooner after publication than the place asks, with no reason written."""
    least = place.value("effect_days", day)
    if least is None or effect.reason:
        return
    days = effect.after
    if days is None and effect.day is not None and published is not None:
        days = (effect.day - published).days
    if days is None or not 0 <= days < least.value:
        return
    written = "自公布之日起施行" if effect.after == 0 else f"公布后{days}日施行"
    if effect.after is None:
        written = f"{chinese_day(published)}公布，{chinese_day(effect.day)}施行，间隔{days}日"
    yield _asked(
        "effective_soon",
        effect.span,
        f"{written}，{least.place}一般要求间隔{least}{_note(least)}",
        least,
    )


def _asked(
    kind: str, span: Span, detail: str, rule: PlaceRule, special: bool = False
) -> Irregularity:
    """A problem measured by a figure of the place; one that was not read may only be a hint."""
    doubt = "本地规定允许特殊情形适用更长的期限" if special else ""
    if not rule.verified:
        doubt = "本地现行规定的条文未经核对"
    return Irregularity(kind, *span, detail, doubt, rule.basis)


def _note(rule: PlaceRule) -> str:
    return f"（{rule.note}）" if rule.note else ""


def _length(own: Own, place: Place, day: date) -> Iterator[Irregularity]:
    """A term longer or shorter than the place allows."""
    term = own.term
    if term is None:
        return
    most = place.value("trial_max", day) if own.trial else None
    kind = "trial_long" if most else "validity_long"
    most = most or place.value("validity_max", day)
    if most is not None and _longer(own, most.value * 12):
        beyond = place.value("validity_hard_max", day) if kind == "validity_long" else None
        special = beyond is not None and not _longer(own, beyond.value * 12)
        more = f"，特殊情形最长{beyond}" if beyond else ""
        detail = f"{_stated(own)}，{most.place}最长{most}{more}{_note(most)}"
        yield _asked(kind, term.span, detail, most, special)
    lower: Kind = "trial_min" if own.trial else "validity_min"
    least = place.value(lower, day)
    if least is not None and _shorter(own, least.value * 12):
        detail = f"{_stated(own)}，{least.place}最短{least}"
        yield _asked("validity_short", term.span, detail, least)


def _stated(own: Own) -> str:
    if own.term is None or (own.term.last is None and not own.term.months):
        return "没有期限"
    return _counted(own) if own.expiry else f"有效期{length_of(own.term.months)}"


def _longer(own: Own, months: int) -> bool:
    """Whether the term is longer; one day more is the other way of counting, not longer."""
    if own.term is None or own.term.last is None:
        return own.term is not None and (own.term.months > months or not own.term.months)
    most = own.start and last_day(own.start, months)
    return most is not None and own.term.last > most + timedelta(days=1)


def _shorter(own: Own, months: int) -> bool:
    if own.term is None or own.term.last is None:
        return own.term is not None and 0 < own.term.months < months
    least = own.start and last_day(own.start, months)
    return least is not None and own.term.last < least - timedelta(days=1)
