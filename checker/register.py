"""Register: build the register of laws from a table of facts (JSON Lines, one law a line).

Fields of a line: name, short, rank, kind, region, doc_number, status, repealed_on, replaced_by,
versions (promulgated, effective, effective_basis, doc_number, articles, in_force_until,
inserted_articles) and verified (articles, status, status_as_of). Names and numbers only, no text.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checker.faults import DeclarationError, Fault
from checker.statutes import plain_name, plain_number


class _Facts(BaseModel):
    model_config = ConfigDict(extra="ignore")


class VersionFacts(_Facts):
    """One text of a law; days as ISO dates, ``in_force_until`` the last day in force."""

    promulgated: datetime.date | None = None
    effective: datetime.date | None = None
    effective_basis: str | None = None
    doc_number: str | None = None
    articles: int | None = None
    in_force_until: datetime.date | None = None
    inserted_articles: list[str] = Field(default_factory=list)


class Verified(_Facts):
    """How the facts were checked."""

    articles: str | None = None
    status: str | None = None
    status_as_of: datetime.date | None = None


class StatuteFacts(_Facts):
    """One law."""

    name: str = Field(min_length=2)
    short: list[str] = Field(default_factory=list)
    rank: str
    kind: str = ""
    region: str = ""
    doc_number: str | None = None
    status: str
    repealed_on: datetime.date | None = None
    replaced_by: list[str] = Field(default_factory=list)
    versions: list[VersionFacts] = Field(default_factory=list)
    verified: Verified = Verified()


def read_facts(path: Path) -> tuple[StatuteFacts, ...]:
    """Facts of every line of a file. Raises DeclarationError with all faults, each with its line."""
    facts: list[StatuteFacts] = []
    faults: list[Fault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            facts.append(StatuteFacts.model_validate(json.loads(line)))
        except json.JSONDecodeError as fault:
            faults.append(Fault(path.name, number, f"不是 JSON：{fault.msg}"))
        except ValidationError as fault:
            for error in fault.errors():
                where = ".".join(map(str, error["loc"]))
                faults.append(Fault(path.name, number, f"“{where}”：{error['msg']}"))
    names = Counter(law.name for law in facts)
    faults += [Fault(path.name, 0, f"名称重复：{name}") for name, n in names.items() if n > 1]
    if faults:
        raise DeclarationError(faults)
    return tuple(facts)


def register_text(facts: Iterable[StatuteFacts], as_of: datetime.date) -> str:
    """The file text of a register; rows in the order of the facts."""
    laws = tuple(facts)
    keys = _keys(laws)
    rows = (_row(law, own) for law, own in zip(laws, keys, strict=True))
    return "\n".join((f"#\t{as_of.isoformat()}\t{len(laws)}", *rows)) + "\n"


#: Drafters write 最高人民法院《关于…的规定》: the name without its issuer is a name too.
_ISSUERS = (
    "最高人民法院最高人民检察院",
    "最高人民法院",
    "最高人民检察院",
    "国务院办公厅",
    "国务院",
)


def _keys(laws: tuple[StatuteFacts, ...]) -> list[list[str]]:
    """Names to search each law by: its own first; a short one only where it means one law."""
    full = [plain_name(law.name) for law in laws]
    taken = set(full)
    short = [[plain_name(s) for s in law.short if plain_name(s) not in taken] for law in laws]
    for row, name in zip(short, full, strict=True):
        issuer = next((i for i in _ISSUERS if name.startswith(i + "关于")), "")
        if issuer and name[len(issuer) :] not in taken:
            row.append(name[len(issuer) :])
    often = Counter(key for row in short for key in set(row))
    return [
        [name, *dict.fromkeys(key for key in row if often[key] == 1 and key)]
        for name, row in zip(full, short, strict=True)
    ]


def _row(law: StatuteFacts, keys: list[str]) -> str:
    verified = law.verified
    return "\t".join(
        (
            "|".join(keys),
            law.name,
            law.rank,
            law.kind,
            law.region,
            plain_number(law.doc_number or ""),
            law.status,
            _day(law.repealed_on),
            "|".join(law.replaced_by),
            str(_sure(verified.articles)),
            _day(verified.status_as_of),
            ";".join(_version(v) for v in sorted(law.versions, key=_order)),
        )
    )


def _order(version: VersionFacts) -> tuple[datetime.date, datetime.date]:
    first = datetime.date.min
    return version.effective or first, version.promulgated or first


def _version(v: VersionFacts) -> str:
    return ",".join(
        (
            _day(v.promulgated),
            _day(v.effective),
            _day(v.in_force_until),
            str(v.articles or ""),
            plain_number(v.doc_number or ""),
            "1" if v.effective_basis == "assumed" else "",
            " ".join(v.inserted_articles),
        )
    )


#: Counts that one source gives without a gap.
_ONCE = frozenset({"one source", "one source, contiguous", "derived from the amending decision"})


def _sure(checked: str | None) -> int:
    if checked == "two sources":
        return 2
    return 1 if checked in _ONCE else 0


def _day(day: datetime.date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""


def summary(laws: Iterable[StatuteFacts]) -> Iterator[str]:
    """Lines that say what a register holds, for the one who built it."""
    held = tuple(laws)
    texts = sum(len(law.versions) for law in held)
    yield f"{len(held)} 件法规，{texts} 个文本"
    counts: Counter[Any] = Counter(law.rank for law in held)
    yield "、".join(f"{rank} {n}" for rank, n in counts.most_common())
