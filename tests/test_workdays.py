"""Workdays: every day of 2019–2026 against the official arrangements, counted spans, other years."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.faults import DeclarationError
from checker.workdays import Calendar, UncoveredYear, load_calendar

YEARS = yaml.load(
    (Path(__file__).parent / "cases" / "holidays.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
CALENDAR = load_calendar()
DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + i * DAY for i in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("entry", YEARS, ids=lambda entry: entry["year"])
def test_every_day_is_as_the_official_notice_says(entry: dict[str, str]) -> None:
    off = set()
    for span in entry["off"]:
        first, last = map(date.fromisoformat, span.split("/"))
        off |= {first + i * DAY for i in range((last - first).days + 1)}
    worked = {date.fromisoformat(text) for text in entry["worked"]}
    assert all(day.weekday() > 4 for day in worked)
    expected = {
        day: day in worked or (day not in off and day.weekday() < 5)
        for day in days_of(int(entry["year"]))
    }
    assert {day: CALENDAR.is_worked(day) for day in expected} == expected


@pytest.mark.parametrize(
    ("start", "end", "first", "count"),
    [
        ("2026-03-02", "2026-03-10", False, 6),  # 平常的两周
        ("2026-03-02", "2026-03-10", True, 7),
        ("2026-02-13", "2026-02-24", False, 2),  # 春节：14 日上班，15—23 日放假，24 日上班
        ("2025-01-24", "2025-02-08", False, 6),  # 春节：26、27 日和 5—8 日上班
        ("2020-01-23", "2020-02-03", False, 1),  # 延长的春节假期
        ("2024-02-04", "2024-02-18", True, 7),  # 两个调休的星期日都上班
        ("2019-12-31", "2020-01-02", False, 1),  # 跨年
        ("2022-12-30", "2023-01-03", False, 1),  # 元旦假期跨年
        ("2023-09-28", "2023-10-08", False, 2),  # 中秋国庆之后两个周末都上班
        ("2026-04-30", "2026-05-09", False, 4),  # 劳动节之后的星期六上班
        ("2024-09-14", "2024-09-14", True, 1),
        ("2024-09-14", "2024-09-13", True, 0),
    ],
)
def test_count(start: str, end: str, first: bool, count: int) -> None:
    span = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.count(*span, first=first) == count


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_counts_add_up(start: date, more: int, still: int) -> None:
    middle, end = start + more * DAY, start + (more + still) * DAY
    if end > date(2026, 12, 31):
        return
    parts = CALENDAR.count(start, middle, first=True) + CALENDAR.count(middle, end, first=False)
    assert CALENDAR.count(start, end, first=True) == parts


@given(st.dates(date(2019, 1, 1), date(2026, 8, 31)), st.integers(1, 40), st.booleans())
def test_the_last_of_so_many_days_is_a_working_day_that_completes_them(
    start: date, length: int, first: bool
) -> None:
    last = CALENDAR.last_of(start, length, first=first)
    assert CALENDAR.is_worked(last)
    assert CALENDAR.count(start, last, first=first) == length


def test_a_year_without_arrangement_is_said_so() -> None:
    with pytest.raises(UncoveredYear, match="2031年"):
        CALENDAR.is_worked(date(2031, 1, 5))
    with pytest.raises(UncoveredYear, match="2031年"):
        Calendar().count(date(2031, 1, 1), date(2031, 1, 9), first=True)


def write(folder: Path, text: str) -> tuple[Path, ...]:
    (folder / "holidays.yaml").write_text(text, encoding="utf-8")
    return (folder,)


def test_a_year_may_be_added_in_a_rule_folder(tmp_path: Path) -> None:
    text = (
        "years:\n  - year: 2031\n    source: 示例\n    off: [2031-01-01, 2031-01-22/2031-01-28]\n"
        "    worked: [2031-01-19]\n"
    )
    calendar = load_calendar(write(tmp_path, text))
    assert not calendar.is_worked(date(2031, 1, 1))
    assert not calendar.is_worked(date(2031, 1, 23))
    assert calendar.is_worked(date(2031, 1, 19))
    assert not calendar.is_worked(date(2031, 1, 26))
    assert calendar.count(date(2031, 1, 17), date(2031, 1, 29), first=False) == 4
    assert calendar.is_worked(date(2026, 2, 14)), "the other years stay"


def test_faults_of_the_file_are_told_with_their_lines(tmp_path: Path) -> None:
    text = (
        "years:\n  - year: 2031\n    source: 示例\n    off:\n      - 2031-13-01\n"
        "      - 2032-01-01\n      - 2031-02-05/2031-02-01\n    worked: [春节]\n"
    )
    with pytest.raises(DeclarationError) as caught:
        load_calendar(write(tmp_path, text))
    faults = [(fault.line, fault.message) for fault in caught.value.faults]
    assert [line for line, _ in faults if line < 8] == [5, 6, 7]
    assert "不在2031年" in faults[1][1]
    assert "首尾颠倒" in faults[2][1]
