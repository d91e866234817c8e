"""bench/incremental.py: the documents differ in one article a round, and the table can be made."""

from __future__ import annotations

import random

from bench.corpus import document
from bench.incremental import changed, measured, memory_line


def test_one_article_changes_a_round() -> None:
    rng = random.Random(1)
    lines = document(rng, 2000).split("\n")
    after = changed(lines, rng, 3)
    assert len(after) == len(lines)
    assert sum(a != b for a, b in zip(lines, after, strict=True)) == 1


def test_the_table_has_both_checks_of_every_stage() -> None:
    lines = measured(characters=2000, rounds=1)
    assert "equal to the byte" in lines[0]
    assert "| keys and memory | 0 |" in "\n".join(lines)
    assert "of at most 10000000 characters" in memory_line(2000)
