"""Merging: one finding a problem, in order, each with its fingerprint."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from checker.compiled import CompiledRule
from checker.findings import Finding, fingerprint


def merge(found: list[tuple[CompiledRule, Finding]]) -> tuple[Finding, ...]:
    """Findings in order of position; of those about the same words of one family the gravest stays.

    Of equal gravity the longer quote wins; the others are listed under ``also``. A general rule
    yields to a special one of its family in its clause, or of any family if it says so.
    """
    found.sort(
        key=lambda pair: (
            bool(pair[0].general),
            -pair[1].severity.weight,
            not pair[0].mandatory,
            -(pair[1].end - pair[1].start),
            pair[1].start,
            pair[1].rule,
        )
    )
    kept: list[Finding] = []
    also: dict[int, set[str]] = {}
    near: dict[int, list[int]] = {}
    for rule, finding in found:
        blocks = range(finding.start // _BLOCK, finding.end // _BLOCK + 1)
        twin = next(
            (i for block in blocks for i in near.get(block, ()) if _same(kept[i], finding, rule)),
            None,
        )
        if twin is None:
            for block in _reach(finding):
                near.setdefault(block, []).append(len(kept))
            kept.append(finding)
        elif finding.rule != kept[twin].rule:
            also.setdefault(twin, set()).add(finding.rule)
    named = [
        replace(f, also=tuple(sorted(also[i]))) if i in also else f for i, f in enumerate(kept)
    ]
    return _number(_once(named, {rule.id for rule, _ in found if rule.once}))


def _once(findings: list[Finding], rules: set[str]) -> list[Finding]:
    """Of each of the rules only the first finding, which tells how many there are."""
    counts = Counter(f.rule for f in findings if f.rule in rules)
    kept = []
    for f in sorted(findings, key=lambda f: (f.start, f.end)):
        n = counts.pop(f.rule, None) if f.rule in rules else 1
        if n is not None:
            kept.append(f if n == 1 else replace(f, message=f"{f.message}（全文共 {n} 处）"))
    return kept


#: Findings are looked up by stretches of this many characters.
_BLOCK = 256


def _reach(finding: Finding) -> range:
    """Stretches in which another finding may be about the same clause."""
    size = len(finding.clause)
    return range(max(finding.start - size, 0) // _BLOCK, (finding.end + size) // _BLOCK + 1)


def _same(kept: Finding, finding: Finding, rule: CompiledRule) -> bool:
    if kept.start == kept.end:
        return False
    if (
        rule.general
        and kept.clause == finding.clause
        and kept.address == finding.address
        and (rule.general == "any" or kept.family == finding.family)
    ):
        return True
    return kept.family == finding.family and (kept.start < finding.end and finding.start < kept.end)


def _number(findings: list[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[str, str, str], int] = {}
    numbered = []
    for f in sorted(findings, key=lambda f: (f.start, f.end, f.rule)):
        key = (f.rule, f.address, "".join(f.quote.split()))
        ordinal = seen[key] = seen.get(key, -1) + 1
        numbered.append(replace(f, fingerprint=fingerprint(f.rule, f.address, f.quote, ordinal)))
    return tuple(numbered)
