"""Shapes: what is shipped is what the grammars give."""

from __future__ import annotations

import json
import sys

import pytest

from checker.resources import resource
from checker.shapes import STARTS, parse, shape

TABLE = json.loads(resource("grammars", "shapes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", sorted(TABLE))
def test_shipped_shapes_are_those_of_the_grammar(key: str) -> None:
    grammar, start = key.split(".")
    for letters, rows in TABLE[key].items():
        assert [list(row) for row in parse(grammar, start, letters)] == rows, letters


def test_every_grammar_has_shapes() -> None:
    assert set(TABLE) == {f"{g}.{start}" for g, starts in STARTS.items() for start in starts}


def test_an_unknown_shape_is_parsed() -> None:
    letters = "T" + "bcdb" * 30
    assert letters not in TABLE["structure.block"]
    assert len(shape("structure", "block", letters)) == len(letters)


def test_common_documents_need_no_parser() -> None:
    import subprocess

    code = (
        "import random, sys; from bench.corpus import document; from checker.structure import parse;"
        "from checker.sources.text import unify;"
        "parse(unify('d', document(random.Random(7), 3000)));"
        "print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
