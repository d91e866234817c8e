"""Periods: days and spans of time as papers write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.numerals import chinese_number
from checker.periods import Dates, find_days, meeting_day, read_period, received_day, signed_day

MARCH = date(2024, 3, 1)


def digits(year: int) -> str:
    return "".join("〇一二三四五六七八九"[int(c)] for c in str(year))


FORMS = {
    "full": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "chinese": lambda d: f"{digits(d.year)}年{chinese_number(d.month)}月{chinese_number(d.day)}日",
    "dashes": lambda d: d.isoformat(),
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
}
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(days, st.sampled_from(sorted(FORMS)))
def test_a_day_reads_back_in_every_form(day: date, form: str) -> None:
    assert [m.day for m in find_days(f"于{FORMS[form](day)}送审")] == [day]


@given(
    days,
    st.integers(1, 400),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(["自{}起至{}止", "{}至{}", "{}—{}", "自{}起，{}止", "自{}到{}"]),
)
def test_a_range_reads_back_in_every_form(day: date, length: int, form: str, frame: str) -> None:
    end = day + timedelta(days=length - 1)
    text = "公开征求意见时间：" + frame.format(FORMS[form](day), FORMS[form](end)) + "。"
    assert read_period(text, None).days == length


@given(days, st.integers(0, 300))
def test_an_end_without_year_lies_on_or_after_the_start(day: date, more: int) -> None:
    end = day + timedelta(days=more)
    if (end.month, end.day) == (2, 29):
        return
    text = f"征求意见时间：{FORMS['full'](day)}至{end.month}月{end.day}日"
    assert read_period(text, None).end == end


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    mentions = find_days(text)
    assert [m.start for m in mentions] == sorted({m.start for m in mentions})
    assert read_period(text, MARCH).day == MARCH


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("征求意见时间：2024年3月1日至15日", 15),
        ("公示时间：2024年12月20日至1月20日", 32),
        ("开始时间：2024年3月1日\n结束时间：2024年3月31日\n公开征求意见", 31),
        ("2024年3月1日（星期五）至3月30日（星期六）征求意见", 30),
        ("请于2024年3月30日前将意见反馈我局", 30),
        ("意见反馈截止时间为2024年3月10日", 10),
        ("即日起至2024年3月31日止公开征求意见", 31),
        ("公开征求意见，为期30日", 30),
        ("征求意见期限：自公告之日起三十日", 30),
        ("征求意见期限为1个月", 30),
    ],
)
def test_period(text: str, days: int) -> None:
    assert read_period(text, MARCH).days == days


@pytest.mark.parametrize(
    "text",
    [
        "欢迎提出意见",
        "2021年1月1日至2023年12月31日全市共办展六百场\n\n\n请踊跃参与",
        "征求意见时间：2024年2月30日至2024年2月31日",
    ],
)
def test_no_period(text: str) -> None:
    assert read_period(text, MARCH).days is None


def test_the_year_said_last_before_counts() -> None:
    text = "2023年度工作。2024年3月1日公告，3月15日座谈，4月2日送审。"
    assert [m.day for m in find_days(text)] == [MARCH, date(2024, 3, 15), date(2024, 4, 2)]


def test_the_year_said_after_counts_where_none_was_said_before() -> None:
    assert [m.day for m in find_days("请于3月20日前反馈。\n某局\n2024年3月1日")] == [
        date(2024, 3, 20),
        MARCH,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("结论：合法。\n某市司法局\n2024年4月10日", date(2024, 4, 10)),
        ("结论：合法。\n某市司法局 二〇二四年四月十日（盖章）", date(2024, 4, 10)),
        ("审查日期：2024.4.10\n填表人：某", date(2024, 4, 10)),
        ("2024年4月1日收到送审稿，现已审核完毕。", None),
        ("2024年4月1日收到送审稿，现提出如下意见，供参考，请结合实际研究修改。", None),
    ],
)
def test_signed_day(text: str, day: date | None) -> None:
    assert signed_day(text, ["审查日期"]) == day


@pytest.mark.parametrize(
    "text",
    [
        "会议时间：2024年4月20日\n其他：2024年4月1日起草",
        "会议纪要\n〔2024〕5号\n4月20日上午，局长主持召开会议。\n2024年4月25日印发",
        "局务会议记录\n2024年4月20日",
    ],
)
def test_meeting_day(text: str) -> None:
    assert meeting_day(text, ["会议时间"]) == date(2024, 4, 20)


def test_a_length_in_working_days_has_no_end_of_its_own() -> None:
    dates = read_period("征求意见期限为七个工作日", MARCH)
    assert (dates.stated, dates.working, dates.days, dates.last) == (7, True, None, None)
    assert str(dates) == "2024-03-01 起为期 7 个工作日"
    assert Dates(MARCH, MARCH, None, 7).last == date(2024, 3, 7)


@pytest.mark.parametrize(
    "text",
    [
        "你局于2024年3月1日报送的送审稿收悉。2024年3月8日",
        "2024年3月1日，商务局提交《办法》及其说明，现审核如下",
        "送审日期：2024.3.1\n意见日期：2024.3.8",
        "2024年3月1日收到你局送审材料，现提出意见",
    ],
)
def test_received_day(text: str) -> None:
    assert received_day(text, ["送审日期"]) == MARCH


def test_a_day_that_is_not_of_handing_in() -> None:
    assert received_day("2024年3月1日公布的条例施行。你局报送的送审稿收悉。", []) is None
