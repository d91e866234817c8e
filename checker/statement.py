"""Statement: dossier.yaml, in which the people who hand in a dossier state or correct its facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from checker.faults import Place, declared_in, nearest
from checker.materials import Material
from checker.numerals import read_date
from checker.places import NATION, UnknownPlace, place

STATEMENT = "dossier.yaml"
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class StatedMaterial:
    """What dossier.yaml says of one material.

    ``none`` is the reason why there is none; without ``file`` the words hold for the material of
    that role wherever it is kept. ``received`` is the day a review began.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: "date" if name == "day" else name,
    }
    role: str
    file: str = ""
    day: date | None = None
    received: date | None = None
    start: date | None = None
    end: date | None = None
    days: int = 0
    conclusion: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What dossier.yaml says of the whole.

    ``urgent`` and ``secret`` hold the reason; ``filed`` says whether the document is issued and
    handed in for filing; ``also`` names materials that the place or the case requires besides.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    name: str = ""
    place: str = ""
    issued: date | None = None
    market: bool | None = None
    filed: bool | None = None
    major: bool = False
    urgent: str = ""
    secret: str = ""
    also: tuple[str, ...] = ()
    materials: tuple[StatedMaterial, ...] = ()

    def says(self, circumstance: str) -> bool | None:
        """What is stated about a circumstance; None where nothing is."""
        value = getattr(self, circumstance, None)
        return value if isinstance(value, bool) else None


def read_facts(data: bytes, name: str, names: tuple[str, ...], roles: tuple[str, ...]) -> Facts:
    """The facts in the bytes of a dossier.yaml.

    ``names`` are the files of the dossier, ``roles`` those a material may have. Raises
    DeclarationError with every fault.
    """

    def wrong(whole: object) -> Iterator[tuple[Place, str]]:
        if not isinstance(whole, dict):
            return
        also, entries = whole.get("also"), whole.get("materials")
        try:
            place(str(whole.get("place") or NATION))
        except UnknownPlace as fault:
            yield ("place",), str(fault)
        for i, role in enumerate(also if isinstance(also, list) else ()):
            if role not in roles:
                yield ("also", i), f"没有“{role}”这种材料{nearest(str(role), roles)}"
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                for key, message in _wrong_entry(entry, names, roles):
                    yield ("materials", i, key), message

    return declared_in(data, Facts, wrong, name=name).value


def _wrong_entry(
    entry: Mapping[str, object], names: tuple[str, ...], roles: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What is wrong with one material of dossier.yaml that its types do not show."""
    role, file = entry.get("role"), entry.get("file")
    start, end = (read_date(str(entry.get(key, ""))) for key in ("start", "end"))
    if isinstance(role, str) and role not in roles:
        yield "role", f"没有“{role}”这种材料{nearest(role, roles)}"
    if isinstance(file, str) and file not in names:
        yield "file", f"卷宗里没有文件“{file}”{nearest(file, names)}"
    if start and end and end < start:
        yield "end", f"截止日 {end} 早于起始日 {start}"
    if entry.get("none") and file:
        yield "none", "既写了文件又写了没有这种材料的理由，请留其一"


def statement_of(
    materials: Iterable[Material], name: str, unreadable: Iterable[tuple[str, str]]
) -> str:
    """A dossier.yaml that states what was recognised, for people to correct.

    Each material carries, as a comment, how sure its recognition is and why; a file that could not
    be read is named in a comment. Reading it back gives the same materials.
    """
    lines = [
        "# 由 checker dossier init 按识别结果写出，请逐项核对；改过的以这里为准，不需要的行可以删去。",
        "# 还可以写：place 地方、issued 印发日期、market 是否涉及经营者、filed 是否已印发报备、major 是否",
        "# 重大行政决策、urgent 应急理由、secret 保密理由、also 本地另外要求的材料。",
        f"name: {_quoted(name)}",
        "materials:",
    ]
    for material in materials:
        if not material.name:
            continue
        doubt = "，请核对" if material.confidence < _SURE else ""
        why = "；".join(material.evidence) or "没有认出是哪种材料"
        lines.append(f"  # 把握 {material.confidence:.0%}{doubt}：{_one_line(why)}")
        lines.append(f"  - role: {material.role}")
        lines += [f"    {key}: {value}" for key, value in _stated(material)]
    lines += [f"  # 未能读取，未列入：{_one_line(f'{n}（{why}）')}" for n, why in unreadable]
    return "\n".join(lines) + "\n"


#: Below this share of points a person should look.
_SURE = 0.5


def _stated(material: Material) -> Iterator[tuple[str, str]]:
    yield "file", _quoted(material.name)
    dates = material.dates
    days = (
        ("date", dates.day),
        ("received", dates.received),
        ("start", dates.start),
        ("end", dates.last),
    )
    period = dates.start is not None
    for key, day in days:
        if day is not None and (key != "end" or period) and (key != "start" or dates.last):
            yield key, day.isoformat()
    if material.conclusion:
        yield "conclusion", _quoted(material.conclusion)


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes, which are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
