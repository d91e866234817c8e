"""Steps: what the making of a document requires of its dossier, as data in rulesets/procedure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar, Literal

from checker.circumstances import load_circumstances
from checker.counting import Unit
from checker.faults import DeclarationError, Fault, Place, nearest, read_declared
from checker.findings import Basis, Severity
from checker.materials import Vocabulary, load_vocabulary
from checker.places import KINDS, Matter
from checker.resources import resource
from checker.subject import ABOUT

Test = Literal[
    "missing",
    "min_days",
    "max_days",
    "period_missing",
    "date_missing",
    "order",
    "conclusion_missing",
    "conclusion_adverse",
    "words_missing",
    "number_missing",
    "long_lived",
    "disagrees",
]
#: Days that are no material's own: of issue, of taking effect, of handing in for review.
ISSUE, EFFECT, HANDED_IN = "印发", "施行", "送审"
EVENTS = (ISSUE, EFFECT, HANDED_IN)
#: The circumstance that dossier.yaml asks for the material besides (``also``).
ALSO = "also"
#: What the braces of a message may hold.
PLACEHOLDERS = (
    "material",
    "name",
    "arithmetic",
    "need",
    "day",
    "before",
    "before_day",
    "conclusion",
    "stated",
    "actual",
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
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepRule:
    """One requirement.

    ``test`` says how ``material`` fails: it is ``missing``; its period, or the time from ``since`` to
    it or from it to ``until``, is shorter (``min_days``) or longer (``max_days``) than ``days`` of ``unit``, the first day
    counted or not (``first_day``, on the ground of ``convention``), where ``place_days`` names the
    figure of the place that stands in for ``days``; its period is not stated (``period_missing``); it
    bears no date (``date_missing``); it is later than ``before`` (``order``); it has no conclusion
    (``conclusion_missing``), or ends with one of ``words`` though ``before``, if given, exists and
    ``answered_by`` does not (``conclusion_adverse``); it holds none of ``words``, in its addressee or
    anywhere (``part``), judged only where it ends with one of ``concluding`` (``words_missing``); the
    draft has no document number (``number_missing``) or holds for longer than ``years``
    (``long_lived``); papers disagree with the draft ``about`` something (``disagrees``).
    ``required_when``: every circumstance must hold. ``excusable``: a reason in dossier.yaml
    (``none``) is enough for there to be no such material; elsewhere the reason is only shown.
    ``stop``: the draft should go no further until this is settled. ``checks`` are the ids of the
    checks it serves.
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
    checks: tuple[str, ...] = ()
    required_when: tuple[str, ...] = ()
    exceptions: tuple[StepException, ...] = ()
    days: int = 0
    unit: Unit = "日"
    first_day: Literal["计入", "不计入"] = "计入"
    convention: str = ""
    place_days: str = ""
    matter: Matter = "规范性文件"
    since: str = ""
    until: str = ""
    before: str = ""
    answered_by: str = ""
    words: tuple[str, ...] = ()
    concluding: tuple[str, ...] = ()
    part: Literal["全文", "主送机关"] = "全文"
    about: str = ""
    years: int = 0
    excusable: bool = False
    stop: bool = False

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


@cache
def step_order(path: Path | None = None) -> tuple[str, ...]:
    """Names of the steps in the order in which they are taken. Raises DeclarationError."""
    path = path or resource("rulesets", "procedure", "order.yaml")
    return read_declared(path, tuple[str, ...]).value


#: Which key a test cannot do without, and what it is for.
_NEEDS = {
    "order": ("before", "不得晚于哪一步"),
    "conclusion_adverse": ("words", "否定性结论的用语"),
    "words_missing": ("words", "应当有的用语"),
    "disagrees": ("about", "比对什么"),
    "long_lived": ("years", "年数"),
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
    known = {
        "material": materials,
        "before": (*materials, *EVENTS),
        "since": (*materials, *EVENTS),
        "until": (*materials, *EVENTS),
        "answered_by": materials,
        "place_days": KINDS,
        "about": ABOUT,
        "step": step_order(),
    }
    for key, names in known.items():
        name = data.get(key)
        if isinstance(name, str) and name not in names:
            what = {"place_days": "地方数值", "about": "比对", "step": "步骤"}.get(key, "材料")
            yield (key,), f"没有“{name}”这种{what}{nearest(name, names)}"
    yield from _wrong_circumstances(data)
    need = _NEEDS.get(str(data.get("test")))
    if need and not data.get(need[0]):
        yield ("test",), f"“{data['test']}”需要写明“{need[0]}”（{need[1]}）"
    if data.get("test") in ("min_days", "max_days") and not {"days", "place_days"} & {*data}:
        yield ("test",), f"“{data['test']}”需要写明“days”（天数）或者“place_days”（地方数值）"
    if data.get("basis") == []:
        yield ("basis",), "至少要有一条依据"
    for key in ("message", "advice"):
        yield from (((key,), fault) for fault in _wrong_braces(data.get(key)))


def _wrong_circumstances(data: dict[Any, Any]) -> Iterator[tuple[Place, str]]:
    """Circumstances of ``required_when`` and ``exceptions`` that there are not."""
    names = (*load_circumstances().names, ALSO)
    required, exceptions = data.get("required_when"), data.get("exceptions")
    for i, name in enumerate(required if isinstance(required, list) else ()):
        if name not in names:
            yield ("required_when", i), f"没有“{name}”这种情形{nearest(str(name), names)}"
    for i, exception in enumerate(exceptions if isinstance(exceptions, list) else ()):
        name = exception.get("when") if isinstance(exception, dict) else None
        if isinstance(name, str) and name not in names:
            yield ("exceptions", i, "when"), f"没有“{name}”这种情形{nearest(name, names)}"


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
