"""Places: what each province and city asks of normative documents, by day, as data.

``rulesets/local/<place>/place.yaml`` holds the figures of one place (days, working days, years) with
the law and article of each, the days between which it is in force, and whether the article was read.
A city falls back to its province, a province to the national rules (全国).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from checker.cache import read_cache, write_cache
from checker.document import Document
from checker.findings import Basis
from checker.resources import resource

#: What a value is about. ``*_days`` of comment, effect, hearing notice, review_days_min and adaptation
#: are lower limits, the others upper ones; validity_default is what applies where none is written.
Kind = Literal[
    "comment_days",
    "comment_days_floor",
    "hearing_notice_days",
    "review_days_min",
    "review_days_max",
    "review_days_extend",
    "register_days",
    "unified_number",
    "publish_days",
    "effect_days",
    "adaptation_days",
    "validity_required",
    "validity_min",
    "validity_max",
    "validity_hard_max",
    "validity_default",
    "trial_min",
    "trial_max",
    "notice_max",
    "evaluate_months",
    "cleanup_years",
    "filing_days",
    "filing_review_days",
    "supplement_days",
    "reply_days",
    "citizen_review_days",
    "npc_filing_days",
    "npc_reply_days",
    "npc_supplement_days",
]
Unit = Literal["日", "工作日", "月", "年", "要求"]
#: What a value applies to: ordinary normative documents unless it says otherwise.
Matter = Literal["规范性文件", "规章", "涉企", "重大决策"]
NATION = "全国"
#: Grows with every change of the cached form.
_FORMAT = 1


class UnknownPlace(ValueError):
    """There are no rules of a place of that name; the message offers the nearest one."""


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """One figure of one place: ``value`` in ``unit``, asked by ``law`` (``at`` its article).

    ``verified`` says whether the article was read and known to be in force on the day asked for; what
    is not verified may only be a hint. ``place`` is the name of the place whose rule it is.
    """

    place: str
    kind: str
    value: int
    unit: str
    law: str
    number: str = ""
    at: str = ""
    start: date | None = None
    end: date | None = None
    verified: bool = False
    matter: str = "规范性文件"
    note: str = ""
    seen: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the rule is in force on that day (both ends included)."""
        return self.basis.in_force(day)

    def verified_on(self, day: date) -> bool:
        """Whether the text was read and is known to have been in force on that day."""
        return self.verified and self.start is not None and (self.seen is None or day <= self.seen)

    @property
    def basis(self) -> Basis:
        """The provision of law it rests on."""
        return Basis(self.law, self.at, self.number, self.start, self.end)

    def __str__(self) -> str:
        return str(self.value) + {"日": "日", "月": "个月"}.get(self.unit, self.unit)


@dataclass(frozen=True, slots=True)
class Place:
    """A province or city with its figures; ``above`` is the place it falls back to."""

    name: str
    rules: tuple[PlaceRule, ...]
    above: Place | None = None

    @property
    def province(self) -> str:
        """Short name of the province: its own, or that of the city's province."""
        return self.above.name if self.above and self.above.name != NATION else self.name

    def value(self, kind: Kind, on: date, matter: Matter = "规范性文件") -> PlaceRule | None:
        """The figure in force on a day; None where neither place, province nor nation has one.

        Between a city and its province one whose text was read comes first, then the nearer place,
        then the later law; the national rule only where both are silent.
        """
        found = list(self._own(kind, on, matter))
        return min(found, key=lambda r: (r.place == NATION, not r.verified), default=None)

    def _own(self, kind: str, on: date, matter: str) -> Iterator[PlaceRule]:
        """Rules of the kind in force on the day, nearest place and latest law first."""
        own = [r for r in self.rules if r.kind == kind and r.matter == matter and r.in_force(on)]
        for rule in sorted(own, key=lambda rule: rule.start or date.min, reverse=True):
            yield replace(rule, verified=rule.verified_on(on))
        if self.above is not None:
            yield from self.above._own(kind, on, matter)


def place(name: str) -> Place:
    """The place of a name: 上海, 内蒙古自治区, 厦门, 长沙市 (whose rules are those of 湖南).

    Raises UnknownPlace, DeclarationError.
    """
    known, areas = _places(), _areas()
    name = name.strip()
    found = name if name in known else areas.get(name) or areas.get(f"{name}市")
    if found is None:
        from checker.faults import nearest

        raise UnknownPlace(f"没有“{name}”这个地方{nearest(name, known)}")
    return known[found]


def places() -> tuple[Place, ...]:
    """Every place that has rules, by name, the national rules among them."""
    return tuple(_places().values())


_SUFFIX = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
#: Between 《 and the name of a local law's place nothing stands.
_CITED = re.compile(r"[《〈]([^《》〈〉\n]{2,30})")
#: How far into a title the name of a place may begin: 中共……、关于印发《……
_PREFACE = re.compile(r"^(?:中共|关于|印发|公布|修改|废止|[《“〈（]|\s)*")


def place_of(document: Document) -> Place | None:
    """The place whose rules apply to a document, or None.

    Told by the place that the profile gives, else by the name of the issuer, else by the beginning of
    the title, else by the local laws that the text cites where all are of one province. Documents of
    the State Council and its departments belong to no place.
    """
    if document.place:
        return place(document.place)
    if document.issuer.level in ("国家", "部委"):
        return None
    for text in (document.issuer.name, document.title):
        found = _leading(_PREFACE.sub("", text)) if text else ""
        if found:
            return _places()[found]
    cited = {
        _places()[found].province
        for m in _CITED.finditer(document.source.shadow)
        if (found := _leading(m[1]))
    }
    return _places()[cited.pop()] if len(cited) == 1 else None


def place_at(text: str) -> Place | None:
    """The place whose name a text begins with, such as the name of a local law; None without one."""
    found = _leading(text)
    return _places()[found] if found else None


def _leading(text: str) -> str:
    """The place whose name a text begins with: 长沙市…… -> 湖南, 广东省广州市…… -> 广州, else empty."""
    areas = _areas()
    found, at = "", 0
    while True:
        ends = [
            n for n in range(min(_LONGEST, len(text) - at), 1, -1) if text[at : at + n] in areas
        ]
        if not ends:
            return found
        inner = areas[text[at : at + ends[0]]]
        if found and _places()[inner].province != found:
            return found
        found, at = inner, at + ends[0]


#: Characters of the longest name of an area.
_LONGEST = 16


@cache
def _areas() -> dict[str, str]:
    """Name of a province, prefecture or county -> the place whose rules it has.

    Of counties only the names that one place has (bench/places.py makes the file).
    """
    tree: dict[str, dict[str, list[str]]] = json.loads(
        resource("rulesets", "areas.json").read_text("utf-8")
    )
    found: dict[str, set[str]] = {}
    for state, inside in tree.items():
        province = _SUFFIX.sub("", state)
        found[state], found[province] = {province}, {province}
        for city, counties in inside.items():
            short = city.removesuffix("市")
            home = short if short in _places() else province
            for name in (city, *counties):
                found.setdefault(name, set()).add(home)
    del found[""]
    return {name: homes.pop() for name, homes in found.items() if len(homes) == 1}


@dataclass(frozen=True, slots=True)
class _WrittenValue:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    kind: Kind
    value: int
    unit: Unit
    at: str = ""
    of: Matter = "规范性文件"
    note: str = ""


@dataclass(frozen=True, slots=True)
class _WrittenLaw:
    """``seen``: the last day on which the text that was read is known to have been in force."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: {"start": "from", "end": "to"}.get(name, name),
    }
    law: str
    verified: bool
    values: tuple[_WrittenValue, ...]
    number: str = ""
    start: date | None = None
    end: date | None = None
    seen: date | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    name: str
    laws: tuple[_WrittenLaw, ...]
    province: str = ""


def read_place(path: Path) -> tuple[str, str, tuple[PlaceRule, ...]]:
    """Name, province (of a city) and figures of a place file. Raises DeclarationError."""
    from checker.faults import DeclarationError, read_declared

    declared = read_declared(path, _Written, name=f"{path.parent.name}/{path.name}")
    written = declared.value
    faults = []
    if written.name != path.parent.name:
        faults.append(declared.fault(f"“{written.name}”与文件夹“{path.parent.name}”不一致", "name"))
    for i, law in enumerate(written.laws):
        if law.start and law.end and law.end < law.start:
            faults.append(declared.fault("止日早于起日", "laws", i, "to"))
    if faults:
        raise DeclarationError(faults)
    rules = tuple(
        PlaceRule(
            written.name, value.kind, value.value, value.unit, law.law, law.number, value.at,
            law.start, law.end, law.verified, value.of, value.note, law.seen,
        )
        for law in written.laws
        for value in law.values
    )  # fmt: skip
    return written.name, written.province, rules


@cache
def _places() -> dict[str, Place]:
    files = sorted(resource("rulesets", "local").glob("*/place.yaml"))
    content = b"\0".join(path.read_bytes() for path in files)
    version = hashlib.sha256(f"{_FORMAT}\n".encode() + content).hexdigest()[:12]
    rows = read_cache("places", version)
    try:
        return _linked(_load(rows))
    except (ValueError, KeyError, TypeError):
        read = [read_place(path) for path in files]
        write_cache("places", version, [_dump(*row) for row in read])
        return _linked(read)


def _linked(read: list[tuple[str, str, tuple[PlaceRule, ...]]]) -> dict[str, Place]:
    """Places by name, each with the one above it; raises KeyError for an unknown province."""
    by_name = {name: (province, rules) for name, province, rules in read}
    made = {NATION: Place(NATION, by_name[NATION][1])}
    for name, (province, rules) in sorted(by_name.items(), key=lambda item: bool(item[1][0])):
        if name != NATION:
            made[name] = Place(name, rules, made[province or NATION])
    return dict(sorted(made.items()))


_DAYS = [PlaceRule.__slots__.index(name) for name in ("start", "end", "seen")]


def _dump(name: str, province: str, rules: tuple[PlaceRule, ...]) -> list[Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return [
        name,
        province,
        [[plain(getattr(rule, f)) for f in PlaceRule.__slots__] for rule in rules],
    ]


def _load(rows: Any) -> list[tuple[str, str, tuple[PlaceRule, ...]]]:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    def rule(row: list[Any]) -> PlaceRule:
        start, end, seen = (day(row[i]) for i in _DAYS)
        return replace(PlaceRule(*row), start=start, end=end, seen=seen)

    return [(name, province, tuple(map(rule, rules))) for name, province, rules in rows]


KINDS: tuple[str, ...] = get_args(Kind)
