"""Many documents: finding them in folders, and spreading them over processes."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from checker.report import Report

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

#: Documents handed to each process ahead of the one waited for: bounds memory, keeps order.
AHEAD = 8
#: With fewer documents than this, starting processes costs more than it saves.
MANY = 64
#: Documents that no reader opens yet: met in a folder they are reported, never passed over.
CLOSED_SUFFIXES: frozenset[str] = frozenset()


class Job(NamedTuple):
    """A file to check, the name to report it under, and why it cannot be opened, if known."""

    path: Path
    name: str
    problem: str = ""


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
    work: Callable[[Job], Result],
    jobs: list[Job],
    processes: int | None,
    lost: Callable[[Job, str], Result],
) -> Iterator[Result]:
    """What ``work`` makes of each job, in the order of ``jobs``, from this process or from several.

    ``processes`` None means one per processor where there are many documents and processes start
    cheaply. A process that dies costs only the document it died of: ``lost`` says so instead.
    """
    if processes is None:
        processes = _processors() if len(jobs) >= MANY and _can_fork() else 1
    processes = min(processes, len(jobs))
    return _in_processes(work, jobs, processes, lost) if processes > 1 else map(work, jobs)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_fork() -> bool:
    # A forked child of a process with threads may wait for a lock that nobody will release.
    import threading

    return sys.platform == "linux" and threading.active_count() == 1


def _pool(work: Callable[[Job], Any], processes: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("fork" if _can_fork() else "spawn")
    return ProcessPoolExecutor(processes, context, _receive, (work,))


_WORK: list[Callable[[Job], Any]] = []


def _receive(work: Callable[[Job], Any]) -> None:
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


def _run(job: Job) -> Any:
    return _WORK[0](job)


def _in_processes(
    work: Callable[[Job], Result],
    jobs: list[Job],
    processes: int,
    lost: Callable[[Job, str], Result],
) -> Iterator[Result]:
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[tuple[Job, Future[Result]]] = deque()
    left = iter(jobs)
    pool = _pool(work, processes)
    try:
        while True:
            while len(waiting) < processes * AHEAD and (job := next(left, None)) is not None:
                waiting.append((job, _submit(pool, job)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool:
                suspects = [job for job, _ in waiting]
                waiting.clear()
                pool.shutdown()
                for job in suspects:
                    yield _alone(work, job, lost)
                pool = _pool(work, processes)
            else:
                waiting.popleft()
                yield result
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, job: Job) -> Future[Any]:
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.submit(_run, job)
    except BrokenProcessPool as fault:
        broken: Future[Any] = Future()
        broken.set_exception(fault)
        return broken


def _alone(work: Callable[[Job], Result], job: Job, lost: Callable[[Job, str], Result]) -> Result:
    from concurrent.futures.process import BrokenProcessPool

    with _pool(work, 1) as pool:
        try:
            result: Result = _submit(pool, job).result()
        except BrokenProcessPool:
            return lost(job, "检查进程意外终止（可能是内存不足）")
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
