"""Runs: whole processes timed in turn, with peak memory; fits of growth."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of wall time and peak resident memory in MiB."""

    seconds: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Runs:
    """Repeated runs of one command."""

    name: str
    runs: tuple[Run, ...]

    @property
    def median(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def memory(self) -> float:
        """Largest peak memory in MiB."""
        return max(run.mebibytes for run in self.runs)


def run(command: Sequence[str]) -> Run:
    """Run a command to its end with output thrown away; exit codes above 3 are an error."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def in_turn(commands: Mapping[str, Sequence[str]], times: int = 5) -> dict[str, Runs]:
    """Run the commands A B A B … so that a slow moment of the machine hits all of them."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for command in commands.values():
        run(command)  # warm: files in memory, caches written
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(run(command))
    return {name: Runs(name, tuple(runs)) for name, runs in found.items()}


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Slope of log y over log x by least squares: how time grows with size."""
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    mx, my = statistics.fmean(xs), statistics.fmean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - mx) ** 2 for x in xs
    )
