"""Tables: what was measured of each peer, beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import median, table
from bench.peers.patterns import Pattern, expressed
from checker.compiled import CompiledRule

#: (pattern id, file name) of what was found.
Pairs = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Row:
    """What was measured of one peer."""

    name: str
    version: str
    taken: list[Pattern]
    note: str = ""
    ready: float = 0.0
    seconds: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    found: Pairs | None = None
    failed: str = ""


def agreement(row: Row, plain: Pairs | None) -> str:
    """How many (pattern, document) of the plain loop the peer finds, and how many more."""
    if not row.found or plain is None or any(not pattern for pattern, _ in row.found):
        return "–"
    ids = {p.id for p in row.taken}
    due = {pair for pair in plain if pair[0] in ids}
    more = len(row.found - due)
    return f"{len(row.found & due)} of {len(due)}" + (f", {more} more" if more else "")


def library_table(rows: Sequence[Row], rules: tuple[CompiledRule, ...], whole: float) -> list[str]:
    """Scans in memory; ours on the same patterns beside each."""
    plain = next((row.found for row in rows if row.name == "re"), None)
    head = (
        "library", "version", "lines of rules it takes", "get ready, s", "scan, s",
        "ours, same patterns, s", "peer / ours", "peer / our whole check",
        "finds of the plain loop", "remark",
    )  # fmt: skip
    return table(head, [_library(row, rules, whole, plain) for row in rows])


def _library(
    row: Row, rules: tuple[CompiledRule, ...], whole: float, plain: Pairs | None
) -> list[str]:
    ready = f"{row.ready:.1f}" if row.version else "–"
    named = [row.name, row.version or "–", _share(rules, row.taken), ready]
    if row.failed or not row.seconds:
        return [*named, row.failed, "–", "–", "–", "–", row.note]
    peer, own = median(row.seconds), median(row.own)
    return [
        *named, f"{peer:.3f}", f"{own:.3f}", f"**{peer / own:.2f}**", f"{peer / whole:.2f}",
        agreement(row, plain), row.note,
    ]  # fmt: skip


def program_table(
    rows: Sequence[Row], plain: Pairs | None, rules: tuple[CompiledRule, ...]
) -> list[str]:
    """Whole processes; the first row is ours."""
    head = (
        "program", "version", "lines of rules it takes", "processor, s", "wall, s",
        "processor over ours", "finds of the plain loop", "remark",
    )  # fmt: skip
    own = median(rows[0].seconds)
    return table(head, [_program(row, own, rules, plain) for row in rows])


def _program(
    row: Row, own: float, rules: tuple[CompiledRule, ...], plain: Pairs | None
) -> list[str]:
    named = [row.name, row.version or "–", _share(rules, row.taken)]
    if row.failed or not row.seconds:
        return [*named, row.failed, "–", "–", "–", row.note]
    peer = median(row.seconds)
    return [
        *named, f"{peer:.2f}", f"{median(row.wall):.2f}", f"**{peer / own:.2f}**",
        agreement(row, plain), row.note,
    ]  # fmt: skip


def _share(rules: tuple[CompiledRule, ...], taken: Sequence[Pattern]) -> str:
    """Lines, rules with all their lines, and rules with all their lines, conditions and exemptions."""
    if not taken:
        return "–"
    said = expressed(rules, taken)
    return (
        f"{said.lines} of {said.of_lines} ({said.lines / said.of_lines:.0%}); "
        f"{said.rules} of {said.of_rules} rules, {said.entire} of them with conditions and exemptions"
    )
