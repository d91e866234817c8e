"""Scaling: time against the number of rules, the length of a document, and hostile text.

    python bench/scaling.py [--times 3]

Rules are multiplied by made-up ones whose words do not occur, so that findings stay the same.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import replace
from datetime import date

from bench.corpus import document as make
from bench.runs import exponent
from checker.compiled import Line, Ruleset
from checker.document import Document
from checker.matching import Matcher
from checker.patterns import Sequence, Slot
from checker.ruleset import load_ruleset
from checker.sources.text import unify
from checker.structure import parse

DAY = date(2026, 1, 1)
_RARE = [chr(c) for c in range(0x9A00, 0x9FA0)]


def with_rules(ruleset: Ruleset, count: int) -> Ruleset:
    """The ruleset cut or filled up to ``count`` rules; the added ones find nothing."""
    rng = random.Random(3)
    rules = list(ruleset.rules[:count])
    while len(rules) < count:
        slots = tuple(
            Slot(tuple("".join(rng.choices(_RARE, k=3)) for _ in range(6))) for _ in range(3)
        )
        line = Line((Sequence(slots, (0, 12, 12)),))
        rules.append(replace(ruleset.rules[0], id=f"FEE-{len(rules):04}", lines=(line,)))
    return Ruleset(tuple(rules), ruleset.families, "")


def seconds(matcher: Matcher, documents: list[Document], times: int) -> float:
    """Median time to match all documents."""
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        for item in documents:
            matcher.check(item, DAY)
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)


def by_rules(ruleset: Ruleset, times: int) -> None:
    """50 to 5,000 rules on 200 documents."""
    rng = random.Random(11)
    documents = [parse(unify(f"d{i}", make(rng))) for i in range(200)]
    base = len(ruleset.rules)
    points = []
    for count in sorted({base, 500, 1000, 2000, 5000}):
        if count < base:
            continue
        matcher = Matcher(with_rules(ruleset, count))
        points.append((count, seconds(matcher, documents, times)))
        print(f"  {count:5} rules {points[-1][1]:8.3f} s")
    print(f"rules, findings constant: exponent {exponent(points):.2f}")
    points = []
    for count in (10, 20, 40, 80, 160, base):
        if count <= base:
            matcher = Matcher(
                replace(ruleset, rules=ruleset.rules[:: max(base // count, 1)][:count])
            )
            points.append((count, seconds(matcher, documents, times)))
            print(f"  {count:5} real rules {points[-1][1]:8.3f} s")
    print(f"rules, findings growing: exponent {exponent(points):.2f}")


def by_length(ruleset: Ruleset, times: int) -> None:
    """One document from 1 kB to 10 MB, read to findings."""
    matcher = Matcher(ruleset)
    points = []
    for kilobytes in (1, 10, 100, 1000, 10_000):
        text = make(random.Random(5), kilobytes * 1000 // 3)
        measured = []
        for _ in range(times):
            start = time.perf_counter()
            matcher.check(parse(unify("d", text)), DAY)
            measured.append(time.perf_counter() - start)
        points.append((float(kilobytes), statistics.median(measured)))
        print(f"  {kilobytes:6} kB {points[-1][1]:8.4f} s")
    print(f"length 10 kB to 10 MB: exponent {exponent(points[1:]):.2f}")


def hostile(ruleset: Ruleset, times: int) -> None:
    """Text without delimiters, with triggers repeated, up to a million characters."""
    matcher = Matcher(ruleset)
    for name, unit in (
        ("no delimiters", "企业应当按照规定办理有关事项"),
        ("repeated triggers", "应当缴纳保证金"),
        ("one word", "罚款"),
        ("lead-ins", "不得有下列行为："),
        ("digits", "9"),
    ):
        points = []
        for size in (50_000, 100_000, 200_000, 400_000):
            text = unit * (size // len(unit))
            start = time.perf_counter()
            matcher.check(parse(unify("d", text)), DAY)
            points.append((float(size), time.perf_counter() - start))
        print(
            f"  {name:18} exponent {exponent(points):.2f}, "
            f"{points[-1][1] / points[-1][0] * 1e6:.2f} µs a character at {size:,}"
        )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    ruleset = load_ruleset()
    by_rules(ruleset, times)
    by_length(ruleset, times)
    print("hostile text:")
    hostile(ruleset, times)


if __name__ == "__main__":
    main()
