"""Many documents: finding them in folders, and spreading them over processes."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from checker.report import Report

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

#: Documents handed to each process ahead of the one waited for: bounds memory, keeps order.
AHEAD = 8
#: So often may a process die before the next task is done, where tasks are handed out again.
DEATHS = 3
#: With fewer documents than this, starting processes costs more than it saves.
MANY = 64
#: Documents that no reader opens yet: met in a folder they are reported, never passed over.
CLOSED_SUFFIXES = frozenset({".doc", ".wps", ".rtf", ".odt", ".pdf", ".ofd"})


class Job(NamedTuple):
    """A file to check, the name to report it under, and why it cannot be opened, if known."""

    path: Path
    name: str
    problem: str = ""


Task = TypeVar("Task")
Result = TypeVar("Result")


def jobs_for(
    path: Path, readable: Collection[str], excludes: Callable[[Path], bool] | None = None
) -> list[Job]:
    """The files to check at a path: itself, or every document below a folder, by name.

    Names never hold an absolute path. Hidden files, the lock files of Word and files that are no
    documents are passed over; a folder that cannot be opened or holds no document is a job with a
    problem. ``readable`` are the suffixes that can be read; a file that ``excludes`` holds of is
    passed over, unless it is the path itself.
    """
    if not path.is_dir():
        return [Job(path, shown(path))]
    base = Path() if path.is_absolute() else path
    closed: list[Job] = []

    def unopened(fault: OSError) -> None:
        place = base / os.path.relpath(fault.filename, path)
        closed.append(Job(place, place.as_posix(), f"无法打开文件夹：{fault.strerror}"))

    suffixes = CLOSED_SUFFIXES.union(readable)
    found: list[Job] = []
    for folder, folders, files in os.walk(path, onerror=unopened):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.startswith((".", "~$")) or Path(name).suffix.lower() not in suffixes:
                continue
            file = Path(folder, name)
            if excludes is None or not excludes(file):
                found.append(Job(file, (base / file.relative_to(path)).as_posix()))
    if not found and not closed:
        kinds = "、".join(sorted(readable))
        return [Job(path, shown(path), f"文件夹中没有可以检查的文件（{kinds}）")]
    return sorted([*found, *closed], key=lambda job: job.name)


def listed(
    paths: Iterable[str | Path],
    excludes: Callable[[Path], bool] | None = None,
    only: Collection[Path] | None = None,
) -> list[Job]:
    """The files to check at some paths, in the order given, as :func:`jobs_for`.

    With ``only`` (resolved paths) just those among them, and what cannot be opened.
    """
    from checker.sources import SUPPORTED_SUFFIXES

    jobs = [job for path in paths for job in jobs_for(Path(path), SUPPORTED_SUFFIXES, excludes)]
    return [job for job in jobs if only is None or job.path.resolve() in only or job.problem]


def shown(path: Path) -> str:
    """How a path is named in a report: as given, but never where on this machine it lies."""
    return path.name if path.is_absolute() else path.as_posix()


def check_each(
    check: Callable[[Job], Report], jobs: list[Job], processes: int | None
) -> Iterator[Report]:
    """The report of each job, as :func:`for_each`."""
    return for_each(
        check, jobs, processes, lambda job, why: Report(job.name, error=why, internal=True)
    )


def for_each(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    processes: int | None,
    lost: Callable[[Task, str], Result],
) -> Iterator[Result]:
    """What ``work`` makes of each task, in the order of ``tasks``, from one or several processes.

    ``processes`` None means one per processor where there are many tasks and processes start
    cheaply. A process that dies costs only the task it died of: ``lost`` says so instead.
    """
    if processes is None:
        processes = processors() if len(tasks) >= MANY and _can_fork() else 1
    processes = min(processes, len(tasks))
    if processes <= 1:
        return map(work, tasks)
    return in_processes(work, tasks, processes, lost, fork=_can_fork())


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_fork() -> bool:
    # A forked child of a process with threads may wait for a lock that nobody will release.
    import threading

    return sys.platform == "linux" and threading.active_count() == 1


def _pool(work: Callable[[Any], Any], processes: int, fork: bool) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("fork" if fork else "spawn")
    return ProcessPoolExecutor(processes, context, _receive, (work,))


_WORK: list[Callable[[Any], Any]] = []


def _receive(work: Callable[[Any], Any]) -> None:
    from threading import Thread

    _WORK[:] = [work]
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it was killed, rather than wait for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(task: object) -> Any:
    return _WORK[0](task)


def in_processes(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    processes: int,
    lost: Callable[[Task, str], Result] | None,
    *,
    fork: bool = False,
    ahead: int = AHEAD,
) -> Iterator[Result]:
    """As :func:`for_each`, always in processes of their own; tasks are taken as they are needed.

    At most ``ahead`` tasks a process are under way. Without ``fork`` processes start afresh, which
    is slower and safe whatever threads this one has; ``work`` and the tasks then must be pickled.
    Without ``lost`` the tasks under way with a process that dies are handed out again; raises
    BrokenProcessPool where processes die again and again and nothing gets done.
    """
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[tuple[Task, Future[Result]]] = deque()
    left, deaths = iter(tasks), 0
    pool = _pool(work, processes, fork)
    try:
        while True:
            for task in islice(left, processes * ahead - len(waiting)):
                waiting.append((task, _submit(pool, task)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool:
                deaths += 1
                suspects = [task for task, _ in waiting]
                waiting.clear()
                pool.shutdown()
                if lost is not None:
                    for task in suspects:
                        yield _alone(work, task, lost, fork)
                elif deaths > DEATHS:
                    raise
                else:
                    left = chain(suspects, left)
                pool = _pool(work, processes, fork)
            else:
                deaths = 0
                waiting.popleft()
                yield result
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, task: object) -> Future[Any]:
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.submit(_run, task)
    except BrokenProcessPool as fault:
        broken: Future[Any] = Future()
        broken.set_exception(fault)
        return broken


def _alone(
    work: Callable[[Task], Result], task: Task, lost: Callable[[Task, str], Result], fork: bool
) -> Result:
    from concurrent.futures.process import BrokenProcessPool

    with _pool(work, 1, fork) as pool:
        try:
            result: Result = _submit(pool, task).result()
        except BrokenProcessPool:
            return lost(task, "检查进程意外终止（可能是内存不足）")
    return result


def internal_error(fault: Exception) -> str:
    """An internal error in one line, with the place in the code."""
    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = ""
    if last is not None:
        place = f"，{Path(last.tb_frame.f_code.co_filename).name} 第 {last.tb_lineno} 行"
    return f"引擎内部错误（{type(fault).__name__}: {fault}{place}）"
