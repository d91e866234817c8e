"""Counting: what a check costs in calls, memory and instructions, which no load on the machine changes.

    python bench/counting.py [--instructions] [--accept]      (make bench-count)

A child process with a fixed hash seed checks a fixed corpus with the rules that were accepted last
(new rules alone change nothing). Calls of Python and C functions are counted by cProfile, memory by
tracemalloc (peak KiB while checking), instructions by perf or callgrind (the process that checks less one
that only gets ready). More than 5 % above ``bench/counts.json`` is an error; ``--accept`` writes it.
Figures are compared only on the Python version that they were taken on.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import document
from checker.api import Checker

COUNTS = Path(__file__).with_name("counts.json")
ROOT = Path(__file__).parent.parent
TOLERANCE = 0.05
DOCUMENTS, LENGTH = 8, 3000


@dataclass(frozen=True, slots=True)
class Accepted:
    """The figures accepted last: the Python version they are of, the rules that ran, the counts."""

    python: str
    rules: tuple[str, ...]
    counts: dict[str, int]


def version() -> str:
    """The Python version whose counts can be compared: a patch may add or save calls."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def accepted() -> Accepted:
    """Read bench/counts.json."""
    data = json.loads(COUNTS.read_text(encoding="utf-8"))
    return Accepted(data["python"], tuple(data["rules"]), data["counts"])


def corpus() -> list[str]:
    """The documents that are checked."""
    rng = random.Random(4242)
    return [document(rng, LENGTH) for _ in range(DOCUMENTS)]


def run_checks(rules: Sequence[str], what: str) -> dict[str, int]:
    """In the child: check the corpus once to fill memories, then count the second time."""
    known = {rule.id for rule in Checker().ruleset.rules}
    checker = Checker(select=[rule for rule in rules if rule in known])
    texts = corpus()
    for text in texts[: len(texts) if what != "ready" else 1]:
        checker.check_text(text).to_json()
    if what in ("ready", "work"):
        return {}
    gc.collect()
    gc.disable()
    if what == "calls":
        import cProfile

        profile = cProfile.Profile()
        profile.enable()
        for text in texts:
            checker.check_text(text).to_json()
        profile.disable()
        return {"calls": sum(entry.callcount for entry in profile.getstats())}
    import tracemalloc

    tracemalloc.start()
    for text in texts:
        checker.check_text(text).to_json()
    return {"peak_kib": tracemalloc.get_traced_memory()[1] // 1024}


def _command(rules: Sequence[str], what: str) -> list[str]:
    code = (
        "import json, sys; from bench.counting import run_checks; "
        "print(json.dumps(run_checks(sys.stdin.read().split(), sys.argv[1])))"
    )
    return [sys.executable, "-c", code, what]


def _run(command: Sequence[str], rules: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)}
    environment["CHECKER_STATUTES"] = "none"
    return subprocess.run(
        command, input="\n".join(rules), env=environment, capture_output=True, text=True, check=True
    )


def count(rules: Sequence[str]) -> dict[str, int]:
    """Calls and peak memory of the rules on the corpus, each in a process of its own."""
    counts: dict[str, int] = {}
    for what in ("calls", "memory"):
        counts |= json.loads(_run(_command(rules, what), rules).stdout)
    return counts


def count_instructions(rules: Sequence[str]) -> dict[str, int]:
    """Instructions of checking alone, by perf or callgrind; empty where neither can count here."""
    for counter in (_by_perf, _by_callgrind):
        whole = counter(_command(rules, "work"), rules)
        if whole is not None:
            ready = counter(_command(rules, "ready"), rules)
            return {counter.__name__[4:] + "_instructions": whole - (ready or 0)}
    return {}


def _by_perf(command: Sequence[str], rules: Sequence[str]) -> int | None:
    if shutil.which("perf") is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".csv") as out:
        _run(["perf", "stat", "-x,", "-e", "instructions:u", "-o", out.name, *command], rules)
        m = re.search(r"^(\d+),", Path(out.name).read_text(), re.M)
    return int(m[1]) if m else None


def _by_callgrind(command: Sequence[str], rules: Sequence[str]) -> int | None:
    if shutil.which("valgrind") is None:
        return None
    done = _run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], rules)
    m = re.search(r"Collected : (\d+)", done.stderr)
    return int(m[1]) if m else None


def grown(counts: dict[str, int], before: dict[str, int]) -> list[str]:
    """What grew by more than the tolerance, one line each."""
    return [
        f"{name}: {value:,}, accepted {before[name]:,} ({value / before[name] - 1:+.1%})"
        for name, value in counts.items()
        if name in before and value > before[name] * (1 + TOLERANCE)
    ]


def accept(rules: Sequence[str], counts: dict[str, int]) -> None:
    """Write bench/counts.json."""
    value = {"python": version(), "rules": " ".join(rules).split(), "counts": counts}
    rows = [f'  "{key}": {json.dumps(item)}' for key, item in value.items()]
    COUNTS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instructions", action="store_true", help="perf or callgrind: a minute")
    parser.add_argument("--accept", action="store_true", help="write the figures as accepted")
    options = parser.parse_args()
    if options.accept:
        rules: Sequence[str] = [rule.id for rule in Checker().ruleset.rules]
    else:
        rules = accepted().rules
    counts = count(rules)
    if options.instructions:
        found = count_instructions(rules)
        counts |= found
        if not found:
            print("instructions: neither perf nor valgrind can count here, skipped")
    for name, value in counts.items():
        print(f"{name}: {value:,}")
    if options.accept:
        accept(rules, counts)
        return
    before = accepted()
    if before.python != version():
        print(f"not compared: the accepted figures are of {before.python}, this is {version()}")
        return
    worse = grown(counts, before.counts)
    if worse:
        raise SystemExit("more than 5 % above what was accepted:\n" + "\n".join(worse))
    print("within 5 % of what was accepted")


if __name__ == "__main__":
    main()
