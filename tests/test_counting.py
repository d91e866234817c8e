"""Counting: the arithmetic a reader can redo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.counting import Count, bounded, count
from checker.periods import Dates
from checker.workdays import UncoveredYear, load_calendar

CALENDAR = load_calendar()
days = st.dates(date(2019, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("counted", "text"),
    [
        (Count(date(2026, 3, 2), date(2026, 3, 10), 6, "工作日", False, 7), "2026-03-02 至 2026-03-10，共 6 个工作日，少 1 日"),
        (Count(date(2026, 3, 2), date(2026, 3, 10), 9, "日", True, 7), "2026-03-02 至 2026-03-10，共 9 日"),
        (Count(date(2026, 3, 2), date(2026, 3, 10), 8, "日", False, 0, 5), "2026-03-02 至 2026-03-10，共 8 日，多 3 日"),
    ],
)  # fmt: skip
def test_as_a_reader_sees_it(counted: Count, text: str) -> None:
    assert str(counted) == text
    assert counted.kept == ("少" not in text and "多" not in text)


@given(days, st.integers(0, 90))
def test_the_first_day_is_one_day(start: date, more: int) -> None:
    end = start + timedelta(more)
    with_first = count(start, end, "日", CALENDAR, first=True)
    assert with_first == count(start, end, "日", CALENDAR, first=False) + 1 == more + 1
    worked = count(start, end, "工作日", CALENDAR, first=True)
    without = count(start, end, "工作日", CALENDAR, first=False)
    assert worked - without == CALENDAR.is_worked(start)


@given(days, st.integers(1, 40))
def test_a_stated_length_ends_when_it_is_complete(start: date, length: int) -> None:
    plain = bounded(Dates(start, start, None, length), CALENDAR)
    assert plain.days == length
    working = bounded(Dates(start, start, None, length, working=True), CALENDAR)
    assert working.end is not None
    assert count(start, working.end, "工作日", CALENDAR, first=True) == length


def test_what_has_an_end_or_no_beginning_stays() -> None:
    for dates in (
        Dates(),
        Dates(stated=7, working=True),
        Dates(None, date(2024, 1, 1), date(2024, 1, 9)),
    ):
        assert bounded(dates, CALENDAR) == dates


def test_a_year_without_arrangement() -> None:
    with pytest.raises(UncoveredYear):
        bounded(Dates(None, date(2031, 1, 2), None, 7, working=True), CALENDAR)
