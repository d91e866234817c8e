"""Rules: one YAML file a rule, read into typed models; every fault with file, line and a hint.

The models describe what a rule writer may write (rulesets/README.md). Compiling them into what the
matcher runs is the affair of :mod:`checker.ruleset`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from checker.faults import Declared, Place, read_declared
from checker.findings import Severity


def _listed(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]


Patterns = Annotated[list[str], BeforeValidator(_listed)]
Modality = Literal["obligation", "permission", "prohibition", "none"]
Bearer = Literal["agency", "firm", "citizen", "internal"]
Speech = Literal["sets", "restates", "describes", "defines", "repeals", "quotes"]
Level = Literal["国家", "部委", "省", "市", "县", "乡", "村"]
Rank = Literal["宪法", "法律", "行政法规", "国务院文件", "地方性法规", "规章", "规范性文件"]
Irregular = Literal[
    "gap",
    "repeat",
    "back",
    "skip",
    "brackets",
    "padding",
    "date_form",
    "title_mismatch",
    "attachment_missing",
    "early",
    "dangling",
]
Reference = Literal[
    "repealed",
    "mentioned",
    "ending",
    "not_yet",
    "draft",
    "superseded",
    "renamed",
    "misspelt",
    "no_article",
    "old_article",
    "wrong_number",
    "other_region",
    "undefined",
    "no_item",
    "renumbered",
]
Validity = Literal[
    "effective_contradictory",
    "effective_soon",
    "validity_missing",
    "validity_default",
    "validity_long",
    "validity_short",
    "trial_long",
    "expired",
]
Part = Literal["title", "doc_number", "addressee", "issuer", "date", "effective", "validity"]


def _many(kind: Any) -> Any:
    return Annotated[list[kind], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class Limit(_Strict):
    """A number to compare with; percent in per cent, amount in yuan, period in days."""

    above: float | None = None
    below: float | None = None


class Cites(_Strict):
    """The clause names a law of one of these ranks; ``article`` asks for a provision of it."""

    rank: _many(Rank) = Field(default_factory=list)  # type: ignore[valid-type]
    law: Patterns = Field(default_factory=list)
    article: bool = False


class Count(_Strict):
    """How often a pattern stands in the clause."""

    of: Patterns
    above: int = 0


class Words(_Strict):
    """The closed list of condition words; all that are given must hold together."""

    text: Patterns = Field(default_factory=list)
    act: Patterns = Field(default_factory=list)
    object: Patterns = Field(default_factory=list)
    with_: Patterns = Field(default_factory=list, alias="with")
    without: Patterns = Field(default_factory=list)
    lead: Patterns = Field(default_factory=list)
    about: Patterns = Field(default_factory=list)
    title: Patterns = Field(default_factory=list)
    over: Patterns = Field(default_factory=list)
    before: Patterns = Field(default_factory=list)
    after: Patterns = Field(default_factory=list)
    modality: _many(Modality) = Field(default_factory=list)  # type: ignore[valid-type]
    bearer: _many(Bearer) = Field(default_factory=list)  # type: ignore[valid-type]
    speech: _many(Speech) = Field(default_factory=list)  # type: ignore[valid-type]
    issuer: _many(Level) = Field(default_factory=list)  # type: ignore[valid-type]
    rank: _many(Rank) = Field(default_factory=list)  # type: ignore[valid-type]
    cites: Cites | None = None
    percent: Limit | None = None
    amount: Limit | None = None
    period: Limit | None = None
    count: Count | None = None
    missing: Patterns = Field(default_factory=list)
    condition: bool | None = None
    dates: _many(Literal["rising", "falling"]) = Field(default_factory=list)  # type: ignore[valid-type]
    irregular: _many(Irregular) = Field(default_factory=list)  # type: ignore[valid-type]
    reference: _many(Reference) = Field(default_factory=list)  # type: ignore[valid-type]
    validity: _many(Validity) = Field(default_factory=list)  # type: ignore[valid-type]
    lacks: _many(Part) = Field(default_factory=list)  # type: ignore[valid-type]


class Unless(Words):
    """An exemption: condition words, its name and reason, and whether it drops or only softens."""

    name: str = ""
    why: str = ""
    effect: Literal["drop", "review"] = "drop"


class BasisModel(_Strict):
    """One legal basis: law, article, number, and the days between which it is in force."""

    law: str
    at: str = ""
    number: str = ""
    from_: datetime.date | None = Field(default=None, alias="from")
    to: datetime.date | None = None


class Example(_Strict):
    """A text with its expected result; 〔〕 marks the exact words of the finding.

    ``as_of`` and ``place`` say by the law of which day and place it is judged.
    """

    text: str
    by: str = ""
    note: str = ""
    as_of: datetime.date | None = None
    place: str = ""


def _example(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _line(value: Any) -> Any:
    return {"text": [value]} if isinstance(value, str) else value


def _general(value: Any) -> Any:
    return {True: "family", False: ""}.get(value, value) if isinstance(value, bool) else value


Examples = list[Annotated[Example, BeforeValidator(_example)]]
Line = Annotated[Words, BeforeValidator(_line)]


class RuleModel(_Strict):
    """A rule file. ``find`` lines are alternatives; ``when`` holds for all of them."""

    id: str = Field(pattern=r"^[A-Z]{3,4}-\d{3}$")
    title: str = Field(min_length=2)
    severity: Severity
    status: Literal["draft", "shadow", "test", "stable", "deprecated"] = "test"
    checks: Patterns = Field(default_factory=list)
    basis: list[BasisModel] = Field(min_length=1)
    scope: Literal["clause", "sentence", "provision", "title", "document"] = "clause"
    when: Words | None = None
    find: list[Line] = Field(min_length=1)
    unless: list[Annotated[Unless, BeforeValidator(_line)]] = Field(default_factory=list)
    defaults: bool = True
    general: Annotated[Literal["", "family", "any"], BeforeValidator(_general)] = ""
    mandatory: bool = False
    once: bool = False
    message: str = Field(min_length=5)
    advice: str = Field(min_length=2)
    notes: str = ""
    flag: Examples = Field(min_length=3)
    pass_: Examples = Field(min_length=3, alias="pass")


class FamilyModel(_Strict):
    """A family of rules: its title, the ranks that may be its basis, its default exemptions."""

    title: str
    ranks: _many(Rank) = Field(default_factory=list)  # type: ignore[valid-type]
    unless: list[str] = Field(default_factory=list)
    applies: _many(Rank) = Field(default_factory=list)  # type: ignore[valid-type]


class ListModel(_Strict):
    """A word list: its words, lists it takes in, and longer phrases in which a word does not count."""

    words: list[str] = Field(default_factory=list)
    include: list[str] = Field(default_factory=list)
    not_: list[str] = Field(default_factory=list, alias="not")
    note: str = ""


class ExemptionModel(_Strict):
    """A named exemption that rules share: any of its lines is enough."""

    title: str
    any: list[Line] = Field(min_length=1)
    effect: Literal["drop", "review"] = "drop"


def json_schema() -> dict[str, Any]:
    """JSON Schema of a rule file, generated from the models."""
    schema = RuleModel.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "checker rule/1"
    return schema


def read_rule(path: Path, name: str = "") -> Declared[RuleModel]:
    """Rule of a file whose name is its id. Raises DeclarationError with all faults of the file."""

    def misnamed(data: object) -> Iterator[tuple[Place, str]]:
        written = data.get("id") if isinstance(data, dict) else None
        if written is not None and written != path.stem:
            yield ("id",), f"编号“{written}”与文件名“{path.name}”不一致"

    return read_declared(path, RuleModel, misnamed, name=name or path.name)
