"""Plain loop: the baseline. Every pattern as a regular expression over every text, and nothing else.

    python bench/plain.py FOLDER

Prints how many files it read and how many (pattern, clause) pairs matched.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from checker.compiled import CompiledRule
from checker.patterns import MEASURES, UNBOUNDED, Sequence

_OUTSIDE = "[^。；！？\n]"


def expression(sequence: Sequence) -> str:
    """Regular expression of a sequence inside one clause."""
    parts = []
    for i, (slot, gap) in enumerate(zip(sequence.slots, sequence.gaps, strict=True)):
        words = "|".join(map(re.escape, sorted(slot.words, key=len, reverse=True)))
        reach = "*?" if gap >= UNBOUNDED else f"{{0,{gap}}}?"
        gap_text = f"{_OUTSIDE}{reach}" if i and gap else ""
        parts.append(f"{gap_text}(?:{MEASURES[slot.measure].pattern if slot.measure else words})")
    return "".join(parts)


def expressions(rules: Iterable[CompiledRule]) -> list[re.Pattern[str]]:
    """One compiled expression a line of each rule: its sequences as alternatives."""
    return [
        re.compile("|".join(expression(q) for q in line.sequences))
        for rule in rules
        if rule.scope == "clause"
        for line in rule.lines
        if line.sequences
    ]


def scan(patterns: list[re.Pattern[str]], text: str) -> int:
    """Number of matches of all patterns in the text."""
    return sum(1 for pattern in patterns for _ in pattern.finditer(text))


def main() -> None:
    """Command line."""
    from checker.matching import Matcher
    from checker.ruleset import load_ruleset

    patterns = expressions(Matcher(load_ruleset()).rules)
    files = sorted(p for p in Path(sys.argv[1]).rglob("*") if p.suffix in (".txt", ".md"))
    total = sum(scan(patterns, p.read_text(encoding="utf-8")) for p in files)
    print(f"{len(files)} files, {len(patterns)} patterns, {total} matches")


if __name__ == "__main__":
    main()
