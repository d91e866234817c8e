"""Days and periods as the papers of a dossier state them: 自3月1日至31日, 为期30日, 会议时间."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from checker.numerals import find_dates, read_number


@dataclass(frozen=True, slots=True)
class Dates:
    """What a paper says about time.

    ``day`` is the day the paper bears (signature, meeting). ``start`` and ``end`` bound a period,
    both days included; ``stated`` is its length where the paper gives a number only, in calendar
    days, or in working days if ``working`` (:mod:`checker.counting` finds their end). ``received``
    is the day on which what a review is about was handed in.
    """

    day: date | None = None
    start: date | None = None
    end: date | None = None
    stated: int = 0
    working: bool = False
    received: date | None = None

    @property
    def last(self) -> date | None:
        """The day on which the paper's step was over: the end of its period, else its day.

        None where the period is in working days and its end is not found yet.
        """
        if self.end is not None or self.working:
            return self.end
        if self.stated and self.start is not None:
            return self.start + timedelta(days=self.stated - 1)
        return self.day

    @property
    def days(self) -> int | None:
        """Calendar days of the period, first and last day included; None if not known."""
        if self.start is not None and self.end is not None:
            return (self.end - self.start).days + 1
        return self.stated if self.stated and not self.working else None

    def __str__(self) -> str:
        if self.start is not None and self.end is not None:
            return f"{self.start} 至 {self.end}"
        length = f"为期 {self.stated} {'个工作日' if self.working else '日'}" if self.stated else ""
        day = self.start if length else self.last
        return (f"{day} 起" if length and day else str(day or "")) + length


def chinese_day(day: date | None) -> str:
    """2024年3月1日; empty for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


class Mention(NamedTuple):
    """A day named in a text, with its place (code points)."""

    start: int
    end: int
    day: date


_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_SHORT = re.compile(rf"(?<![0-9一二三四五六七八九十./-])(?P<m>{_NUMBER})月(?P<d>{_NUMBER})[日号]")
_BARE = re.compile(rf"(?<=[至到—～~-])(?P<d>{_NUMBER})[日号]")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}|二[〇零][〇零一二三四五六七八九]{2})[年〕]")


def find_days(text: str) -> tuple[Mention, ...]:
    """Every day named in a shadow text, in order.

    Where the year is left out (3月1日) it is the one said last before, else the next one said;
    where the month is left out too (至15日) it is that of the day before. Impossible days are not
    days.
    """
    found = {a: Mention(a, b, day) for a, b, day in find_dates(text)}
    taken = sorted(found)
    years = [(m.start(), read_number(m[1])) for m in _YEAR.finditer(text)]
    for m in _SHORT.finditer(text):
        i = bisect_right(taken, m.start()) - 1
        if i >= 0 and m.start() < found[taken[i]].end:
            continue
        year = _year_near(m.start(), years)
        day = _day(year, read_number(m["m"]), read_number(m["d"]))
        if day is not None:
            found[m.start()] = Mention(m.start(), m.end(), day)
    for m in _BARE.finditer(text):
        before = max((at for at in found if m.start() - 24 < at < m.start()), default=None)
        if before is not None and found[before].end <= m.start():
            day = _day(found[before].day.year, found[before].day.month, read_number(m["d"]))
            if day is not None:
                found[m.start()] = Mention(m.start(), m.end(), day)
    return tuple(found[at] for at in sorted(found))


def _year_near(at: int, years: list[tuple[int, int]]) -> int:
    if not years:
        return 0
    i = bisect_left(years, (at, 0))
    return years[i - 1][1] if i else years[0][1]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_OPENED = r"(?:（[^（）\n]{0,8}）)?(?:上午|下午)?(?:[0-9]{1,2}[:：时点][0-9]{0,2}分?)?"
_TO = re.compile(
    rf"{_OPENED}起?[，、]?(?:开始|之日起)?[，、]?\s?(?:至|到|—{{1,2}}|–|-{{1,2}}|－|～|~)\s?|"
    rf"{_OPENED}(?:起|开始)[，、]|"
    rf"{_OPENED}[；;，。]?\s*(?:结束|截止|截至)(?:时间|日期)?[：为]?"
)
_TOPIC = re.compile(r"征求|征集|意见|反馈|公示|公告|期限|时间|截止|截至")
_DEADLINE_BEFORE = re.compile(r"(?:截止|截至)[^。\n]{0,10}$|(?:即日起|之日起)[至到]$")
_DEADLINE_AFTER = re.compile(
    r"(?:（[^（）\n]{0,8}）)?(?:[0-9]{1,2}[:：时点][0-9]{0,2}分?)?(?:之?前|以前|止|为止|截止)"
)
_LENGTH = re.compile(
    r"(?:为期|期限|时间|期间|之日起|即日起|公示期|征求意见期|公告期)[^0-9一二三四五六七八九十百，。；\n]{0,6}"
    r"(?P<n>[0-9]{1,3}|[一二两三四五六七八九十百]{1,4})个?(?P<u>工作日|自然日|日|天|月)"
)


def read_period(text: str, published: date | None) -> Dates:
    """The period during which a notice asks for comments.

    Read from a range (自…至…, …起…止), else from a deadline and ``published``, else from a length
    (为期30日). A range that ends before it begins because the year changed ends in the next year.
    """
    mentions = find_days(text)
    for a, b in pairwise(mentions):
        if _TO.fullmatch(text, a.end, b.start) and _TOPIC.search(_line_of(text, a.start)):
            return Dates(published, a.day, _not_before(a.day, b, text))
    for m in mentions:
        line = _line_of(text, m.start)
        if _TOPIC.search(line) and (
            _DEADLINE_BEFORE.search(text, max(0, m.start - 20), m.start)
            or _DEADLINE_AFTER.match(text, m.end)
        ):
            return Dates(published, published, m.day)
    length = _LENGTH.search(text)
    if length is None:
        return Dates(published)
    number = read_number(length["n"]) * (30 if length["u"] == "月" else 1)
    return Dates(published, published, None, number, length["u"] == "工作日")


def _not_before(start: date, end: Mention, text: str) -> date:
    """The end of a range; one written without year and earlier than the start is a year later."""
    written = text[end.start : end.end]
    if end.day < start and "年" not in written and not re.search(r"[./-]", written):
        return _day(end.day.year + 1, end.day.month, end.day.day) or end.day
    return end.day


def _line_of(text: str, at: int) -> str:
    """The line a position stands in, with the line before it (a label may stand there)."""
    first = text.rfind("\n", 0, max(text.rfind("\n", 0, at), 0)) + 1
    last = text.find("\n", at)
    return text[first : last if last >= 0 else len(text)]


_TAIL = re.compile(r"[日号0-9](?:（[^（）]{0,12}）|[印发公章])*$")


def signed_day(text: str, labels: Iterable[str]) -> date | None:
    """The day a paper bears: after one of the labels (审查日期：…), else on the last line that is
    little more than a date."""
    labelled = labelled_day(text, labels)
    if labelled is not None:
        return labelled
    for line in reversed(text.splitlines()):
        mentions = find_days(line) if 6 <= len(line) <= 40 else ()
        if mentions and len(line) - mentions[-1].end <= 14 and _TAIL.search(line):
            return mentions[-1].day
    return None


def labelled_day(text: str, labels: Iterable[str]) -> date | None:
    """The first day that follows one of the labels with nothing but signs between."""
    mentions = find_days(text)
    for label in labels:
        for m in re.finditer(re.escape(label) + r"(?:时间|日期)?[\s：:为于|]{0,4}", text):
            for mention in mentions:
                if mention.start == m.end():
                    return mention.day
    return None


_RECEIVED = re.compile(
    r"[^。；\n]{0,40}?(?:报送|报来|送来|提交|提请|送审|移送|转来)[^。\n]{0,80}?(?:收悉|收到|审核|审查)"
)
_GOT = re.compile(r"(?:收到|收悉|受理)(?:之)?(?:时间|日期)?")


def received_day(text: str, labels: Iterable[str]) -> date | None:
    """The day on which a reviewed draft was handed in: after a label (送审日期：…), else the first day
    said of handing it in (你局于3月2日报送的送审稿收悉)."""
    day = labelled_day(text, labels)
    if day is not None:
        return day
    for mention in find_days(text):
        if _RECEIVED.match(text, mention.end) or _GOT.match(text, mention.end):
            return mention.day
    return None


_MET = re.compile(r"[^。；\n]{0,60}?(?:召开|主持|会议|审议|研究|讨论)")


def meeting_day(text: str, labels: Iterable[str]) -> date | None:
    """The day of a meeting: after a label (会议时间：…), else the first day said to be one on which
    a meeting was held, else the day the paper bears."""
    day = labelled_day(text, labels)
    if day is not None:
        return day
    for mention in find_days(text):
        if _MET.match(text, mention.end):
            return mention.day
    return signed_day(text, ())
