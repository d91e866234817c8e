"""Workers: processes of their own that do one task after another, within limits of time and memory.

A worker that dies, hangs or takes too much memory is ended and replaced; it costs the task it was at.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from checker.sources.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: Results that wait, for each process, until that of an earlier task is there: bounds memory.
AHEAD = 32
#: With fewer tasks than this, more than one process costs more than it saves.
MANY = 64
#: A second task is handed to a busy worker if it is no longer than this (bytes, pickled): it must fit
#: into the pipe, or both sides might wait for each other.
_SMALL = 4096
#: How long a process may take to start (seconds).
_START = 120
#: How long is waited at a time (seconds).
_STEP = 1
#: Exit code of a worker that ran into its limit of memory.
_FULL = 77
#: So many processes in a row may end where their tasks are handed out again.
DEATHS = 3
#: A task is tried again after a process died of it, since it may have died of something else.
TRIES = 2

Task = TypeVar("Task")
Result = TypeVar("Result")


class NoProcess(RuntimeError):
    """A process could not be started; the message says why."""


class Loss(NamedTuple):
    """Why there is no result: a limit that was hit, or else a process that ended by itself."""

    reason: str
    limit: bool


class Each(Protocol):
    """:func:`for_each` of which only work and tasks are open."""

    def __call__(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        lost: Callable[[Task, Loss], Result],
    ) -> Iterator[Result]: ...


def can_fork() -> bool:
    """Whether processes can be made of this one; a forked child of a process with threads may wait
    for a lock that nobody will release."""
    import threading

    return sys.platform == "linux" and threading.active_count() == 1


def can_cap() -> bool:
    """Whether the memory of a process can be limited here."""
    return sys.platform == "linux"


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def for_each(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    processes: int | None,
    lost: Callable[[Task, Loss], Result],
    *,
    limits: Limits = DEFAULT,
    isolate: bool | None = None,
) -> Iterator[Result]:
    """What ``work`` makes of each task, in the order of ``tasks``.

    With ``isolate`` as :func:`in_processes`, without it in this process; None means in processes
    where there are several tasks and processes start cheaply or were asked for. ``processes`` None
    means one per processor where there are many tasks and processes start cheaply.
    """
    if isolate is None:
        isolate = len(tasks) > 1 and (can_fork() or (processes or 1) > 1)
    if not isolate or not tasks:
        return _in_turn(work, tasks, lost)
    if processes is None:
        processes = processors() if len(tasks) >= MANY and can_fork() else 1
    processes = min(processes, len(tasks))
    return in_processes(work, tasks, processes, lost, fork=can_fork(), limits=limits)


def _in_turn(
    work: Callable[[Task], Result], tasks: Iterable[Task], lost: Callable[[Task, Loss], Result]
) -> Iterator[Result]:
    for task in tasks:
        try:
            yield work(task)
        except MemoryError:
            yield lost(task, Loss("内存不足", True))


def in_processes(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    processes: int,
    lost: Callable[[Task, Loss], Result] | None,
    *,
    fork: bool = False,
    limits: Limits | None = None,
    ahead: int = AHEAD,
) -> Iterator[Result]:
    """What ``work`` makes of each task, in their order; tasks are taken as they are needed.

    A task of which a process dies, or that goes beyond the seconds or the memory of ``limits`` (None:
    none), costs only itself: ``lost`` says what there is instead. What ``work`` raises is raised here.
    Without ``fork`` processes start afresh, which is slower and safe whatever threads this one has;
    ``work`` and the tasks then must be pickled. At most ``ahead`` tasks a process are under way.
    Without ``lost`` a task is handed out again; raises NoProcess where processes end again and again
    and nothing gets done.
    """
    pool = _Pool(partial(Worker, work, limits, fork), processes, tasks, lost, ahead)
    try:
        yield from pool.results()
    finally:
        pool.close()


class Worker:
    """One process, started at once. Not for several threads at the same time."""

    def __init__(self, work: Callable[[Any], Any], limits: Limits | None, fork: bool) -> None:
        from multiprocessing import get_context, util

        context: Any = get_context("fork" if fork else "spawn")
        self._limits = limits
        ours, theirs = context.Pipe()
        self.connection: Connection = ours
        memory = limits.memory if limits else None
        self._process = context.Process(target=_serve, args=(theirs, work, memory))
        self._process.start()
        # Ended with the interpreter too, which would wait for it; a process that ends so by itself
        # (daemon) could have none of its own, as the portions of a bulk run have.
        self._ending = util.Finalize(None, self._end, exitpriority=10)
        theirs.close()
        self.ready = False
        self.deadline = time.monotonic() + _START

    @property
    def closed(self) -> bool:
        """Whether the process is gone."""
        return self.connection.closed

    def send(self, data: bytes) -> None:
        """Hand over a pickled task; a process that is dead is noticed when its result is asked for."""
        with suppress(OSError):
            self.connection.send_bytes(data)

    def allow(self) -> None:
        """Let the time for what it does begin now."""
        self.deadline = time.monotonic() + (self._limits.seconds if self._limits else float("inf"))

    def receive(self) -> Any:
        """The next result, or a Loss of the task that it is at and then it is closed; waits until the
        deadline. What the work raised is raised. The first of all is None: that it is ready."""
        try:
            while not self.connection.poll(min(max(self.deadline - time.monotonic(), 0), 3600)):
                if time.monotonic() >= self.deadline:
                    return self._overrun()
            done, value = self.connection.recv()
        except (EOFError, OSError):
            return self._death()
        self.ready = True
        self.allow()
        if not done:
            raise value
        return value

    def greet(self) -> None:
        """Wait until it is ready. Raises NoProcess."""
        if isinstance(self.receive(), Loss):
            raise NoProcess('检查进程无法启动；用到多个进程的脚本要写 if __name__ == "__main__":')

    def _overrun(self) -> Loss:
        self.close()
        if self._limits is None or not self.ready:
            return Loss("检查进程没有启动", False)
        return Loss(f"{self._limits.beyond('seconds', '检查', ' 秒')}，已终止", True)

    def _death(self) -> Loss:
        import signal

        self._process.join()
        code = self._process.exitcode or 0
        self.close()
        if code == _FULL and self._limits:
            return Loss(f"{self._limits.beyond('memory', '检查占用的内存')}，已终止", True)
        if code == -signal.SIGABRT and self._limits:  # how libraries end that get no memory
            over = self._limits.beyond("memory", "内存")
            return Loss(f"检查进程意外终止（可能是{over}）", True)
        if code >= 0:
            why = f"返回值 {code}"
        else:
            why = "可能是内存不足" if code == -9 else signal.Signals(-code).name
        return Loss(f"检查进程意外终止（{why}）", False)

    def do(self, data: bytes) -> Any:
        """The result of a pickled task, or a Loss of it and then it is closed. Raises NoProcess,
        and what the work raised."""
        if not self.ready:
            self.greet()
        self.allow()
        self.send(data)
        return self.receive()

    def close(self) -> None:
        """End the process, whatever it is at; once is enough."""
        self._ending()

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


def _serve(
    connection: Connection[Any, Any], work: Callable[[Any], Any], memory: int | None
) -> None:
    """What a worker does: one task after another, until there is nobody to send more."""
    import signal
    from threading import Thread

    # Ctrl-C is for the process that waits for this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what was there before is not gone through, and so not copied, at every collection
    Thread(target=_end_with_parent, daemon=True).start()
    connection.send((True, None))
    try:
        while True:
            task = connection.recv()
            _cap(memory)
            connection.send(_outcome(work, task))
    except MemoryError:
        os._exit(_FULL)
    except (EOFError, BrokenPipeError):
        return


def _outcome(work: Callable[[Any], Any], task: object) -> tuple[bool, Any]:
    try:
        return True, work(task)
    except MemoryError:
        raise
    except Exception as fault:
        return False, fault


def _end_with_parent() -> None:
    """End this process when the one that started it was killed, rather than wait for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _cap(memory: int | None) -> None:
    """Let this process take so many bytes more than it has."""
    if memory is None or sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm", "rb") as file:
        pages = int(file.read().split()[0])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = pages * resource.getpagesize() + memory
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@dataclass(slots=True)
class _Errand:
    """A task on its way: its place in the order, its bytes, how many processes died of it."""

    number: int
    task: Any
    data: bytes
    deaths: int = 0


class _Pool:
    """Workers that share tasks, and the results that wait for their turn."""

    def __init__(
        self,
        start: Callable[[], Worker],
        processes: int,
        tasks: Iterable[Any],
        lost: Callable[[Any, Loss], Any] | None,
        ahead: int,
    ) -> None:
        self._start, self._lost = start, lost
        #: What each worker is at, first what it does now.
        self._busy: dict[Worker, deque[_Errand]] = {}
        self._left, self._taken, self._due = iter(tasks), 0, 0
        self._most, self._deaths = processes * ahead, 0
        self._queue: deque[_Errand] = deque()
        self._done: dict[int, Any] = {}
        for _ in range(processes):
            self._hire()

    def _hire(self) -> None:
        """One more worker, if the system has room for it. Raises NoProcess where there is none at all."""
        try:
            self._busy[self._start()] = deque()
        except OSError as fault:
            if not self._busy:
                why = fault.strerror or str(fault)
                raise NoProcess(f"系统不让再启动检查进程（{why}），请关闭一些程序后重试") from fault

    def results(self) -> Iterator[Any]:
        """The results in order."""
        while True:
            self._hand_out()
            if self._due in self._done:
                yield self._done.pop(self._due)
                self._due += 1
                self._collect(wait=False)
            elif any(self._busy.values()) or self._queue:
                self._collect(wait=True)
            else:
                return

    def _hand_out(self) -> None:
        """Give idle workers a task, then each of them a second one that fits into the pipe."""
        self._fill()
        for many in (0, 1):
            for worker, busy in self._busy.items():
                if not worker.ready or len(busy) != many or not self._fill():
                    continue
                if many and len(self._queue[0].data) > _SMALL:
                    return
                if not many:
                    worker.allow()
                worker.send(self._queue[0].data)
                busy.append(self._queue.popleft())

    def _fill(self) -> bool:
        """Whether there is a task to hand out; the next is taken unless results pile up."""
        import pickle

        if not self._queue and self._taken - self._due < self._most:
            for task in islice(self._left, 1):
                self._queue.append(_Errand(self._taken, task, pickle.dumps(task)))
                self._taken += 1
        return bool(self._queue)

    def _collect(self, wait: bool) -> None:
        """Take the results that are there; with ``wait`` wait for the first, or for a deadline."""
        from multiprocessing import connection

        at_work = [w for w, busy in self._busy.items() if busy or not w.ready]
        most = min(worker.deadline for worker in at_work) - time.monotonic() if at_work else 0
        timeout = min(max(most, 0), _STEP) if wait else 0
        start = time.monotonic()
        there = connection.wait([worker.connection for worker in at_work], timeout)
        now = time.monotonic()
        if now - start > timeout + _STEP:  # all of us stood still, by Ctrl-Z or with the machine
            for worker in at_work:
                worker.deadline += now - start - timeout
        for worker in at_work:
            if worker.connection in there or worker.deadline <= now:
                self._take(worker)

    def _take(self, worker: Worker) -> None:
        if not worker.ready:
            worker.greet()
            return
        outcome, busy = worker.receive(), self._busy[worker]
        if not isinstance(outcome, Loss):
            self._done[busy.popleft().number] = outcome
            self._deaths = 0
            return
        del self._busy[worker]
        self._hire()
        errand = busy[0]
        errand.deaths += 1
        self._deaths += 1
        if self._lost is None:
            if self._deaths > DEATHS:
                raise NoProcess(f"检查进程接连终止，没有进展：{outcome.reason}")
        elif outcome.limit or errand.deaths == TRIES:
            self._done[errand.number] = self._lost(errand.task, outcome)
            busy.popleft()
        self._queue.extendleft(reversed(busy))

    def close(self) -> None:
        """End every worker."""
        for worker in self._busy:
            worker.close()
