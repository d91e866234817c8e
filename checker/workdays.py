"""Workdays (工作日历): which days are worked by the State Council's yearly arrangement.

Two sources: the years that the package chinesecalendar knows, and holidays.yaml for those it does
not. A year that neither knows is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from checker.faults import DeclarationError, Fault, Place, read_declared
from checker.resources import resource

HOLIDAYS = "holidays.yaml"
_DAY = timedelta(days=1)
_STRICT: dict[str, Any] = {"extra": "forbid"}


class UncoveredYear(LookupError):
    """No arrangement of holidays is known for a year; the message says which, in Chinese."""

    def __init__(self, year: int) -> None:
        super().__init__(f"没有{year}年的节假日安排，工作日无法计算")
        self.year = year


@dataclass(frozen=True, slots=True)
class Year:
    """One year as holidays.yaml states it; ``off`` holds days, or first and last joined by a slash."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    year: int
    source: str
    off: tuple[str, ...]
    worked: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Holidays:
    """What holidays.yaml states."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. ``years`` are stated in full: ``off`` and ``worked`` against the week;
    every other year is that of chinesecalendar."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Whether the day is a working day. Raises UncoveredYear."""
        if day.year in self.years:
            return day in self.worked or (day not in self.off and day.weekday() < 5)
        from chinese_calendar import is_workday

        try:
            return bool(is_workday(day))
        except NotImplementedError:
            raise UncoveredYear(day.year) from None

    def count(self, start: date, end: date, *, first: bool) -> int:
        """Working days from ``start`` to ``end``, the last included, the first only if ``first``.

        0 where the end is earlier. Raises UncoveredYear.
        """
        day = start if first else start + _DAY
        return sum(self.is_worked(d) for d in _days(day, end))

    def last_of(self, start: date, length: int, *, first: bool) -> date:
        """The day on which so many working days (1 or more) from ``start`` are complete.

        Raises UncoveredYear.
        """
        day = start if first else start + _DAY
        while True:
            length -= self.is_worked(day)
            if length <= 0:
                return day
            day += _DAY


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += _DAY


@cache
def load_calendar(folders: tuple[Path, ...] = ()) -> Calendar:
    """The shipped holidays.yaml and those of rule folders; of a year stated twice, the last counts.

    Raises DeclarationError with every fault.
    """
    shipped = resource("rulesets", "procedure", HOLIDAYS)
    paths = [shipped, *(path for f in folders if (path := f / HOLIDAYS).is_file())]
    stated: dict[int, tuple[frozenset[date], frozenset[date]]] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            for year in read_declared(path, Holidays, _wrong).value.years:
                off = frozenset(day for text in year.off for day in _days(*_span(text)))
                stated[year.year] = (off, frozenset(year.worked))
        except DeclarationError as error:
            faults += error.faults
    if faults:
        raise DeclarationError(faults)
    return Calendar(frozenset(stated), *(_union(s[i] for s in stated.values()) for i in (0, 1)))


def _union(sets: Iterable[frozenset[date]]) -> frozenset[date]:
    return frozenset(day for days in sets for day in days)


def _span(text: str) -> tuple[date, date]:
    first, _, last = text.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _wrong(data: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with holidays.yaml that its types do not show."""
    years = data.get("years") if isinstance(data, dict) else None
    for i, entry in enumerate(years if isinstance(years, list) else ()):
        if isinstance(entry, dict):
            for key in ("off", "worked"):
                days = entry.get(key)
                for j, text in enumerate(days if isinstance(days, list) else ()):
                    fault = _wrong_day(str(text), entry.get("year"), spans=key == "off")
                    if fault:
                        yield ("years", i, key, j), fault


def _wrong_day(text: str, year: object, *, spans: bool) -> str:
    try:
        days: Sequence[date] = _span(text)
    except ValueError:
        form = "2027-02-05 或者 2027-02-05/2027-02-11" if spans else "2027-02-05"
        return f"“{text}”不是日期，应当写成 {form}"
    if days[1] < days[0]:
        return f"“{text}”首尾颠倒"
    return "" if {day.year for day in days} == {year} else f"“{text}”不在{year}年"
