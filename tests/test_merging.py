"""Merging: one finding a problem."""

from __future__ import annotations

from dataclasses import replace

from checker.findings import Finding, Severity
from checker.merging import merge
from checker.ruleset import load_ruleset

RULE = load_ruleset().rules[0]


def found(
    rule: str, start: int, end: int, severity: Severity = Severity.ERROR, general: str = ""
) -> tuple[object, Finding]:
    family = rule.split("-", maxsplit=1)[0]
    clause = "企业应当缴纳保证金并在本县注册"
    finding = Finding(
        rule,
        "标题",
        family,
        severity,
        start,
        end,
        clause[start:end],
        "第一条",
        "说明",
        "建议",
        (),
        clause,
    )
    return replace(RULE, id=rule, family=family, general=general), finding


def ids(*pairs: tuple[object, Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.rule, f.also) for f in merge(list(pairs))]  # type: ignore[arg-type]


def test_overlapping_ones_of_a_family_become_one() -> None:
    assert ids(found("FEE-001", 4, 9), found("FEE-002", 5, 8)) == [("FEE-001", ("FEE-002",))]


def test_the_gravest_stays() -> None:
    assert ids(found("FEE-001", 0, 9, Severity.WARNING), found("FEE-002", 5, 8)) == [
        ("FEE-002", ("FEE-001",))
    ]


def test_other_families_and_other_places_stay() -> None:
    assert ids(found("FEE-001", 4, 9), found("MKT-001", 4, 9), found("FEE-002", 10, 13)) == [
        ("FEE-001", ()),
        ("MKT-001", ()),
        ("FEE-002", ()),
    ]


def test_a_general_rule_yields_within_its_family() -> None:
    assert ids(found("FEE-001", 4, 9, general="family"), found("FEE-002", 10, 13)) == [
        ("FEE-002", ("FEE-001",))
    ]
    assert len(ids(found("FEE-001", 4, 9, general="family"), found("MKT-002", 10, 13))) == 2
    assert ids(found("FEE-001", 4, 9, general="any"), found("MKT-002", 10, 13)) == [
        ("MKT-002", ("FEE-001",))
    ]


def test_fingerprints_differ_and_outlive_edits_elsewhere() -> None:
    one, two = merge([found("FEE-001", 0, 2), found("FEE-001", 4, 6)])  # type: ignore[list-item]
    assert one.fingerprint != two.fingerprint
    moved = replace(found("FEE-001", 0, 2)[1], start=100, end=102)
    assert merge([(RULE, moved)])[0].fingerprint == one.fingerprint


def test_a_rule_that_speaks_once_counts_the_rest() -> None:
    one, two = found("FMT-001", 0, 2), found("FMT-001", 4, 6)
    pairs = [(replace(rule, once=True), f) for rule, f in (one, two)]  # type: ignore[type-var]
    (kept,) = merge(pairs)  # type: ignore[arg-type]
    assert kept.start == 0 and kept.message.endswith("（全文共 2 处）")
