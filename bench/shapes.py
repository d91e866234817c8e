"""Shapes: collect the letter strings that real documents give, for grammars/shapes.json.

    python bench/shapes.py FOLDER [FOLDER …]

Keeps each string that at least two documents have (citations: all), with its parse by the grammar.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from unittest import mock

from checker import citations, clauses, shapes, structure
from checker.matching import Matcher
from checker.resources import resource
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources import SUPPORTED_SUFFIXES, read_path

_LEAST = 2
_LONGEST = 48


def main() -> None:
    """Command line."""
    seen: Counter[tuple[str, str, str]] = Counter()
    own: set[tuple[str, str, str]] = set()

    def record(grammar: str, start: str, letters: str) -> shapes.Shape:
        own.add((grammar, start, letters))
        return shapes.shape(grammar, start, letters)

    matcher = Matcher(load_ruleset())
    with (
        mock.patch.object(structure, "shape", record),
        mock.patch.object(clauses, "shape", record),
        mock.patch.object(citations, "shape", record),
    ):
        for path in sorted(p for f in sys.argv[1:] for p in Path(f).rglob("*")):
            if path.suffix not in SUPPORTED_SUFFIXES:
                continue
            own.clear()
            document = structure.parse(read_path(path))
            matcher.check(document, date(2026, 1, 1))
            segments = Segments(document)
            for text in segments.shadow.split("\n")[::5]:
                clauses.analyse(text)
            seen.update(own)
    table: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for (grammar, start, letters), n in sorted(seen.items()):
        if (n >= _LEAST or grammar == "citation") and len(letters) <= _LONGEST:
            rows = list(shapes.parse(grammar, start, letters))
            table.setdefault(f"{grammar}.{start}", {})[letters] = rows
    path = resource("grammars", "shapes.json")
    path.write_text(
        json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace("]],", "]],\n") + "\n",
        encoding="utf-8",
    )
    print({key: len(rows) for key, rows in table.items()}, path.stat().st_size)


if __name__ == "__main__":
    main()
