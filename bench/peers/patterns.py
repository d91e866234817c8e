"""Patterns: what of the ruleset another tool could run, as regular expressions and as words with gaps.

A line of ``find`` is *plain* when words, measures and bounded gaps inside one clause say all of it.
Lists with exceptions (a word does not count inside a longer phrase) and scopes other than the clause
are left out; so are, for every tool, the conditions and exemptions of a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.plain import expression
from checker.compiled import CompiledRule, Line
from checker.patterns import Sequence


@dataclass(frozen=True, slots=True)
class Pattern:
    """One plain line of a rule.

    ``expressions`` holds a regular expression (characters, lazy gaps, without look-behind) for each of
    its sequences, ``slots`` the words of every slot of each sequence (empty for a measure) and
    ``gaps`` the most characters before each slot.
    """

    id: str
    rule: str
    line: int
    expressions: tuple[str, ...]
    slots: tuple[tuple[tuple[str, ...], ...], ...]
    gaps: tuple[tuple[int, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """For the processes that run the peers."""
        return asdict(self)


def is_plain(line: Line) -> bool:
    """Whether words, measures and gaps say all that the line looks for."""
    return bool(line.sequences) and not any(
        slot.excepted for sequence in line.sequences for slot in sequence.slots
    )


def plain_patterns(rules: Iterable[CompiledRule]) -> list[Pattern]:
    """The plain lines of rules that look at clauses, in order of the rules."""
    return [
        _pattern(rule, number, line)
        for rule in rules
        if rule.scope == "clause"
        for number, line in enumerate(rule.lines)
        if is_plain(line)
    ]


def _pattern(rule: CompiledRule, number: int, line: Line) -> Pattern:
    return Pattern(
        id=f"{rule.id.replace('-', '_')}_{number}",
        rule=rule.id,
        line=number,
        expressions=tuple(_literal(expression(sequence)) for sequence in line.sequences),
        slots=tuple(_words(sequence) for sequence in line.sequences),
        gaps=tuple(sequence.gaps for sequence in line.sequences),
    )


def _literal(text: str) -> str:
    """The expression as every dialect reads it: PCRE writes \\u otherwise, a file has a pattern a line."""
    spelled = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
    return spelled.replace("\n", r"\n")


def _words(sequence: Sequence) -> tuple[tuple[str, ...], ...]:
    return tuple(() if slot.measure else slot.words for slot in sequence.slots)


def only(rules: Iterable[CompiledRule], patterns: Iterable[Pattern]) -> tuple[CompiledRule, ...]:
    """The rules cut down to the lines of the patterns, without conditions and exemptions."""
    wanted: dict[str, list[int]] = {}
    for pattern in patterns:
        wanted.setdefault(pattern.rule, []).append(pattern.line)
    return tuple(
        replace(
            rule,
            lines=tuple(replace(rule.lines[i], conditions=()) for i in wanted[rule.id]),
            when=(),
            unless=(),
        )
        for rule in rules
        if rule.id in wanted
    )


@dataclass(frozen=True, slots=True)
class Expressed:
    """How much of a ruleset a set of patterns says: lines, rules with all their lines, whole rules."""

    lines: int
    of_lines: int
    rules: int
    entire: int
    of_rules: int


def expressed(rules: Iterable[CompiledRule], patterns: Iterable[Pattern]) -> Expressed:
    """Count what the patterns say of the rules; ``entire`` are rules with nothing but such lines."""
    taken = {(pattern.rule, pattern.line) for pattern in patterns}
    rules = tuple(rules)
    full = [
        rule
        for rule in rules
        if rule.lines and all((rule.id, i) in taken for i in range(len(rule.lines)))
    ]
    bare = [
        rule
        for rule in full
        if not (rule.when or rule.unless or any(line.conditions for line in rule.lines))
    ]
    return Expressed(
        len(taken), sum(len(rule.lines) for rule in rules), len(full), len(bare), len(rules)
    )
