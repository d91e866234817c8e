"""Organs: names of organs that reforms did away with, where a document still uses them.

The names are data (rulesets/statutes/organs.yaml). A name inside 《》, or told as a former one (原国土资源局),
is no use of it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from checker.document import BODY_KINDS, Document
from checker.resources import resource


@dataclass(frozen=True, slots=True)
class OldName:
    """An old name that a document uses ``times`` times; since when ``now`` is the name."""

    word: str
    now: str
    since: date
    times: int


@dataclass(frozen=True, slots=True)
class _Reform:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    now: str
    since: date
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    reforms: tuple[_Reform, ...]


def find_old_names(document: Document) -> tuple[OldName, ...]:
    """The old names that the provisions of a document use, in order of their first use.

    Raises DeclarationError where the data are wrong.
    """
    reforms, pattern = _names()
    times: Counter[str] = Counter()
    for node in document.walk():
        if node.kind in BODY_KINDS:
            times.update(m["word"] for m in pattern.finditer(document.own_text(node)) if m["word"])
    return tuple(OldName(w, reforms[w].now, reforms[w].since, n) for w, n in times.items())


@cache
def _names() -> tuple[dict[str, _Reform], re.Pattern[str]]:
    """Each old name with its reform; the pattern passes over titles in 《》 and former names."""
    from checker.faults import read_declared

    path = resource("rulesets", "statutes", "organs.yaml")
    declared = read_declared(path, _Written, name="statutes/organs.yaml")
    reforms = {word: reform for reform in declared.value.reforms for word in reform.words}
    names = "|".join(sorted(reforms, key=lambda word: (-len(word), word)))
    passed = rf"《[^《》\n]*》|原(?:[省市县区州]|国家)?(?:{names})"
    return reforms, re.compile(rf"{passed}|(?P<word>{names})(?!门)")
