"""Dating: the day whose law a document is judged by, and how it was found."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

from checker.document import Document
from checker.numerals import read_number

#: How the day was found, from the surest to the least.
Found = Literal[
    "指定",
    "印发日期",
    "材料日期",
    "成文日期",
    "题注日期",
    "发文字号年份",
    "标题年份",
    "文件属性",
    "今天",
    "",
]
FOUND: tuple[str, ...] = get_args(Found)
_NUMBER_YEAR = re.compile(r"[〔（]((?:19|20)\d{2})年?[〕）]")
_TITLE_YEAR = re.compile(r"((?:19|20)\d{2}|二[〇零][〇零一二三四五六七八九]{2})(?:—\d{4})?年")


def law_day(document: Document, as_of: date | None) -> tuple[date, str]:
    """The day whose law applies, and how it was found.

    The day given; else the day the document bears; else the last day of the year of its number or
    title, or the day the file says it was last changed; else today. A day to come counts as today.
    """
    today = date.today()
    if as_of is not None:
        return as_of, "指定"
    if document.date is not None:
        return document.date, document.date_from or "成文日期"
    for how, year in (
        ("发文字号年份", _NUMBER_YEAR.search(document.doc_number)),
        ("标题年份", _TITLE_YEAR.search(document.title)),
    ):
        if year:
            return min(date(read_number(year.group(1)), 12, 31), today), how
    if document.source.modified is not None:
        return min(document.source.modified, today), "文件属性"
    return today, "今天"
