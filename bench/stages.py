"""Stages: where the time of a check goes, stage by stage, on made-up documents and on a real folder.

    python bench/stages.py [FOLDER…] [--documents 200] [--rounds 5] [--write]

A clock stands at the door of every stage; time spent in a stage that another one calls counts for the
inner one only, so the stages add up to the whole. What the clocks themselves cost is shown: the same
documents are checked without them in turn. What a process remembers of shapes is forgotten before
every round, so a round is as expensive as the first of a new process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

from bench.corpus import write
from bench.figures import circumstances, keep, median, table
from checker import (
    anchors,
    bases,
    citations,
    clauses,
    irregularities,
    matching,
    references,
    shapes,
    structure,
    validity,
)
from checker.api import Checker
from checker.report import Report
from checker.segments import Segments
from checker.sources import SUPPORTED_SUFFIXES, read_path, wrapping
from checker.sources import text as source_text

Stages = dict[str, tuple[tuple[Any, str], ...]]
#: Stage -> functions by which it is entered: a module's function, or a class and its method.
STAGES: Stages = {
    "read": (
        (sys.modules["checker.sources"], "load"),
        (sys.modules["checker.sources"], "read_bytes"),
    ),
    "unify": ((source_text, "unify"), (wrapping, "find_soft_breaks")),
    "structure": ((structure, "parse"),),
    "prefilter": ((anchors.Anchors, "candidates"),),
    "clauses": (
        (Segments, "clause"),
        (clauses, "analyse"),
        (clauses.Clause, "governor"),
        (clauses.Clause, "modalities"),
        (clauses.Clause, "bearers"),
        (clauses.Clause, "context"),
        (clauses.Clause, "speech"),
    ),
    "citations, references": (
        (citations, "find_citations"),
        (references, "find_references"),
    ),
    "laws in force": ((bases, "find_base_problems"),),
    "validity": ((validity, "find_validity_problems"), (validity, "read_validity")),
    "form": ((irregularities, "find_irregularities"),),
    "matching, conditions": ((matching.Matcher, "check"),),
    "report": ((Checker, "_judge"), (Report, "to_json")),
}


class Clock:
    """Time by stage; the innermost open stage is the one that is charged."""

    def __init__(self, stages: Iterable[str]) -> None:
        self.seconds = dict.fromkeys(stages, 0.0)
        self.open: list[str] = []
        self.last = 0.0

    def enter(self, stage: str) -> None:
        """Charge the stage above up to now, open this one."""
        now = time.perf_counter()
        if self.open:
            self.seconds[self.open[-1]] += now - self.last
        self.open.append(stage)
        self.last = now

    def leave(self) -> None:
        """Charge the innermost stage up to now and close it."""
        now = time.perf_counter()
        self.seconds[self.open.pop()] += now - self.last
        self.last = now

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with the clock at its door; of a generator, at every step."""

        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                result = function(*args, **named)
            finally:
                self.leave()
            return self._steps(stage, result) if isinstance(result, Iterator) else result

        return timed

    def _steps(self, stage: str, steps: Iterator[Any]) -> Iterator[Any]:
        while True:
            self.enter(stage)
            try:
                step = next(steps)
            except StopIteration:
                return
            finally:
                self.leave()
            yield step


@contextmanager
def clocks(stages: Stages = STAGES) -> Iterator[Clock]:
    """Put a clock at the door of every stage, wherever its functions were imported to."""
    clock = Clock(stages)
    undo: list[tuple[Any, str, Any]] = []

    def put(holder: Any, name: str, value: Any) -> None:
        undo.append((holder, name, getattr(holder, name)))
        setattr(holder, name, value)

    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] == "checker"]
    for stage, doors in stages.items():
        for holder, name in doors:
            door = holder.__dict__[name]
            if isinstance(door, cached_property):
                put(door, "func", clock.around(stage, door.func))
            elif isinstance(holder, type):
                put(holder, name, clock.around(stage, door))
            else:
                timed = clock.around(stage, door)
                for module in modules:
                    if module.__dict__.get(name) is door:
                        put(module, name, timed)
    try:
        yield clock
    finally:
        for holder, name, value in reversed(undo):
            setattr(holder, name, value)


def check_all(checker: Checker, files: list[Path]) -> float:
    """Seconds to check all files to JSON, with nothing remembered of their shapes."""
    shapes.shape.cache_clear()
    citations._shape.cache_clear()
    start = time.perf_counter()
    for path in files:
        checker.check_file(path).to_json()
    return time.perf_counter() - start


def stage_table(folder: Path, name: str, rounds: int) -> list[str]:
    """Lines of the table of one folder."""
    files = sorted(p for p in folder.rglob("*") if p.suffix in SUPPORTED_SUFFIXES)
    characters = sum(len(read_path(path).text) for path in files)
    checker = Checker()
    check_all(checker, files[:3])  # imports, register
    bare, clocked, stages = [], [], []
    for _ in range(rounds):
        bare.append(check_all(checker, files))
        with clocks() as clock:
            clocked.append(check_all(checker, files))
        stages.append(clock.seconds)
    whole, with_clocks = median(bare), median(clocked)
    rows = []
    for stage in STAGES:
        seconds = median(seconds[stage] for seconds in stages)
        rows.append(_row(stage, seconds, len(files), characters, with_clocks))
    rest = median(c - sum(s.values()) for c, s in zip(clocked, stages, strict=True))
    rows.append(_row("outside of these", rest, len(files), characters, with_clocks))
    rows.append(_row("**whole, with clocks**", with_clocks, len(files), characters, with_clocks))
    rows.append(_row("**whole, without**", whole, len(files), characters, with_clocks))
    return [
        f"{name}: {len(files)} documents, {characters} characters, {rounds} rounds in turn, medians.",
        "",
        *table(("stage", "ms a document", "µs a character", "share"), rows),
    ]


def _row(stage: str, seconds: float, files: int, characters: int, whole: float) -> list[str]:
    return [
        stage, f"{seconds / files * 1e3:.3f}", f"{seconds / characters * 1e6:.3f}", f"{seconds / whole:.1%}",
    ]  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the tables in the README")
    options = parser.parse_args()
    lines = [f"{circumstances()}."]
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        write(made, options.documents, seed=12)
        lines += ["", *stage_table(made, "Made from seed 12", options.rounds)]
    for folder in options.folders:
        lines += ["", *stage_table(folder, f"`{folder.name}/` (real)", options.rounds)]
    print("\n".join(lines))
    if options.write:
        keep("stages", lines)


if __name__ == "__main__":
    main()
