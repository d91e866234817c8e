"""Papers: the files of a dossier, in a folder or in a .zip. Nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from checker.sources import read_bytes, read_path
from checker.sources.errors import UnreadableSource
from checker.sources.limits import RATIO_FREE_BYTES, in_force
from checker.sources.text import SourceText

#: Bit of a zip entry that says its name is UTF-8; other names are GBK where that fits.
_UTF8, _LOCKED = 0x800, 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)


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
            raise UnreadableSource(name, f"无法打开：{fault.strerror}") from fault


def _folder(path: Path) -> _Folder:
    closed: list[tuple[str, str]] = []

    def unopened(fault: OSError) -> None:
        name = Path(fault.filename).relative_to(path).as_posix()
        closed.append((name, f"无法打开文件夹：{fault.strerror}"))

    found = (Path(at, file) for at, _, files in os.walk(path, onerror=unopened) for file in files)
    names = (file.relative_to(path).as_posix() for file in found if file.is_file())
    papers = tuple(sorted(filter(_is_paper, names)))
    return _Folder(path, papers, tuple(sorted(closed)))


@dataclass(frozen=True, slots=True)
class _Archive:
    path: Path
    names: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    entries: tuple[tuple[str, int], ...]

    def read(self, name: str) -> SourceText:
        return read_bytes(self.data(name), name)

    def data(self, name: str) -> bytes:
        index = dict(self.entries)[name]
        with suppress(*_FAULTS), zipfile.ZipFile(self.path) as opened:
            entry = opened.infolist()[index]
            with opened.open(entry) as file:
                data = file.read(in_force().bytes + 1)
            most = in_force().ratio * max(entry.compress_size, 1)
            if len(data) > max(most, RATIO_FREE_BYTES):
                why = in_force().beyond("ratio", "疑似压缩炸弹，压缩比", ":1")
                raise UnreadableSource(name, f"{why}，未读取")
            return data
        raise UnreadableSource(name, "压缩包已损坏，这份文件无法解压")


def _archive(path: Path) -> _Archive:
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
    except _FAULTS as fault:
        raise NoPapers(f"压缩包已损坏，可能没有下载完：{path}") from fault
    if len(entries) > in_force().entries:
        raise NoPapers(f"{in_force().beyond('entries', '压缩包里的文件', ' 个')}：{path}")
    found: dict[str, int] = {}
    refused: list[tuple[str, str]] = []
    total = 0
    for index, name, entry in _named(entries):
        total += entry.file_size
        reason = _refusal(name, entry, name in found, total)
        if reason:
            refused.append((name, reason))
        elif _is_paper(name):
            found[name] = index
    top = (
        os.path.commonpath(found) if len(found) > 1 else next((str(_parent(n)) for n in found), "")
    )
    cut = len(top) + 1 if top and all(name.startswith(top + "/") for name in found) else 0
    named = {name[cut:]: index for name, index in found.items()}
    return _Archive(path, tuple(sorted(named)), tuple(refused), tuple(named.items()))


def _parent(name: str) -> str:
    parent = str(PurePosixPath(name).parent)
    return "" if parent == "." else parent


def _named(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[int, str, zipfile.ZipInfo]]:
    """Files with their names as their maker wrote them: UTF-8, else GBK (Windows)."""
    for index, entry in enumerate(entries):
        name = entry.orig_filename
        if not entry.flag_bits & _UTF8:
            with suppress(UnicodeError):
                name = name.encode("cp437").decode("gbk")
        if not entry.is_dir():
            yield index, name.replace("\\", "/"), entry


def _refusal(name: str, entry: zipfile.ZipInfo, known: bool, total: int) -> str:
    """Why an entry is not read; empty where it is."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in (parts or ("",))[0]:
        return "路径指向压缩包以外，未读取"
    if entry.flag_bits & _LOCKED:
        return "已加密，请取消密码后再检查"
    if known:
        return "压缩包里有重名文件，未读取"
    if entry.file_size > in_force().bytes:
        return f"{in_force().beyond('bytes', '文件')}，未读取"
    if total > in_force().inflated:
        return f"{in_force().beyond('inflated', '压缩包解压后合计')}，未读取"
    return ""


def _is_paper(name: str) -> bool:
    """Whether a path is a paper: hidden and temporary files are none."""
    parts = name.split("/")
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return not hidden and parts[-1] != "Thumbs.db"
