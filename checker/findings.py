"""What the engine reports: a question for a person to decide, never a verdict."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is if true; ordered by :attr:`weight`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def weight(self) -> int:
        """2 for error, 1 for warning, 0 for info."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]

    @property
    def label(self) -> str:
        """The word a reader sees."""
        return {"error": "错误", "warning": "提醒", "info": "提示"}[self.value]


class Span(NamedTuple):
    """Half-open range of code points in the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision of law a finding rests on, with the days between which it is in force.

    ``words`` are its own words, a row a line, where a law store has them; ``words_from`` says of
    which text they are.
    """

    law: str
    at: str = ""
    number: str = ""
    start: date | None = None
    end: date | None = None
    words: str = ""
    words_from: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the provision is in force on that day (both ends included)."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def __str__(self) -> str:
        number = f"（{self.number}）" if self.number else ""
        return f"《{self.law}》{number}{self.at}"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a finding is set aside: reason, ground, who approved it, its first and last day.

    ``kind`` is ``waived``, or ``authorised`` where an authorisation to try things out (先行先试)
    covers it; ``number`` is its place in the list of waivers, from 1.
    """

    kind: str
    reason: str
    ground: str
    by: str
    until: date
    start: date | None = None
    number: int = 0

    def __str__(self) -> str:
        ground = f"依据 {self.ground}" if self.ground else ""
        days = f"{self.start} 至 {self.until}" if self.start else f"有效至 {self.until}"
        return "；".join(fact for fact in (self.reason, ground, f"{self.by} 批准", days) if fact)


@dataclass(frozen=True, slots=True)
class Finding:
    """One question about one place of one document.

    ``start`` and ``end`` count code points of the original text; ``quote`` is exactly those
    characters. A finding about a whole document or dossier has ``start == end`` and an empty quote.
    ``also`` names further rules that found the same problem in the same place. ``cited`` are the
    provisions that the quote names, with their words, where a law store has them. ``waiver`` is what
    sets the finding aside, or what a finding about a waiver speaks of.
    """

    rule: str
    title: str
    family: str
    severity: Severity
    start: int
    end: int
    quote: str
    address: str
    message: str
    advice: str
    basis: tuple[Basis, ...] = ()
    clause: str = ""
    fingerprint: str = ""
    also: tuple[str, ...] = ()
    softened: str = ""
    line: int = field(default=0)
    page: int = field(default=0)
    cited: tuple[Basis, ...] = ()
    waiver: Waiver | None = None

    @property
    def place(self) -> str:
        """Address, with the page where the file has pages."""
        return f"{self.address}（第 {self.page} 页）" if self.page else self.address

    @property
    def span(self) -> Span:
        """Where the quoted words stand."""
        return Span(self.start, self.end)


_LOOSE = re.compile(r"\s+")


def fingerprint(rule: str, path: str, quote: str, ordinal: int = 0) -> str:
    """16 hex digits that name a finding and survive edits elsewhere in the draft.

    Made of the rule, the address path, the quote without white space, and the ordinal among
    equal ones; changing the quoted words changes it.
    """
    key = "\x1f".join((rule, path, _LOOSE.sub("", quote), str(ordinal)))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
