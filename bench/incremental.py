"""Incremental: a second check of a long document after a change of one article, fresh and with a memory.

    python -m bench.incremental [--characters 350000] [--rounds 7] [--write]      (make bench-incremental)

Every round changes another article of the document of the round before; both checkers get the same text, one
after the other, and must give the same JSON. Then the same once more with clocks at the doors of the
stages (bench/stages.py): where the rest goes. Last, what the memory holds.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
import tracemalloc

from bench.corpus import document
from bench.figures import circumstances, keep, median, table
from bench.stages import STAGES, Stages, clocks
from checker import blocks
from checker.api import Checker
from checker.memory import Memory
from checker.passages import PassageReader

#: The stages of a check, with what only a check with a memory does.
WITH_MEMORY: Stages = {
    **STAGES,
    "keys and memory": ((blocks, "cut_blocks"), (Memory, "recall"), (Memory, "keep")),
    "passages": ((PassageReader, "__call__"),),
}


def changed(lines: list[str], rng: random.Random, number: int) -> list[str]:
    """The document with another sentence at the end of one article."""
    articles = [i for i, line in enumerate(lines) if line.startswith("第") and line.endswith("。")]
    i = rng.choice(articles)
    more = f"经营者应当在{number}日内缴纳保证金。"
    return [*lines[:i], lines[i] + more, *lines[i + 1 :]]


def seconds(checker: Checker, text: str) -> tuple[float, str]:
    """How long a check to JSON takes, and the JSON."""
    start = time.perf_counter()
    found = checker.check_text(text).to_json()
    return time.perf_counter() - start, found


def measured(characters: int, rounds: int) -> list[str]:
    """Lines of the report."""
    rng = random.Random(8)
    lines = document(rng, characters).split("\n")
    fresh, again = Checker(), Checker(memory=Memory())
    for checker in (fresh, again):
        checker.check_text("\n".join(lines))
    taken: dict[str, list[float]] = {"fresh": [], "again": []}
    inside: dict[str, list[dict[str, float]]] = {"fresh": [], "again": []}
    for number in range(2 * rounds):
        lines = changed(lines, rng, number + 1)
        text, found = "\n".join(lines), []
        for name, checker in (("fresh", fresh), ("again", again)):
            if number < rounds:
                spent, report = seconds(checker, text)
                taken[name].append(spent)
            else:
                with clocks(WITH_MEMORY) as clock:
                    _, report = seconds(checker, text)
                inside[name].append(clock.seconds)
            found.append(report)
        assert found[0] == found[1], "a check with a memory says something else"
    one, other = median(taken["fresh"]), median(taken["again"])
    size = len(text.encode())
    rows = [
        [stage, *(f"{median(s[stage] for s in inside[name]) * 1e3:.0f}" for name in taken)]
        for stage in WITH_MEMORY
    ]
    rows.append(
        ["**whole, with clocks**", *(f"{_whole(inside[name]) * 1e3:.0f}" for name in taken)]
    )
    rows.append(["**whole, without**", f"{one * 1e3:.0f}", f"{other * 1e3:.0f}"])
    return [
        f"One document of {len(text)} characters ({size / 1e6:.2f} MB), one article changed before each "
        f"check, {rounds} rounds in turn, medians in ms; the reports are equal to the byte. "
        f"A check with a memory takes 1/{one / other:.1f} of a fresh one.",
        "",
        *table(("stage", "fresh", "with a memory"), rows),
    ]


def _whole(rounds: list[dict[str, float]]) -> float:
    return median(sum(stages.values()) for stages in rounds)


def memory_line(characters: int) -> str:
    """What a memory holds after one document, and how many bytes that is."""
    memory = Memory()
    checker = Checker(memory=memory)
    checker.check_text("第一条　甲。")  # imports, register
    text = document(random.Random(8), characters)
    tracemalloc.start()
    checker.check_text(text)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    held, entries = memory.held, len(memory)
    memory.clear()
    gc.collect()
    freed = before - tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (
        f"The memory then holds {entries} entries, counted as {held} of at most {memory.characters} "
        f"characters: {freed / 1e6:.1f} MB, {freed / held:.1f} bytes a character counted."
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=350_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="keep the tables in the README")
    options = parser.parse_args()
    lines = [f"{circumstances()}.", "", *measured(options.characters, options.rounds)]
    lines += ["", memory_line(options.characters)]
    print("\n".join(lines))
    if options.write:
        keep("incremental", lines)


if __name__ == "__main__":
    main()
