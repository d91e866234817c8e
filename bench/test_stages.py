"""Stages: every hop from bytes to report, timed by pytest-benchmark on documents not seen before.

    python -m pytest bench/test_stages.py --benchmark-enable

Each round gets fresh strings, so nothing is answered from a memory of the last round.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from bench.corpus import document as make
from checker.api import Checker
from checker.citations import find_citations
from checker.clauses import analyse
from checker.document import Document
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources import SourceText, read_bytes
from checker.structure import parse

DAY = date(2026, 1, 1)
SIZE = 50


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_ruleset())


def fresh() -> Iterator[list[bytes]]:
    """Batches of documents that differ from each other."""
    rng = random.Random(20_260_101)
    while True:
        yield [make(rng, 4000).encode() for _ in range(SIZE)]


BATCHES = fresh()


def batch() -> list[bytes]:
    return next(BATCHES)


def sources() -> list[SourceText]:
    return [read_bytes(data, "d.txt") for data in batch()]


def documents() -> list[Document]:
    return [parse(source) for source in sources()]


def clauses() -> list[str]:
    return [text for source in sources() for text in source.shadow.split("。")]


def stage(benchmark: Any, setup: Callable[[], list[Any]], work: Callable[[Any], object]) -> None:
    """Time ``work`` over each of what ``setup`` makes anew for every round."""
    result = benchmark.pedantic(
        lambda items: [work(item) for item in items], setup=lambda: ((setup(),), {}), rounds=8
    )
    assert len(result) >= SIZE


def test_read(benchmark: Any) -> None:
    stage(benchmark, batch, lambda data: read_bytes(data, "d.txt"))


def test_structure(benchmark: Any) -> None:
    stage(benchmark, sources, parse)


def test_prefilter(benchmark: Any, matcher: Matcher) -> None:
    stage(benchmark, documents, lambda d: list(matcher.anchors.candidates(Segments(d))))


def test_clauses(benchmark: Any) -> None:
    stage(benchmark, clauses, analyse)


def test_citations(benchmark: Any) -> None:
    stage(benchmark, clauses, find_citations)


def test_matching(benchmark: Any, matcher: Matcher) -> None:
    stage(benchmark, documents, lambda d: matcher.check(d, DAY))


def test_whole(benchmark: Any) -> None:
    checker = Checker()
    stage(benchmark, batch, lambda data: checker.check_bytes(data, "d.txt").to_json())
