"""Statement: dossier.yaml, in which the people who hand in a dossier state or correct its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from checker.faults import Place, declared_in, nearest
from checker.numerals import read_date

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
