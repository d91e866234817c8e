"""Circumstances: what is so about a draft or its dossier and calls for further steps, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from checker.document import Document
from checker.faults import read_declared
from checker.findings import Finding, Severity
from checker.resources import resource

#: What only dossier.yaml can say: a major decision, urgent, secret.
STATED = ("major", "urgent", "secret")


@dataclass(frozen=True, slots=True)
class Circumstance:
    """How to tell that something is so; any one sign is enough.

    ``families``: the draft has findings of these families, as grave as ``severity`` or graver;
    ``words``: at least ``at_least`` different ones stand in it; ``title``, ``issuer``: patterns found
    in its title or in the name of its issuer; ``materials``: the dossier holds one of these;
    ``numbered``: the draft bears a document number and a date. ``called`` names it in the report;
    ``absent`` says so of a step that is not required.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    name: str
    called: str
    families: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    words: tuple[str, ...] = ()
    at_least: int = 1
    title: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    numbered: bool = False
    absent: str = ""

    def found_in_findings(self, findings: Iterable[Finding]) -> str:
        """The reason that findings give, or empty."""
        there = [
            f for f in findings
            if f.family in self.families and f.severity.weight >= self.severity.weight
        ]  # fmt: skip
        return f"草案有这方面的问题线索（{there[0].rule}）" if there else ""

    def found_in_draft(self, draft: Document) -> str:
        """The reason that the draft itself gives, or empty."""
        shadow = draft.source.shadow
        words = [word for word in self.words if word in shadow]
        if words and len(words) >= self.at_least:
            return f"草案出现“{'”“'.join(words[:3])}”等用语"
        for patterns, text, what in (
            (self.title, draft.title, "标题"),
            (self.issuer, draft.issuer.name, "制定机关"),
        ):
            found = next((m for p in patterns if (m := re.search(p, text))), None)
            if found:
                return f"{what}是“{text[:40]}”"
        if self.numbered and draft.doc_number and draft.date:
            return f"草案已经编号、署期（{draft.doc_number}）"
        return ""

    def found_in_dossier(self, roles: Iterable[str]) -> str:
        """The reason that the materials give, or empty."""
        there = next((role for role in roles if role in self.materials), "")
        return f"卷宗里有{there}" if there else ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All of them, in order."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    circumstances: tuple[Circumstance, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names that a rule may use."""
        return (*(c.name for c in self.circumstances), *STATED)


@cache
def load_circumstances(path: Path | None = None) -> Circumstances:
    """The shipped circumstances, or those of a file. Raises DeclarationError."""
    path = path or resource("rulesets", "procedure", "circumstances.yaml")
    return read_declared(path, Circumstances).value
