"""What a ledger holds: entries, their checks, and what was done about them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checker.report import Counts


class LedgerError(Exception):
    """A ledger cannot be opened, read or written; the message says which and why."""


class State(StrEnum):
    """Where an entry stands."""

    PENDING = "待审"
    OPINION = "已提意见"
    AMENDED = "已修改"
    REPEALED = "已废止"
    KEPT = "继续有效"


class Step(StrEnum):
    """Something that was done about a document on a day. The first three say how it came in."""

    RECEIVED = "接收"
    EXAMINED = "主动审查"
    REQUESTED = "依申请审查"
    OPINION = "书面意见"
    AMENDED = "修改"
    REPEALED = "废止"
    KEPT = "继续有效"

    @property
    def state(self) -> State | None:
        """The state an entry is in after this, None where it stays as it is."""
        return _STATES.get(self)


ROUTES = (Step.RECEIVED, Step.EXAMINED, Step.REQUESTED)
_STATES = {
    Step.OPINION: State.OPINION,
    Step.AMENDED: State.AMENDED,
    Step.REPEALED: State.REPEALED,
    Step.KEPT: State.KEPT,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a document: the day it was run, the day whose law applied, by which rules.

    ``file`` is the name the document was given in; ``digest`` is that of its words.
    """

    day: date
    as_of: date | None
    engine: str
    ruleset: str
    profile: str
    file: str
    digest: str
    complete: bool
    counts: Counts
    waived: int


@dataclass(frozen=True, slots=True)
class Event:
    """A step taken on a day, with a note."""

    step: Step
    day: date
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the ledger with its last check; ``checks`` and ``events`` are oldest first.

    What the document does not say is empty or None.
    """

    id: int
    title: str
    number: str
    issuer: str
    place: str
    made: date | None
    effective: date | None
    expires: date | None
    validity: str
    route: Step
    state: State
    checks: tuple[Check, ...]
    events: tuple[Event, ...]

    @property
    def last(self) -> Check:
        """The last check; an entry is made by a check, so there always is one."""
        return self.checks[-1]


def identity(title: str, number: str, digest: str) -> str:
    """What makes two texts the same document: number and title, else the words themselves.

    Spacing, width and the kind of brackets make no difference.
    """
    if not (title and number):
        return digest
    plain = [unicodedata.normalize("NFKC", re.sub(r"\s", "", part)) for part in (number, title)]
    key = "\n".join(re.sub(r"[〔［\[【]", "(", re.sub(r"[〕］\]】]", ")", part)) for part in plain)
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
