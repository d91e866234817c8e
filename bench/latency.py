"""Latency: how long one library call takes, warm and cold, alone and from threads that share a Checker.

    python bench/latency.py [--calls 300] [--write]

Every call gets a text not seen before. Cold is a new process: from the start of Python to a Checker,
then its first call. Sizes are kB of UTF-8.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.corpus import document
from bench.figures import circumstances, keep, median, percentile, table
from checker.api import Checker

SIZES = (1, 10, 100)
_COLD = """
import sys, time
start = time.perf_counter()
from checker import Checker
checker = Checker()
ready = time.perf_counter()
checker.check_text(sys.stdin.read())
first = time.perf_counter()
print(f"[{ready - start}, {first - ready}]")
"""


def text_of(kilobytes: int, rng: random.Random) -> str:
    """A made-up document cut to a size in kB of UTF-8."""
    whole = document(rng, kilobytes * 1000 // 3 + 200).encode()
    return whole[: kilobytes * 1000].decode(errors="ignore")


def calls_for(kilobytes: int, calls: int) -> int:
    """Fewer calls for large texts: as many as take about as long."""
    return max(calls // kilobytes * 3, 100) if kilobytes > 1 else calls


def timed_calls(checker: Checker, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        checker.check_text(text)
        taken.append((time.perf_counter() - start) * 1e3)
    return taken


def warm(checker: Checker, calls: int) -> list[list[str]]:
    """Rows: one thread, then threads that share the Checker."""
    rng = random.Random(77)
    rows = []
    for size in SIZES:
        count = calls_for(size, calls)
        for threads in (1, 2, 4):
            texts = [text_of(size, rng) for _ in range(count)]
            gc.collect()
            start = time.perf_counter()
            if threads == 1:
                taken = timed_calls(checker, texts)
            else:
                shares = [texts[i::threads] for i in range(threads)]
                with ThreadPoolExecutor(threads) as pool:
                    taken = [
                        t for ts in pool.map(lambda s: timed_calls(checker, s), shares) for t in ts
                    ]
            rate = count / (time.perf_counter() - start)
            rows.append([
                f"{size} kB", str(threads), str(count),
                *(f"{percentile(taken, p):.2f}" for p in (50, 95, 99)), f"{rate:.0f}",
            ])  # fmt: skip
    return rows


def cold(runs: int) -> list[list[str]]:
    """Rows: a new process for each call."""
    rng = random.Random(78)
    rows = []
    for size in SIZES:
        ready, first, whole = [], [], []
        for _ in range(runs):
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", _COLD], input=text_of(size, rng).encode(),
                                  capture_output=True, check=True)  # fmt: skip
            whole.append((time.perf_counter() - start) * 1e3)
            a, b = json.loads(done.stdout)
            ready.append(a * 1e3)
            first.append(b * 1e3)
        rows.append([f"{size} kB", str(runs), *(f"{median(x):.0f}" for x in (ready, first, whole)),
                     f"{max(whole):.0f}"])  # fmt: skip
    return rows


def gil() -> str:
    """Whether threads run Python code at once here."""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return "with the GIL: threads share one core" if enabled else "free-threaded"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--runs", type=int, default=11, help="new processes a size")
    parser.add_argument("--write", action="store_true", help="keep the tables in the README")
    options = parser.parse_args()
    before = circumstances()
    checker = Checker()
    timed_calls(checker, [text_of(10, random.Random(i)) for i in range(50)])
    lines = [
        f"{before}; {gil()}. Warm, ms a call of `check_text`, every text a new one:", "",
        *table(("text", "threads", "calls", "p50", "p95", "p99", "calls a second"), warm(checker, options.calls)),
        "", "Cold, ms, medians: a new process for each call.", "",
        *table(("text", "runs", "import and `Checker()`", "first call", "whole process", "slowest"), cold(options.runs)),
    ]  # fmt: skip
    print("\n".join(lines))
    if options.write:
        keep("latency", lines)


if __name__ == "__main__":
    main()
