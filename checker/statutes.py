"""Statutes: the register of laws with their versions, and the rank of a law by its name.

The register (rulesets/statutes/register.tsv, made by :mod:`checker.register`) says which version of
a law was in force on a day and how many articles it had. It is read on first use, row by row.
Sources: 立法法 on who may make what; 行政法规制定程序条例 and 规章制定程序条例 on names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from checker.resources import resource

#: Ranks from the highest down; the order is that of 立法法第九十八条 ff.
RANKS = ("宪法", "法律", "行政法规", "国务院文件", "地方性法规", "规章", "规范性文件")
_RANK_OF = {
    "有关法律问题的决定": "法律",
    "监察法规": "行政法规",
    "部门规章": "规章",
    "部门规范性文件": "规范性文件",
    "党内法规": "",
    "司法解释": "",
}


_LISTED_SINCE = 2000


class Standing(StrEnum):
    """Whether a law is in force on a day; UNKNOWN where the register cannot tell."""

    IN_FORCE = "有效"
    REPEALED = "已废止"
    NOT_YET = "尚未施行"
    UNKNOWN = "不明"


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a law: days of promulgation, effect and end (last day in force).

    ``articles`` is the number of its last article, 0 where it is not known; ``inserted`` holds
    (120, 1) for 第一百二十条之一 where they are known. ``assumed``: the day of effect was set to the
    day of promulgation because no source gives it.
    """

    promulgated: date | None
    effective: date | None
    ended: date | None
    articles: int = 0
    number: str = ""
    assumed: bool = False
    inserted: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Statute:
    """One law. ``sure`` says how far its count of articles can be trusted: 2 two sources, 1 one
    source without gaps, 0 neither; ``checked`` is the day up to which its status was looked at,
    None where it rests on memory. ``repealed`` is the first day on which it is no longer in force.
    """

    name: str
    rank: str
    kind: str
    region: str
    number: str
    status: str
    repealed: date | None
    replaced_by: tuple[str, ...]
    sure: int
    checked: date | None
    versions: tuple[Version, ...]

    @property
    def order(self) -> str:
        """Its rank in the order of :data:`RANKS`, empty for what stands outside it."""
        return _RANK_OF.get(self.rank, self.rank)

    def version(self, day: date) -> Version | None:
        """The text in force on the day, or the last one that had been; None before the first."""
        known = [v for v in self.versions if v.effective is not None]
        at = bisect_right([v.effective for v in known], day)  # type: ignore[type-var]
        return known[at - 1] if at else None

    def standing(self, day: date) -> Standing:
        """Whether it is in force on the day."""
        if self.repealed is not None and self.repealed <= day:
            return Standing.REPEALED
        version = self.version(day)
        if version is None:
            return self._without_version(day)
        if self.status != "已废止" or (self.repealed is not None and day < self.repealed):
            return Standing.IN_FORCE
        if version.ended is not None:
            return Standing.IN_FORCE if day <= version.ended else Standing.REPEALED
        late = self.checked is not None and self.checked <= day
        return Standing.REPEALED if late else Standing.UNKNOWN

    def _without_version(self, day: date) -> Standing:
        first = next((v.effective or v.promulgated for v in self.versions), None)
        if first is not None and day < first:
            return Standing.NOT_YET if self._is_new(day) else Standing.UNKNOWN
        if self.status == "有效":
            return Standing.IN_FORCE
        if self.repealed is not None:
            return Standing.IN_FORCE if day < self.repealed else Standing.REPEALED
        return Standing.REPEALED if self.status == "已废止" else Standing.UNKNOWN

    def _is_new(self, day: date) -> bool:
        """Whether no older act of the name can have been in force before the first known text.

        Older texts of laws are listed since 2000; of other acts only a promulgated text is certain.
        """
        made = self.versions[0].promulgated
        if made is None:
            return False
        return made <= day or (self.rank == "法律" and made.year >= _LISTED_SINCE)

    def has_article(self, article: int, branch: int, day: date) -> bool | None:
        """Whether the text in force on the day has 第N条(之M); None where that is not known."""
        version = self.version(day)
        if version is None or not version.articles:
            return None
        if article > version.articles:
            return False
        if branch:
            return (article, branch) in version.inserted if version.inserted else None
        return True

    def numbers(self) -> frozenset[str]:
        """Every order or document number that its texts bear, in the form of :func:`plain_number`."""
        return frozenset(filter(None, (self.number, *(v.number for v in self.versions))))


_MARKS = str.maketrans("", "", "《》〈〉<>“”\"'、，,·．. \t\n\r\u3000")
_FULL = str.maketrans("()[]【】〇", "（）〔〕〔〕〇")


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """A name without marks, spaces and 中华人民共和国, as the register is searched by."""
    return name.translate(_MARKS).translate(_FULL).replace("中华人民共和国", "")


@lru_cache(maxsize=8192)
def plain_number(number: str) -> str:
    """A document or order number in one form: 国办发〔2018〕37号, 国务院令第722号."""
    bare = re.sub(r"\s", "", number).translate(_FULL).strip("（）")
    bare = re.sub(r"[（〔](\d{4})年?[）〕]", r"〔\1〕", bare)
    bare = re.sub(r"号(?:文件|文)$", "号", bare).replace("中华人民共和国", "")
    bare = re.sub(r"〕第(?=\d)", "〕", bare)
    return re.sub(r"令(?=\d)", "令第", bare).removeprefix("原")


@dataclass(frozen=True, eq=False)
class Register:
    """The register of laws: ``as_of`` is the day it was made for, ``size`` the number of laws."""

    as_of: date
    size: int
    _rows: tuple[str, ...]
    _names: dict[str, int]

    def find(self, name: str, number: str = "") -> Statute | None:
        """The law of a full or short name, else of a number; None where the register has none."""
        key = plain_name(name)
        row = self._names.get(key) if key else None
        if row is None and key:
            row = self._names.get(_TAIL.sub("", key))
        if row is None and number:
            row = self._numbered(plain_number(number))
        return None if row is None else _statute(self._rows[row])

    def has_name(self, name: str) -> bool:
        """Whether a law has this name or short name."""
        return plain_name(name) in self._names

    def nearest(self, name: str, most: int = 3) -> tuple[str, ...]:
        """Names closest to an unknown one, the closest first."""
        from difflib import get_close_matches

        return tuple(get_close_matches(plain_name(name), self.national_names(), n=most, cutoff=0.7))

    def national_names(self) -> tuple[str, ...]:
        """Names of all laws, regulations and rules that are not local, without 中华人民共和国."""
        rows = (row.split("\t", 4) for row in self._rows)
        return tuple(plain_name(name) for _, name, rank, _, _ in rows if rank != "地方性法规")

    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many laws of each rank it holds, in the order in which they first stand there."""
        found: dict[str, int] = {}
        for row in self._rows:
            rank = row.split("\t", 3)[2]
            found[rank] = found.get(rank, 0) + 1
        return tuple(found.items())

    @lru_cache(maxsize=4096)  # noqa: B019 - one register lives as long as the process
    def _numbered(self, number: str) -> int | None:
        """Row of an order or document number; one that two laws bear names the first."""
        rows = enumerate(self._rows)
        return next((i for i, r in rows if number in r and number in _NUMBER.findall(r)), None)


#: 《治安管理处罚法（2012年修正）》, 《…（修订）》: the bracket is no part of the name.
_TAIL = re.compile(r"（(?:\d{4}年?)?(?:第.次)?(?:新?修订|修正|修改)?(?:版|本)?）$")
_NUMBER = re.compile(r"(?<=[\t,])[^\t,;|]+号(?=[\t,])")


@cache
def register_coverage() -> tuple[date, int]:
    """The day of the register and how many laws it holds, without reading them."""
    with resource("rulesets", "statutes", "register.tsv").open(encoding="utf-8") as file:
        _, day, size = file.readline().split("\t")
    return date.fromisoformat(day), int(size)


@cache
def register() -> Register:
    """The register that ships with the rules. Raises FileNotFoundError where it is missing."""
    return read_register(resource("rulesets", "statutes", "register.tsv").read_text("utf-8"))


def read_register(text: str) -> Register:
    """A register from its file text; the first line gives its day."""
    head, *rows = text.rstrip("\n").split("\n")
    names: dict[str, int] = {}
    for index, row in enumerate(rows):
        for key in row[: row.index("\t")].split("|"):
            names.setdefault(key, index)
    return Register(date.fromisoformat(head.split("\t")[1]), len(rows), tuple(rows), names)


@lru_cache(maxsize=4096)
def _statute(row: str) -> Statute:
    _, name, rank, kind, region, number, status, repealed, by, sure, checked, texts = row.split(
        "\t"
    )
    return Statute(
        name,
        rank,
        kind,
        region,
        number,
        status,
        _day(repealed),
        tuple(filter(None, by.split("|"))),
        int(sure),
        _day(checked),
        tuple(_version(text) for text in texts.split(";") if text),
    )


def _version(text: str) -> Version:
    promulgated, effective, ended, articles, number, assumed, inserted = text.split(",")
    pairs = (pair.split("-") for pair in inserted.split())
    return Version(
        _day(promulgated),
        _day(effective),
        _day(ended),
        int(articles or 0),
        number,
        bool(assumed),
        frozenset((int(a), int(b)) for a, b in pairs),
    )


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None


_PLACE = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|自治州|州|县|区|特区)|北京|天津|上海|重庆|内蒙古|广西|西藏|宁夏|新疆)"
)
_LAW = re.compile(r"(?:法|法典|刑法修正案（.+）)$")
_NO_LAW = re.compile(
    r"(?:办法|书|证|表|合同|协议|方法|执照|许可证|手册|名录|目录|报告|说法|做法|用法|指南|清单|公报|通报|日报)$"
)
_STATE = re.compile(r"^(?:国务院|中共中央)")
_RULES = re.compile(r"(?:办法|规定|规则|细则|规程)(?:（.+）)?$")
_NORMATIVE = re.compile(
    r"(?:通知|意见|方案|措施|决定|通告|公告|批复|函|规划|指导意见|工作要点)(?:（.+）)?$"
)


@lru_cache(maxsize=8192)
def rank_of(name: str, number: str = "") -> str:
    """Rank of a law by its full or short name and its document number; "" when it is no law.

    The register decides where it knows the name. Else 《…法》 is 法律, 《…条例》 行政法规 or, with a
    place, 地方性法规; 国发 and 国办发 are 国务院文件; a document number 〔年〕N号 otherwise means
    规范性文件; 办法、规定 without one are taken as 规章.
    """
    known = register().find(name) if len(name) > 1 else None
    if known is not None and known.order:
        return known.order
    bare = name.replace("中华人民共和国", "").strip("〈〉 ")
    if bare == "宪法":
        return "宪法"
    if re.search(r"国(?:办)?发(?:明电)?〔", number) or (
        _STATE.match(bare) and _NORMATIVE.search(bare)
    ):
        return "国务院文件"
    if "国务院令" in number:
        return "行政法规"
    if re.search(r"令第?\d+号", number):
        return "规章"
    if "〔" in number:
        return "规范性文件"
    return _rank_by_title(bare, bool(_PLACE.match(bare)))


def _rank_by_title(bare: str, local: bool) -> str:
    if not bare or (_NO_LAW.search(bare) and not bare.endswith("办法")):
        return ""
    if re.search(r"条例(?:（.+）)?$|法实施细则$|实施条例$", bare):
        return "地方性法规" if local else "行政法规"
    if re.search(r"实施.*法.*办法$|〈.+法〉办法$", bare) and local:
        return "地方性法规"
    if _LAW.search(bare) and not bare.endswith("办法"):
        return "法律"
    if _STATE.match(bare):
        return "行政法规"
    if _RULES.search(bare):
        return "规章"
    if _NORMATIVE.search(bare):
        return "规范性文件"
    return ""
