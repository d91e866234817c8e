"""Batch: the documents that lie at files and in folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from checker.globs import leads_out, real
from checker.sources.errors import cause

_OUTSIDE = "符号链接指向所检查的文件夹以外，未读取；要检查的，请直接写明它的路径"


class Job(NamedTuple):
    """A file to check, the name to report it under, and why it cannot be opened, if known.

    A document inside an archive or e-mail has the path that it would have if that were a folder;
    ``holder`` is the file, ``inside`` the names that lead to it.
    """

    path: Path
    name: str
    problem: str = ""
    holder: Path | None = None
    inside: tuple[str, ...] = ()


def is_document(name: str, suffixes: Collection[str]) -> bool:
    """Whether a file in a folder or archive is a document: not hidden, no lock file, of such a suffix."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return not hidden and PurePosixPath(name).suffix.lower() in suffixes


def jobs_for(
    path: Path, readable: Collection[str], excludes: Callable[[Path], bool] | None = None
) -> list[Job]:
    """The files to check at a path: itself, or every document below a folder, by name.

    Names never hold an absolute path. Hidden files, the lock files of Word and files that are no
    documents are passed over; a folder that cannot be opened or holds no document is a job with a
    problem, and so is a symbolic link that leads out of the folder: nothing outside is read unless it
    is given as a path itself. ``readable`` are the suffixes that can be read; a file that ``excludes``
    holds of is passed over, unless it is the path itself.
    """
    if not os.path.isdir(path):  # Path.is_dir raises where a name is too long
        return [Job(path, shown(path))]
    base = Path() if path.is_absolute() else path
    closed: list[Job] = []

    def unopened(fault: OSError) -> None:
        place = base / os.path.relpath(fault.filename, path)
        closed.append(Job(place, place.as_posix(), f"无法打开文件夹：{cause(fault)}"))

    found: list[Job] = []
    for folder, folders, files in os.walk(path, onerror=unopened):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if leads_out(Path(folder, name), path)]
        for name in (*links, *(name for name in files if is_document(name, readable))):
            file = Path(folder, name)
            if excludes is None or not excludes(file):
                reason = _OUTSIDE if leads_out(file, path) else ""
                found.append(Job(file, (base / file.relative_to(path)).as_posix(), reason))
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
    from checker.sources import CONTAINER_SUFFIXES, SUPPORTED_SUFFIXES

    readable = (*SUPPORTED_SUFFIXES, *CONTAINER_SUFFIXES)
    jobs = [job for path in paths for job in jobs_for(Path(path), readable, excludes)]
    return [job for job in jobs if only is None or real(job.path) in only or job.problem]


def shown(path: Path) -> str:
    """How a path is named in a report: as given, but never where on this machine it lies."""
    return path.name if path.is_absolute() else path.as_posix()
