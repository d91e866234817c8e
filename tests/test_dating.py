"""The day whose law a document is judged by."""

from __future__ import annotations

from datetime import date

import pytest

from checker.dating import FOUND, law_day
from checker.parsing import parse_text

SIGNED = (
    "某县人民政府关于停车的通知\n某政发〔2019〕3号\n各乡镇：\n请执行。\n某县人民政府\n2019年5月6日"
)


@pytest.mark.parametrize(
    ("text", "day", "how"),
    [
        (SIGNED, date(2019, 5, 6), "成文日期"),
        (SIGNED.rsplit("\n", 1)[0], date(2019, 12, 31), "发文字号年份"),
        ("某市2016年招生工作意见\n一、甲。", date(2016, 12, 31), "标题年份"),
        ("经营者应当守法。", date.today(), "今天"),
    ],
)
def test_sources_of_the_day(text: str, day: date, how: str) -> None:
    assert law_day(parse_text(text), None) == (day, how)
    assert how in FOUND


def test_the_day_given_comes_first() -> None:
    assert law_day(parse_text(SIGNED), date(2020, 1, 1)) == (date(2020, 1, 1), "指定")


def test_a_year_to_come_is_judged_by_the_law_of_today() -> None:
    year = date.today().year + 1
    assert law_day(parse_text(f"某市{year}年招生工作意见\n一、甲。"), None)[0] == date.today()
