"""Documents: parse every file of a folder; check that spans join, count articles, time each.

    python bench/documents.py FOLDER

Where the folder has an index.jsonl with ``file`` and ``article_count`` the counts are compared.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from checker.document import Document
from checker.sources import SUPPORTED_SUFFIXES, read_path
from checker.structure import parse


def joined(document: Document) -> bool:
    """Whether the own spans of all provisions, in order, give back the text."""
    text = document.source.text
    pieces = []
    for node in document.provisions:
        children = document.children(node)
        pieces.append(text[node.start : children[0].start if children else node.end])
    return "".join(pieces) == text


def expected_articles(folder: Path) -> dict[str, int]:
    """Article counts by file name from index.jsonl, where there is one."""
    index = folder / "index.jsonl"
    if not index.exists():
        return {}
    records = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
    return {r["file"]: r["article_count"] for r in records if "article_count" in r}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    expected = expected_articles(folder)
    files = sorted(p for p in folder.iterdir() if p.suffix in SUPPORTED_SUFFIXES)
    timed: list[tuple[float, int, str]] = []
    broken = wrong = 0
    for path in files:
        source = read_path(path)
        start = time.perf_counter()
        document = parse(source)
        timed.append((time.perf_counter() - start, len(source.text), path.name))
        if not joined(document):
            broken += 1
            print(f"spans do not join: {path.name}")
        articles = sum(p.kind == "article" for p in document.walk())
        if path.name in expected and articles != expected[path.name]:
            wrong += 1
            print(f"articles: {articles}, index says {expected[path.name]}: {path.name}")
    total = sum(t for t, _, _ in timed)
    size = sum(n for _, n, _ in timed)
    print(
        f"{len(files)} files, {size} characters, {total:.2f} s = {total / max(size, 1) * 1e6:.2f} µs "
        f"a character; spans broken in {broken}; article counts differ in {wrong} of {len(expected)}"
    )
    for seconds, characters, name in sorted(timed, reverse=True)[:3]:
        print(f"  slowest: {seconds * 1000:.1f} ms, {characters} characters, {name}")


if __name__ == "__main__":
    main()
