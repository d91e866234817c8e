"""Counting: the arithmetic of periods, in calendar or working days, shown as a reader can redo it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from checker.periods import Dates
from checker.workdays import Calendar

Unit = Literal["日", "工作日"]


@dataclass(frozen=True, slots=True)
class Count:
    """A period and how long it is: ``days`` of ``unit``, the first day counted only if ``first``.

    ``least`` and ``most`` are what it must keep to; 0 is no bound.
    """

    start: date
    end: date
    days: int
    unit: Unit
    first: bool
    least: int = 0
    most: int = 0

    @property
    def kept(self) -> bool:
        """Whether the period keeps to its bounds."""
        return self.least <= self.days and (not self.most or self.days <= self.most)

    def __str__(self) -> str:
        unit = "个工作日" if self.unit == "工作日" else "日"
        text = f"{self.start} 至 {self.end}，共 {self.days} {unit}"
        if self.days < self.least:
            return f"{text}，少 {self.least - self.days} 日"
        return f"{text}，多 {self.days - self.most} 日" if not self.kept else text


def count(start: date, end: date, unit: Unit, calendar: Calendar, *, first: bool) -> int:
    """Days from ``start`` to ``end``, the last included; less than 1 where the end is earlier.

    Raises UncoveredYear for working days of a year without arrangement.
    """
    if unit == "日":
        return (end - start).days + first
    return calendar.count(start, end, first=first)


def bounded(dates: Dates, calendar: Calendar) -> Dates:
    """The dates with the end of a period of which only the length is stated, its first day counted.

    Raises UncoveredYear.
    """
    if not dates.stated or dates.start is None or dates.end is not None:
        return dates
    if dates.working:
        end = calendar.last_of(dates.start, dates.stated, first=True)
        return replace(dates, end=end, stated=0, working=False)
    return replace(dates, end=dates.last, stated=0)
