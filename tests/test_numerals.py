"""Numbers, dates, sums and shares."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.numerals import (
    chinese_number,
    find_dates,
    read_amount,
    read_date,
    read_number,
    read_percent,
)


@given(st.integers(0, 9999))
def test_chinese_numbers_round_trip(number: int) -> None:
    assert read_number(chinese_number(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十三", 23),
        ("一百零五", 105),
        ("十", 10),
        ("二〇二四", 2024),
        ("1203", 1203),
        ("①", 1),
        ("㈠", 1),
        ("⑵", 2),
        ("两万", 20_000),
        ("一亿二千万", 120_000_000),
        ("", 0),
        ("甲", 0),
        ("3万", 30_000),
    ],
)
def test_read_number(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月1日", date(2024, 3, 1)),
        ("二〇二四年三月十五日", date(2024, 3, 15)),
        ("2024-03-01", date(2024, 3, 1)),
        ("二○一○年九月十日", date(2010, 9, 10)),
        ("2024年13月1日", None),
        ("三月一日", None),
    ],
)
def test_read_date(text: str, day: date | None) -> None:
    assert read_date(text) == day


def test_find_dates_gives_spans() -> None:
    text = "自2024年1月1日起至二〇二五年一月一日止"
    assert [(text[a:b], d.year) for a, b, d in find_dates(text)] == [
        ("2024年1月1日", 2024),
        ("二〇二五年一月一日", 2025),
    ]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("罚款五千元", 5000.0),
        ("1.5万元", 15_000.0),
        ("1，000元", 1000.0),
        ("一万五千元", 15_000.0),
        ("3亿元", 3e8),
        ("没有金额", None),
    ],
)
def test_read_amount(text: str, yuan: float | None) -> None:
    assert read_amount(text) == yuan


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("百分之二十", 0.2),
        ("2%", 0.02),
        ("0.5％", 0.005),
        ("百分之一点五", 0.015),
        ("没有", None),
    ],
)
def test_read_percent(text: str, share: float | None) -> None:
    assert read_percent(text) == share
