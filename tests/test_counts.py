"""Counts: a check must not cost more calls or memory than was accepted last (bench/counts.json)."""

from __future__ import annotations

import pytest

from bench.counting import TOLERANCE, accepted, count, grown, version


def test_grown_names_only_what_is_above_the_tolerance() -> None:
    before = {"calls": 1000, "peak_kib": 100}
    assert grown({"calls": round(1000 * (1 + TOLERANCE)), "peak_kib": 90}, before) == []
    assert grown({"calls": 1051, "peak_kib": 100}, before) == [
        "calls: 1,051, accepted 1,000 (+5.1%)"
    ]
    assert grown({"instructions": 5}, before) == []


def test_a_check_costs_no_more_than_accepted() -> None:
    before = accepted()
    if before.python != version():
        pytest.skip(f"accepted counts are of {before.python}, this is {version()}")
    worse = grown(count(before.rules), before.counts)
    assert not worse, f"{worse}; if that is meant: python bench/counting.py --accept --instructions"
