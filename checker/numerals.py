"""Numbers and dates as Chinese documents write them: 第二十三, （三）, 二〇二四年, 5个工作日."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
NUMERAL_CHARS = "0-9〇零一二三四五六七八九十百千两"
_CIRCLED = {c: i for i, c in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1)}
_BRACKETED = {c: i for i, c in enumerate("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", 1)} | {
    c: i for i, c in enumerate("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", 1)
}


@lru_cache(maxsize=4096)
def read_number(text: str) -> int:
    """Value of a Chinese or Arabic numeral (二十三, 二〇二四, 1203, ①, ㈠); 0 for what is none."""
    if not text:
        return 0
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) == 1 and (text in _CIRCLED or text in _BRACKETED):
        return _CIRCLED.get(text) or _BRACKETED[text]
    if not any(c in _UNITS or c in _BIG for c in text):
        digits = [_DIGITS.get(c, int(c) if c.isascii() and c.isdigit() else -1) for c in text]
        return 0 if -1 in digits else int("".join(map(str, digits)))
    return _read_with_units(text)


def _read_with_units(text: str) -> int:
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c.isascii() and c.isdigit():
            digit = digit * 10 + int(c)
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit = 0
        elif c in _BIG:
            part = section + digit or 1
            total = (total + part) * _BIG[c] if c == "亿" and total else total + part * _BIG[c]
            section = digit = 0
        else:
            return 0
    return total + section + digit


def chinese_number(number: int) -> str:
    """Chinese numeral of a non-negative integer below 10,000: 23 -> 二十三, 105 -> 一百零五."""
    if number < 0 or number >= 10_000:
        return str(number)
    if number < 10:
        return "〇一二三四五六七八九"[number]
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if gap else "") + "〇一二三四五六七八九"[digit] + name
            gap = False
        elif out and number:
            gap = True
    return out[1:] if out.startswith("一十") else out


_DATE = re.compile(
    r"(?P<y>[12][0-9]{3}|[一二][〇零○一二三四五六七八九]{3})\s*[年./-]\s*"
    r"(?P<m>[01]?[0-9]|[一二三四五六七八九十]{1,3})\s*[月./-]\s*"
    r"(?P<d>[0-3]?[0-9]|[一二三四五六七八九十]{1,3})\s*日?"
)


def read_date(text: str) -> date | None:
    """First calendar date in the text (2024年3月1日, 二〇二四年三月一日, 2024-03-01), or None."""
    for m in _DATE.finditer(text):
        try:
            return date(read_number(m["y"]), read_number(m["m"]), read_number(m["d"]))
        except ValueError:
            continue
    return None


def find_dates(text: str) -> list[tuple[int, int, date]]:
    """Every calendar date with its start and end (code points)."""
    found = []
    for m in _DATE.finditer(text):
        try:
            day = date(read_number(m["y"]), read_number(m["m"]), read_number(m["d"]))
        except ValueError:
            continue
        found.append((m.start(), m.end(), day))
    return found


_AMOUNT = re.compile(rf"(?P<n>[{NUMERAL_CHARS}万亿.，]+?)(?P<u>万亿|亿|万)?元")
_PERCENT = re.compile(rf"(?P<a>[0-9.]+)\s*[%％]|百分之(?P<b>[{NUMERAL_CHARS}点]+)")


def read_amount(text: str) -> float | None:
    """First sum of money in yuan (五千元, 1.5万元, 1,000元), or None."""
    m = _AMOUNT.search(text)
    if m is None:
        return None
    scale = {"万": 1e4, "亿": 1e8, "万亿": 1e12}.get(m["u"] or "", 1.0)
    return _decimal(m["n"].replace("，", "")) * scale


def read_percent(text: str) -> float | None:
    """First share as a fraction (10% and 百分之十 -> 0.1), or None."""
    m = _PERCENT.search(text)
    if m is None:
        return None
    return _decimal(m["a"] or m["b"]) / 100


def _decimal(text: str) -> float:
    whole, _, rest = text.replace("点", ".").partition(".")
    value = float(read_number(whole))
    if rest:
        digits = str(read_number(rest)).zfill(len(rest))
        value += int(digits) / 10 ** len(digits)
    return value
