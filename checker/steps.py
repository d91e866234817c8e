"""Steps: what the making of a document requires of its dossier, as data in rulesets/procedure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar, Literal

from checker.faults import DeclarationError, Fault, Place, nearest, read_declared
from checker.findings import Basis, Severity
from checker.materials import Vocabulary, load_vocabulary

#: What may be said of a dossier: it touches firms, is a major decision, urgent, or secret.
Circumstance = Literal["market", "major", "urgent", "secret"]
Test = Literal[
    "missing",
    "min_days",
    "period_missing",
    "date_missing",
    "order",
    "conclusion_missing",
    "conclusion_adverse",
]
#: The last day of issue, as dossier.yaml states it; may stand as ``before`` of an order.
ISSUE = "印发"
#: What the braces of a message may hold.
PLACEHOLDERS = (
    "material",
    "name",
    "start",
    "end",
    "period",
    "days",
    "need",
    "counted",
    "day",
    "before",
    "before_day",
    "conclusion",
)
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class StepBasis:
    """A provision of law and the days, both included, between which it is in force."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: {"start": "from", "end": "to"}.get(name, name),
    }
    law: str
    at: str
    start: date
    number: str = ""
    end: date | None = None

    def cited(self) -> Basis:
        """The basis as a finding carries it."""
        return Basis(self.law, self.at, self.number, self.start, self.end)


@dataclass(frozen=True, slots=True)
class StepException:
    """A circumstance in which the rule does not hold, and why."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    when: Circumstance
    reason: str


@dataclass(frozen=True, slots=True)
class StepRule:
    """One requirement.

    ``test`` says how ``material`` fails: it is ``missing``; its period is shorter than ``days``
    calendar days (``min_days``), not stated or impossible (``period_missing``); it bears no date
    (``date_missing``); it is later than ``before`` (``order``); it has no conclusion
    (``conclusion_missing``), or ends with one of ``words`` though ``before``, if given, exists
    (``conclusion_adverse``). ``excusable``: a reason in dossier.yaml (``none``) is enough for there
    to be no such material; elsewhere the reason is only shown.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: str
    title: str
    severity: Severity
    step: str
    material: str
    test: Test
    basis: tuple[StepBasis, ...]
    message: str
    advice: str
    required_when: Literal["always", "market", "major"] = "always"
    exceptions: tuple[StepException, ...] = ()
    days: int = 0
    before: str = ""
    words: tuple[str, ...] = ()
    excusable: bool = False

    def bases(self, day: date) -> tuple[Basis, ...]:
        """The bases in force on that day; a rule without one does not hold then."""
        cited = (basis.cited() for basis in self.basis)
        return tuple(basis for basis in cited if basis.in_force(day))


def load_procedure_rules(
    folder: Path, vocabulary: Vocabulary | None = None
) -> tuple[StepRule, ...]:
    """The rules PRO-*.yaml of a folder in order of id.

    Raises DeclarationError with every fault of every file, FileNotFoundError for an empty folder.
    """
    names = (vocabulary or load_vocabulary()).names
    rules: list[StepRule] = []
    faults: list[Fault] = []
    paths = sorted(folder.glob("PRO-*.yaml"))
    if not paths:
        raise FileNotFoundError(f"文件夹 {folder} 里没有程序规则（PRO-*.yaml）")
    for path in paths:
        try:
            also = partial(_wrong, stem=path.stem, materials=names)
            rules.append(read_declared(path, StepRule, also).value)
        except DeclarationError as error:
            faults += error.faults
    if faults:
        raise DeclarationError(faults)
    return tuple(rules)


#: Which key a test cannot do without, and what it is for.
_NEEDS = {
    "min_days": ("days", "天数"),
    "order": ("before", "不得晚于哪一步"),
    "conclusion_adverse": ("words", "否定性结论的用语"),
}


def _wrong(data: object, stem: str, materials: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """What is wrong with a rule that its types do not show."""
    if not isinstance(data, dict):
        return
    if isinstance(data.get("id"), str):
        if not re.fullmatch(r"PRO-\d{3}", data["id"]):
            yield ("id",), f"编号应当是 PRO- 加三位数字，写的是“{data['id']}”"
        elif data["id"] != stem:
            yield ("id",), f"编号“{data['id']}”应当与文件名“{stem}”相同"
    for key, more in (("material", ()), ("before", (ISSUE,))):
        name = data.get(key)
        if isinstance(name, str) and name not in (*materials, *more):
            yield (key,), f"没有“{name}”这种材料{nearest(name, (*materials, *more))}"
    need = _NEEDS.get(str(data.get("test")))
    if need and not data.get(need[0]):
        yield ("test",), f"“{data['test']}”需要写明“{need[0]}”（{need[1]}）"
    if data.get("basis") == []:
        yield ("basis",), "至少要有一条依据"
    for key in ("message", "advice"):
        yield from (((key,), fault) for fault in _wrong_braces(data.get(key)))


def _wrong_braces(text: object) -> Iterator[str]:
    if not isinstance(text, str):
        return
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        yield "花括号不成对"
        return
    for name in names:
        if name not in PLACEHOLDERS:
            yield f"不认识花括号里的“{name}”{nearest(name, PLACEHOLDERS)}"
