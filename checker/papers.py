"""Papers: the files of a dossier, in a folder or in a .zip. Nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from checker.globs import leads_out
from checker.sources import read_bytes, read_path
from checker.sources.errors import UnreadableSource, cause
from checker.sources.text import SourceText
from checker.sources.zips import ZipFolder, open_zip


class NoPapers(ValueError):
    """What was given holds no dossier; the message names it and the cause."""


class Papers(Protocol):
    """Files by name: sorted paths inside the dossier, without hidden files."""

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the papers."""

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Paths of files that are not read, each with the reason."""

    def read(self, name: str) -> SourceText:
        """The text of a file. Raises UnreadableSource."""

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises UnreadableSource."""


def open_papers(path: Path) -> Papers:
    """The papers of a folder or a .zip. Raises NoPapers."""
    if not path.exists():
        raise NoPapers(f"没有这个卷宗：{path}")
    if path.is_dir():
        return _folder(path)
    if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
        return _archive(path)
    raise NoPapers(f"卷宗应当是文件夹或者 .zip 压缩包：{path}")


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    names: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()

    def read(self, name: str) -> SourceText:
        return read_path(self.path / name)

    def data(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as fault:
            raise UnreadableSource(name, cause(fault)) from fault


def _folder(path: Path) -> _Folder:
    """The files below a folder; what cannot be opened, or leads out of it, is refused."""
    names: list[str] = []
    refused: list[tuple[str, str]] = []

    def unopened(fault: OSError) -> None:
        name = Path(fault.filename).relative_to(path).as_posix()
        refused.append((name, f"无法打开文件夹：{cause(fault)}"))

    for folder, folders, files in os.walk(path, onerror=unopened):
        for name in (*folders, *files):
            file = Path(folder, name)
            inner = file.relative_to(path).as_posix()
            if not _is_paper(inner):
                continue
            if leads_out(file, path):
                refused.append((inner, "符号链接指向卷宗以外，未读取"))
            elif name in files and file.is_file():
                names.append(inner)
            elif name in files:
                refused.append((inner, "不是普通文件，未读取"))
    return _Folder(path, tuple(sorted(names)), tuple(sorted(refused)))


@dataclass(frozen=True, slots=True)
class _Archive:
    """The files of a zip, named from the folder that holds all of them on."""

    held: ZipFolder
    top: str
    names: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]

    def read(self, name: str) -> SourceText:
        return read_bytes(self.data(name), name)

    def data(self, name: str) -> bytes:
        try:
            return self.held.data(self.top + name)
        except UnreadableSource as fault:
            raise UnreadableSource(name, fault.reason) from fault


def _archive(path: Path) -> _Archive:
    try:
        held = open_zip(path, str(path))
    except UnreadableSource as fault:
        raise NoPapers(f"{fault.reason}：{path}") from fault
    found = list(filter(_is_paper, held.names))
    top = os.path.commonpath(found) if len(found) > 1 else "".join(map(_parent, found))
    top = f"{top}/" if top and all(name.startswith(f"{top}/") for name in found) else ""
    return _Archive(held, top, tuple(sorted(name[len(top) :] for name in found)), held.refused)


def _parent(name: str) -> str:
    parent = str(PurePosixPath(name).parent)
    return "" if parent == "." else parent


def _is_paper(name: str) -> bool:
    """Whether a path is a paper: hidden and temporary files are none."""
    parts = name.split("/")
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return not hidden and parts[-1] != "Thumbs.db"
