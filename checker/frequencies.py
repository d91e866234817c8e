"""Frequencies: how common words are, to choose the rarest of a pattern as its anchor."""

from __future__ import annotations

import itertools
import json
from functools import cache

from checker.resources import resource


@cache
def _table() -> dict[str, int]:
    """Occurrences of characters and pairs of them per million (bench/frequencies.py)."""
    path = resource("rulesets", "frequencies.json")
    table: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return table


def expected(words: tuple[str, ...]) -> float:
    """Expected occurrences of any of the words per million characters, by their rarest pairs."""
    return sum(_expected(word) for word in words)


def _expected(word: str) -> float:
    table = _table()
    if len(word) == 1:
        return float(table.get(word, 40))
    rarest = min(table.get(a + b, 8) for a, b in itertools.pairwise(word))
    return rarest * 0.5 ** (len(word) - 2)
