"""Hostile files: each ends in a result that says what it should, within limits of time and memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench.ordeal import LIMITS, Result, Trial, cases, page, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")

EVERY = list(cases(every=True))
LIGHT = [(reader, case) for reader, case in EVERY if not case.heavy]


@pytest.fixture(scope="module")
def tried() -> Iterator[Callable[..., Result]]:
    """Try a case, in one worker for all."""
    given: list[tuple[str, Any]] = []
    results = run(iter(given.pop, None))

    def one(reader: str, case: Any) -> Result:
        given.append((reader, case))
        return next(results)

    yield one
    results.close()


@pytest.mark.parametrize(("reader", "case"), LIGHT, ids=[f"{r}-{c.title}" for r, c in LIGHT])
def test_it_ends_as_it_should(reader: str, case: Any, tried: Callable[..., Result]) -> None:
    result = tried(reader, case)
    assert (result.reader, result.title) == (reader, case.title)
    assert not result.wrong, result


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len(LIGHT) >= 500
    names = [(reader, case.title) for reader, case in EVERY]
    assert len(set(names)) == len(names)
    assert {case.expected for _, case in EVERY} == {"read", "gap", "refused"}


def test_the_page_counts_by_reader_and_state() -> None:
    trial = Trial("gap", "", True, "", False, 1.24, 3 * 2**20)
    made = page([Result("pdf", "甲", "gap", trial, ""), Result("ofd", "乙", "read", trial, "gap")])
    assert "| PDF | 1 | 0 | 1 | 0 | 1.2 | 3 |" in made
    assert "| 合计 | 2 | 0 | 2 | 0 | 1.2 | 3 |" in made
    assert "2 份中 1 份不符合预期" in made
    assert f"{LIMITS.seconds} 秒" in made and "| `pages` | 页数 | 2000 |" in made
