"""Matcher: the engine's matching against the plain loop and a raw Hyperscan scan, in one process.

    python bench/matcher.py FOLDER [--times 5]

First it proves that the engine finds every (line, clause) pair that the plain loop finds and none
more; only then is anything timed. Hyperscan is used where it is installed (pip install hyperscan).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.plain import expression, expressions, scan
from checker.anchors import Anchors
from checker.compiled import CompiledRule
from checker.document import Document
from checker.evaluation import Evaluation
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources import SUPPORTED_SUFFIXES, read_path
from checker.structure import parse


def engine_pairs(
    anchors: Anchors, rules: tuple[CompiledRule, ...], segments: Segments
) -> set[tuple[int, int, int]]:
    """(rule, line, clause start) of every line that matches in a clause."""
    found = set()
    for candidate in anchors.candidates(segments):
        evaluation = Evaluation(segments, candidate)
        for target in candidate.targets:
            if any(evaluation.matches(rules[target.rule], target)):
                found.add((target.rule, target.line, candidate.start))
    return found


def plain_pairs(rules: tuple[CompiledRule, ...], segments: Segments) -> set[tuple[int, int, int]]:
    """The same by regular expressions over every clause."""
    import re

    found = set()
    spans = segments.every("clause")
    for i, rule in enumerate(rules):
        for j, line in enumerate(rule.lines):
            pattern = re.compile("|".join(expression(q) for q in line.sequences))
            for start, end in spans:
                if pattern.search(segments.shadow, start, end):
                    found.add((i, j, start))
    return found


def timed(action: Callable[[], object], times: int) -> float:
    """Median seconds of an action."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


#: Hyperscan needs minutes to compile long patterns with gaps over Chinese text; only shorter ones are
#: compared.
_LONGEST = 150


def short_lines(rule: CompiledRule) -> CompiledRule:
    """The rule with the lines that Hyperscan compiles in reasonable time."""
    lines = tuple(
        line
        for line in rule.lines
        if all(
            len(p.pattern) <= _LONGEST and hyperscan_takes(p.pattern)
            for p in expressions([replace(rule, lines=(line,))])
        )
    )
    return replace(rule, lines=lines)


def hyperscan_takes(pattern: str) -> bool:
    """Whether Hyperscan compiles the pattern (it has no look-around and a limit of size)."""
    import hyperscan

    try:
        hyperscan.Database().compile(
            expressions=[pattern.encode()], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_UTF8]
        )
    except hyperscan.error:
        return False
    return True


def hyperscan_scan(patterns: list[str], texts: list[str]) -> Callable[[], int]:
    """A raw scan of all texts by one Hyperscan database of all patterns."""
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[p.encode() for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_UTF8] * len(patterns),
    )
    data = [text.encode() for text in texts]

    def scan_all() -> int:
        hits = [0]

        def on_match(*_: object) -> None:
            hits[0] += 1

        for block in data:
            database.scan(block, match_event_handler=on_match)
        return hits[0]

    return scan_all


def against_hyperscan(
    rules: tuple[CompiledRule, ...], documents: list[Document], times: int
) -> str:
    """The engine over a raw scan, on the rules all of whose patterns Hyperscan compiles."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return "hyperscan: not installed, skipped"
    taken = tuple(r for r in map(short_lines, rules) if r.lines)
    texts = [d.source.shadow for d in documents]
    scanned = timed(hyperscan_scan([p.pattern for p in expressions(taken)], texts), times)
    anchors = Anchors(taken)
    own = timed(lambda: [engine_pairs(anchors, taken, Segments(d)) for d in documents], times)
    return (
        f"on the {len(expressions(taken))} patterns of at most {_LONGEST} characters that Hyperscan compiles: raw scan {scanned:.3f} s, "
        f"engine {own:.3f} s: {own / scanned:.2f} x as long"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    matcher = Matcher(load_ruleset())
    rules = tuple(
        rule
        for rule in matcher.rules
        if rule.scope == "clause"
        and not any(
            slot.excepted for line in rule.lines for q in line.sequences for slot in q.slots
        )
    )
    left_out = len(matcher.rules) - len(rules)
    anchors = Anchors(rules)
    files = sorted(p for p in options.folder.rglob("*") if p.suffix in SUPPORTED_SUFFIXES)
    documents = [parse(read_path(p)) for p in files]
    for document in documents[:60]:
        engine, plain = (
            engine_pairs(anchors, rules, Segments(document)),
            plain_pairs(rules, Segments(document)),
        )
        if engine != plain:
            raise SystemExit(f"not the same: {document.name}: {sorted(engine ^ plain)[:5]}")
    texts = [d.source.shadow for d in documents]
    size = sum(map(len, texts))
    patterns = expressions(rules)
    print(
        f"{len(rules)} rules ({left_out} with list exceptions or other scopes left out), "
        f"{len(patterns)} patterns, {len(texts)} documents, {size} characters"
    )
    own = timed(
        lambda: [engine_pairs(anchors, rules, Segments(d)) for d in documents], options.times
    )
    loop = timed(lambda: [scan(patterns, text) for text in texts], 1)
    print(f"engine {own:.3f} s; plain loop {loop:.3f} s: {loop / own:.1f} x as fast")
    print(against_hyperscan(rules, documents, options.times))


if __name__ == "__main__":
    main()
