"""Throughput: whole processes against the plain loop, in turn.

    python bench/throughput.py [FOLDER] [--times 5] [--quick]

Without FOLDER a corpus of 1,000 documents is generated. Prints documents a second, MB a second, the
ratio to the plain loop, cold start over bare Python, two processes over one, and peak memory.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.corpus import document, write
from bench.runs import Runs, in_turn

PYTHON = sys.executable


def checker(*arguments: str) -> list[str]:
    """Command line of the installed checker."""
    return [PYTHON, "-m", "checker", "check", "-q", "--no-cache", "-f", "json", *arguments]


def commands(folder: Path, one: Path, big: Path) -> dict[str, list[str]]:
    """What is run, by name."""
    return {
        "corpus, one process": checker("--jobs", "1", str(folder)),
        "corpus, two processes": checker("--jobs", "2", str(folder)),
        "plain loop": [PYTHON, str(Path(__file__).with_name("plain.py")), str(folder)],
        "bare python": [PYTHON, "-c", "pass"],
        "cold start": checker(str(one)),
        "one 10 MB document": checker(str(big)),
    }


def table(found: dict[str, Runs], files: int, size: int) -> list[str]:
    """Lines of the report."""
    one, plain = found["corpus, one process"], found["plain loop"]
    lines = [f"{name:24} {r.median:8.3f} s  {r.memory:7.0f} MiB" for name, r in found.items()]
    lines += [
        f"documents a second, one core: {files / one.median:.0f}; MB a second: "
        f"{size / one.median / 1e6:.2f}",
        f"against the plain loop: {plain.median / one.median:.2f} x as fast",
        f"two processes against one: {one.median / found['corpus, two processes'].median:.2f} x",
        f"cold start over bare python: "
        f"{found['cold start'].median / found['bare python'].median:.1f} x",
        f"peak memory: corpus {one.memory:.0f} MiB, one 10 MB document "
        f"{found['one 10 MB document'].memory:.0f} MiB",
    ]
    return lines


def main() -> None:
    """Command line."""
    import random

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch, "corpus")
        if options.folder is None:
            write(folder, 1000)
        one, big = Path(scratch, "one.txt"), Path(scratch, "big.txt")
        one.write_text(document(random.Random(7), 3000), encoding="utf-8")
        big.write_text(document(random.Random(8), 3_400_000), encoding="utf-8")
        files = [p for p in folder.rglob("*") if p.suffix in (".txt", ".md")]
        size = sum(p.stat().st_size for p in files)
        print(f"{len(files)} documents, {size / 1e6:.1f} MB, {options.times} runs each, medians")
        for line in table(in_turn(commands(folder, one, big), options.times), len(files), size):
            print(line)


if __name__ == "__main__":
    main()
