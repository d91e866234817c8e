"""Running: executions of targets in processes of their own, so that one that dies or hangs costs one input.

Input ``n`` of a target comes from (seed, name of the target, n) alone: the same on every machine.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import Any

from bench.fuzz.targets import TARGETS, Target

#: Seconds of processor time that one small input may take.
MOST_SECONDS = 5.0
#: Seconds without a new input after which a process is ended.
HANG_SECONDS = 60
#: Bytes of memory over what the process takes by itself.
MOST_MEMORY = 2 * 2**30
SLOWEST = 5
_BY_NAME = {target.name: target for target in TARGETS}
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Crash:
    """An input that ended in something undeclared; ``place`` is where in the code."""

    target: str
    number: int
    kind: str
    place: str


@dataclass(slots=True)
class Tally:
    """What came of the inputs of a target so far; ``slowest`` holds (seconds, number)."""

    target: str
    done: int = 0
    outcomes: set[str] = field(default_factory=set)
    crashes: list[Crash] = field(default_factory=list)
    slowest: list[tuple[float, int]] = field(default_factory=list)
    seconds: float = 0.0
    memory: int = 0


def execute(target: Target, seed: int, number: int) -> tuple[str, Crash | None, float]:
    """Outcome, crash if any and processor seconds of one input."""
    began = time.process_time()
    crash: Crash | None = None
    outcome = ""
    try:
        outcome = target.run(target.make(Random(f"{seed}/{target.name}/{number}")))
    except Exception as fault:
        crash = Crash(
            target.name,
            number,
            f"{type(fault).__name__}: {str(fault).partition(chr(10))[0][:120]}",
            _place(fault),
        )
    seconds = time.process_time() - began
    if crash is None and seconds > MOST_SECONDS:
        crash = Crash(target.name, number, f"slow: {seconds:.1f} s", "")
    return outcome, crash, seconds


def _place(fault: Exception) -> str:
    """The last two places in the project's own code."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [f for f in frames if "/checker/" in f.filename or "/bench/fuzz/" in f.filename]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(own[-2:]))


def _work(target: Target, seed: int, span: range, at: Any, pipe: Connection) -> None:
    """The inputs of a span in this process; sends what came of them each second."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST_MEMORY,) * 2)
    tally, sent = Tally(target.name), time.monotonic()
    for number in span:
        at.value = number
        outcome, crash, seconds = execute(target, seed, number)
        tally.done += 1
        tally.seconds += seconds
        tally.outcomes.add(outcome)
        if crash is not None:
            tally.crashes.append(crash)
        if number > span.start:  # the first one also loads what is needed
            tally.slowest = nlargest(SLOWEST, [*tally.slowest, (seconds, number)])
        if crash is not None or time.monotonic() - sent > 1:
            tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            pipe.send(tally)
            tally, sent = Tally(target.name), time.monotonic()
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    pipe.send(tally)
    pipe.close()


class _Process:
    """A process at the inputs of one target."""

    def __init__(self, target: Target, seed: int, first: int, last: int) -> None:
        self.target = target
        self.at = _FORK.Value("q", first, lock=False)
        self.pipe, theirs = _FORK.Pipe(duplex=False)
        self.process = _FORK.Process(
            target=_work, args=(target, seed, range(first, last), self.at, theirs)
        )
        self.process.start()
        theirs.close()
        self.seen, self.since = first, time.monotonic()

    def hangs(self) -> bool:
        """Whether it has been at one input for too long."""
        if self.at.value != self.seen:
            self.seen, self.since = self.at.value, time.monotonic()
        return time.monotonic() - self.since > HANG_SECONDS

    def end(self) -> None:
        """End it, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(
    targets: Iterable[Target], seed: int, counts: dict[str, int], jobs: int = 1
) -> Iterator[Tally]:
    """Run so many inputs of each target; yields what came of them in pieces, as it comes."""
    waiting = [(target, 0) for target in targets]
    running: list[_Process] = []
    # Processes that are killed leave their files; they lie where this one takes them away.
    usual, folder = tempfile.tempdir, tempfile.TemporaryDirectory(prefix="fuzz-")
    tempfile.tempdir = folder.name
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                target, first = waiting.pop(0)
                running.append(_Process(target, seed, first, counts[target.name]))
            ready = wait([p.pipe for p in running], timeout=1)
            for p in list(running):
                ended = False
                if p.pipe in ready:
                    try:
                        yield p.pipe.recv()
                    except (EOFError, OSError):
                        ended = True
                hung = not ended and p.hangs()
                if not ended and not hung:
                    continue
                if ended:
                    p.process.join(10)
                p.end()
                running.remove(p)
                number = p.at.value
                if hung or p.process.exitcode != 0:
                    kind = "hangs" if hung else f"process ended with {p.process.exitcode}"
                    yield Tally(p.target.name, 1, crashes=[Crash(p.target.name, number, kind, "")])
                    waiting.insert(0, (p.target, number + 1))
    finally:
        for p in running:
            p.end()
        tempfile.tempdir = usual
        folder.cleanup()


def add(whole: Tally, part: Tally) -> None:
    """Add what came of some inputs to what is known of the target."""
    whole.done += part.done
    whole.outcomes |= part.outcomes
    whole.crashes += part.crashes
    whole.slowest = nlargest(SLOWEST, [*whole.slowest, *part.slowest])
    whole.seconds += part.seconds
    whole.memory = max(whole.memory, part.memory)


def by_name(name: str) -> Target:
    """The target of a name. Raises KeyError."""
    return _BY_NAME[name]
