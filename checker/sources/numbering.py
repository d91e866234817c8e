"""Word's automatic numbering, counted again: labels 第一条, 一、, （一）, 1.2 that no run holds.

Follows ECMA-376 Part 1, 17.9 (abstractNum, num, lvlOverride, lvlRestart, isLgl, suff).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checker.numerals import chinese_number

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_SUFFIXES = {"tab": "\t", "space": " ", "nothing": ""}
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    suffix: str = "\t"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    """One ``w:num``: its abstract list and what it overrides."""

    abstract: str
    starts: dict[int, int]
    levels: dict[int, Level]


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, Level]
    style_link: str = ""
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The lists of one document with their running counts; paragraphs must come in order."""

    def __init__(self, root: Any | None, list_styles: dict[str, str] | None = None) -> None:
        """``list_styles`` leads from a numbering style to its num, for ``w:numStyleLink``."""
        self._abstracts: dict[str, _Abstract] = {}
        self._lists: dict[str, _List] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        for node in root.iterfind(f"{_W}abstractNum"):
            link = node.find(f"{_W}numStyleLink")
            self._abstracts[node.get(f"{_W}abstractNumId", "")] = _Abstract(
                dict(_levels(node)), "" if link is None else link.get(_VAL, "")
            )
        for node in root.iterfind(f"{_W}num"):
            self._lists[node.get(f"{_W}numId", "")] = _read_list(node)
        self._follow_links(list_styles or {})

    def _follow_links(self, list_styles: dict[str, str]) -> None:
        for numbered in self._lists.values():
            abstract = self._abstracts.get(numbered.abstract)
            if abstract is not None and abstract.style_link and not abstract.levels:
                target = self._lists.get(list_styles.get(abstract.style_link, ""))
                if target is not None:
                    numbered.abstract = target.abstract

    def level_of_style(self, number: str, style: str) -> int | None:
        """The level of a list that belongs to a paragraph style, if one does."""
        numbered = self._lists.get(number)
        abstract = self._abstracts.get(numbered.abstract) if numbered else None
        if numbered is None or abstract is None:
            return None
        levels = abstract.levels | numbered.levels
        return next((i for i, level in sorted(levels.items()) if level.style == style), None)

    def label(self, number: str, level: int) -> str:
        """The label, with what parts it from the words, of the next paragraph at that level.

        Empty for bullets and for lists that the document does not define.
        """
        numbered = self._lists.get(number)
        abstract = self._abstracts.get(numbered.abstract) if numbered else None
        if numbered is None or abstract is None or not 0 <= level < _LEVELS:
            return ""
        levels = abstract.levels | numbered.levels
        shape = levels.get(level)
        if shape is None:
            return ""
        self._count(abstract, numbered, number, level, levels)
        if shape.format == "bullet" or not shape.pattern:
            return ""
        text = _PLACE.sub(
            lambda m: self._value(m, shape, levels, abstract, numbered), shape.pattern
        )
        return text + shape.suffix if text.strip() else ""

    def _count(
        self,
        abstract: _Abstract,
        numbered: _List,
        number: str,
        level: int,
        levels: dict[int, Level],
    ) -> None:
        counts = abstract.counts
        if number not in self._begun:
            self._begun.add(number)
            for i in numbered.starts:
                counts[i] = None
        count = counts[level]
        counts[level] = _start(levels, numbered, level) if count is None else count + 1
        for deeper in range(level + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                counts[deeper] = None

    @staticmethod
    def _value(
        m: re.Match[str],
        shape: Level,
        levels: dict[int, Level],
        abstract: _Abstract,
        numbered: _List,
    ) -> str:
        i = int(m[1]) - 1
        count = abstract.counts[i]
        if count is None:
            count = _start(levels, numbered, i)
        kind = levels[i].format if i in levels else "decimal"
        return format_number(count, "decimal" if shape.legal else kind)


def _start(levels: dict[int, Level], numbered: _List, level: int) -> int:
    return numbered.starts.get(level, levels[level].start if level in levels else 1)


def _read_list(node: Any) -> _List:
    abstract = node.find(f"{_W}abstractNumId")
    starts: dict[int, int] = {}
    levels: dict[int, Level] = {}
    for override in node.iterfind(f"{_W}lvlOverride"):
        levels.update(_levels(override))
        start = override.find(f"{_W}startOverride")
        if start is not None and 0 <= (i := _integer(override.get(f"{_W}ilvl"), 0)) < _LEVELS:
            starts[i] = _integer(start.get(_VAL), 1)
    return _List("" if abstract is None else abstract.get(_VAL, ""), starts, levels)


def _levels(node: Any) -> Iterator[tuple[int, Level]]:
    for level in node.iterfind(f"{_W}lvl"):
        found: dict[str, Any] = {}
        for child in level.iter(*_FIELDS):
            # Of two alternatives (001, 002 … or decimal) the first is the better one.
            found.setdefault(child.tag, child)
        values = {tag: child.get(_VAL, "") for tag, child in found.items()}
        restart, legal = values.get(f"{_W}lvlRestart"), values.get(f"{_W}isLgl", "0")
        custom = found[f"{_W}numFmt"].get(f"{_W}format", "") if f"{_W}numFmt" in found else ""
        yield (
            _integer(level.get(f"{_W}ilvl"), 0),
            Level(
                start=_integer(values.get(f"{_W}start"), 1),
                format=custom or values.get(f"{_W}numFmt", "decimal"),
                pattern=values.get(f"{_W}lvlText", ""),
                suffix=_SUFFIXES.get(values.get(f"{_W}suff", "tab"), "\t"),
                restart=None if restart is None else _integer(restart, 0),
                legal=legal not in ("0", "false", "off"),
                style=values.get(f"{_W}pStyle", ""),
            ),
        )


_FIELDS = tuple(
    _W + word for word in ("start", "numFmt", "lvlText", "suff", "lvlRestart", "isLgl", "pStyle")
)


def _integer(text: str | None, default: int) -> int:
    try:
        return min(int(text), 2**31) if text is not None else default
    except ValueError:
        return default


_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("〇一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DIGITWISE = frozenset(
    ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2")
)
_COUNTED = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "koreanCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    )
)
_FORMAL_KINDS = frozenset(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"))
_SEQUENCES = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
}


def format_number(number: int, kind: str) -> str:
    """A list number as ``w:numFmt`` of that kind shows it; unknown kinds count in decimal."""
    if kind in _DIGITWISE:
        return str(number).translate(_DIGITS)
    if kind in _COUNTED:
        return chinese_number(number)
    if kind in _FORMAL_KINDS:
        return chinese_number(number).translate(_FORMAL)
    if kind in _SEQUENCES:
        sequence = _SEQUENCES[kind]
        return sequence[number - 1] if 0 < number <= len(sequence) else str(number)
    if kind in ("lowerLetter", "upperLetter"):
        return _letters(number, "a" if kind == "lowerLetter" else "A")
    if kind in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if kind == "lowerRoman" else roman.upper()
    if kind in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(_FULL_WIDTH)
    if kind == "decimalZero":
        return str(number).zfill(2)
    if padded := re.match("0+1", kind):
        return str(number).zfill(len(padded[0]))
    if kind == "numberInDash":
        return f"- {number} -"
    return "" if kind == "none" else str(number)


def _letters(number: int, first: str) -> str:
    """a … z, aa, bb …, as Word counts on after z."""
    if not 0 < number <= 780:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out
