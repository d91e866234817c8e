"""Unpacking: archives and e-mails among the files to check -> the documents they hold, as jobs.

They are opened in processes of their own, as documents are, since they may be made to do harm; and
nothing is written to disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import Protocol

from checker.batch import Job, is_document
from checker.sources import CONTAINER_SUFFIXES, SUPPORTED_SUFFIXES, is_mail, load
from checker.sources.errors import UnreadableSource, cause
from checker.sources.limits import Limits, applied
from checker.workers import Loss, can_fork, for_each

#: Files that hold others and are not opened; their readers say what to do.
_CLOSED = (".rar", ".7z")
_WANTED = frozenset((*SUPPORTED_SUFFIXES, *CONTAINER_SUFFIXES, *_CLOSED))
#: What is told where it cannot be opened; mail also has envelopes that hold documents.
_TOLD = _WANTED | {".dat", ".p7m"}
#: An archive or e-mail inside another is opened, one inside that is not.
_MOST_LEVELS = 2


class Contents(Protocol):
    """Files inside a file: their names, those refused with the reason, their bytes."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names."""

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Names of what is not read, each with the reason."""

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises UnreadableSource."""


def unpacked(jobs: Sequence[Job], limits: Limits, isolate: bool | None = None) -> list[Job]:
    """The jobs with each archive and e-mail replaced by the documents it holds, in their order.

    One that holds none, or cannot be opened, is a job with a problem. ``isolate`` as of
    :func:`checker.workers.for_each`.
    """
    held = [job for job in jobs if not job.problem and _may_hold(job.path.name)]
    if not held:
        return [*jobs]
    isolate = can_fork() if isolate is None else isolate
    each = for_each(partial(_inner, limits), held, 1, _lost, limits=limits, isolate=isolate)
    found = dict(zip(held, each, strict=True))
    return [inner for job in jobs for inner in found.get(job, (job,))]


def extract(job: Job) -> bytes:
    """The bytes of a document inside others. Raises UnreadableSource."""
    if job.holder is None:
        return load(job.path)
    stat = job.holder.stat()
    contents = _opened(job.holder, (stat.st_mtime_ns, stat.st_size), job.inside[:-1])
    return contents.data(job.inside[-1])


def _may_hold(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in CONTAINER_SUFFIXES


def _lost(job: Job, loss: Loss) -> tuple[Job, ...]:
    return (job._replace(problem=loss.reason),)


def _inner(limits: Limits, job: Job) -> tuple[Job, ...]:
    """The documents inside a file; the file itself where it is a document under a wrong name."""
    with applied(limits):
        try:
            contents = open_file(job.path, job.name)
            found = tuple(_documents(job, contents, ())) if contents else (job,)
        except UnreadableSource as fault:
            return (job._replace(problem=fault.reason),)
        except OSError as fault:
            return (job._replace(problem=cause(fault)),)
    kinds = "、".join(sorted(SUPPORTED_SUFFIXES))
    return found or (job._replace(problem=f"里面没有可以检查的文件（{kinds}）"),)


def _documents(job: Job, contents: Contents, above: tuple[str, ...]) -> Iterator[Job]:
    found = [(name, "") for name in contents.names if is_document(name, _WANTED)]
    refused = [pair for pair in contents.refused if is_document(PurePosixPath(pair[0]).name, _TOLD)]
    for name, reason in sorted((*found, *refused)):
        inside = (*above, name)
        place = "/".join(inside)
        inner = Job(job.path / place, f"{job.name}/{place}", reason, job.path, inside)
        if reason or not _may_hold(name):
            yield inner
        else:
            yield from _nested(job, contents, inner)


def _nested(job: Job, contents: Contents, inner: Job) -> Iterator[Job]:
    """The documents of a file inside another."""
    try:
        held = open_bytes(contents.data(inner.inside[-1]), inner.name)
        if held is not None and len(inner.inside) >= _MOST_LEVELS:
            raise UnreadableSource(inner.name, "压缩包、邮件里又套了两层，未读取，请取出后检查")
        found = list(_documents(job, held, inner.inside)) if held else [inner]
    except UnreadableSource as fault:
        found = [inner._replace(problem=fault.reason)]
    yield from found or [inner._replace(problem="里面没有可以检查的文件")]


def open_file(path: Path, name: str) -> Contents | None:
    """What a file holds; None where it is a document itself. Raises UnreadableSource, OSError."""
    if not os.path.isfile(path):
        return None  # a pipe would never end; its reader says so
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        from checker.sources.zips import is_package, open_zip

        contents = open_zip(path, name)
        return None if is_package(contents.names) else contents
    return open_bytes(load(path), name)


def open_bytes(data: bytes, name: str) -> Contents | None:
    """As :func:`open_file`, for bytes."""
    if data.startswith(b"PK"):
        from checker.sources.zips import is_package, open_zip

        contents = open_zip(data, name)
        return None if is_package(contents.names) else contents
    if is_mail(data):
        from checker.sources.mail import open_mail

        return open_mail(data, name)
    return None


@lru_cache(maxsize=2)
def _opened(path: Path, stamp: tuple[int, int], inside: tuple[str, ...]) -> Contents:
    """The file, or one inside it, open for as long as its documents are asked for in turn."""
    found = (
        open_bytes(_opened(path, stamp, inside[:-1]).data(inside[-1]), inside[-1])
        if inside
        else open_file(path, path.name)
    )
    if found is None:
        raise UnreadableSource(str(path), "在检查过程中改动过，请重新检查")
    return found
