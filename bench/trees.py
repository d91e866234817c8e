"""Trees: resident memory and processor time of a process with all that it started (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Member:
    """One process: its parent, when it started (ticks since boot), processor seconds, resident bytes."""

    pid: int
    parent: int
    started: int
    seconds: float
    resident: int

    @property
    def command(self) -> str:
        """Its command line; "" where it has ended."""
        try:
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            return ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment: seconds since the start, how far the work was then, resident bytes of the tree."""

    at: float
    progress: int
    resident: int


def tree(root: int) -> list[Member]:
    """A process and all below it that are there now. Pages that several of them share count for each."""
    members = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            member = _member(int(name))
            if member is not None:
                members[member.pid] = member
    below: dict[int, list[int]] = {}
    for member in members.values():
        below.setdefault(member.parent, []).append(member.pid)
    found, left = [], [root]
    while left:
        pid = left.pop()
        if pid in members:
            found.append(members[pid])
            left.extend(below.get(pid, ()))
    return found


def _member(pid: int) -> Member | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended
        return None
    # pid (name) state ppid …: fields of proc(5), counted after the name, which may hold anything
    fields = stat[stat.rindex(")") + 2 :].split()
    seconds = (int(fields[11]) + int(fields[12])) / _TICK
    return Member(pid, int(fields[1]), int(fields[19]), seconds, int(fields[21]) * _PAGE)


@dataclass(slots=True)
class Watch:
    """Samples a tree from a thread while a ``with`` block runs; ``each`` is told of every sample,
    ``wall`` is how many seconds the block took."""

    root: int
    progress: Callable[[], int]
    each: Callable[[Sample, list[Member]], None] = lambda _, __: None
    pause: float = 1.0
    samples: list[Sample] = field(default_factory=list)
    _spent: dict[tuple[int, int], float] = field(default_factory=dict)
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None
    wall: float = 0.0
    _start: float = 0.0

    def __enter__(self) -> Watch:
        self._start = time.monotonic()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.wall = time.monotonic() - self._start

    @property
    def seconds(self) -> float:
        """Processor seconds of every process that was ever seen, as of when it was seen last."""
        return sum(self._spent.values())

    def peak(self, progress: int) -> int:
        """Most resident bytes in any sample until the work was so far."""
        return max((s.resident for s in self.samples if s.progress <= progress), default=0)

    def _run(self) -> None:
        while not self._over.wait(self.pause):
            members = tree(self.root)
            if not members:
                return
            self._spent.update({(m.pid, m.started): m.seconds for m in members})
            resident = sum(member.resident for member in members)
            sample = Sample(time.monotonic() - self._start, self.progress(), resident)
            self.samples.append(sample)
            self.each(sample, members)
