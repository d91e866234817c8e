"""Frequencies: how often characters and pairs of characters stand in real documents.

    python bench/frequencies.py FOLDER

Writes rulesets/frequencies.json (occurrences per million characters), from which the rarest word of
a pattern is chosen as its anchor. Never run it on the documents that throughput is measured on.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from pathlib import Path

from checker.resources import resource
from checker.sources import SUPPORTED_SUFFIXES, read_path

_LEAST_PAIR, _LEAST_SINGLE = 15, 50


def main() -> None:
    """Command line."""
    counts: Counter[str] = Counter()
    size = 0
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.suffix in SUPPORTED_SUFFIXES:
            text = read_path(path).shadow
            size += len(text)
            counts.update(text)
            counts.update(a + b for a, b in itertools.pairwise(text))
    table = {
        key: round(n * 1e6 / size)
        for key, n in sorted(counts.items())
        if n * 1e6 / size >= (_LEAST_SINGLE if len(key) == 1 else _LEAST_PAIR)
        and all("\u4e00" <= c <= "\u9fff" for c in key)
    }
    path = resource("rulesets", "frequencies.json")
    path.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{size} characters, {len(table)} entries")


if __name__ == "__main__":
    main()
