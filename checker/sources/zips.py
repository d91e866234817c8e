"""A .zip of files: their names, which of them are refused and why, their bytes. Nothing is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from checker.sources.archive import METHODS
from checker.sources.errors import UnreadableSource
from checker.sources.limits import RATIO_FREE_BYTES, in_force

#: Bit of a zip entry that says its name is UTF-8; other names are GBK where that fits.
_UTF8, _LOCKED = 0x800, 0x1
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)
#: Each is a part of every document of its format.
_PARTS = frozenset({"[content_types].xml", "word/document.xml", "content.xml", "ofd.xml"})
_END, _END_SIZE = b"PK\x05\x06", 22
#: Bytes of the directory for one file, at most as many as a long name and its dates take.
_ENTRY_BYTES = 1024


@dataclass(frozen=True, slots=True)
class ZipFolder:
    """The files of a zip: sorted names, those refused with the reason, what the entry of each is."""

    file: Path | bytes
    names: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    entries: tuple[tuple[str, int], ...]

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises UnreadableSource."""
        index = dict(self.entries)[name]
        limits = in_force()
        with suppress(*_FAULTS), zipfile.ZipFile(_opened(self.file)) as opened:
            entry = opened.infolist()[index]
            with opened.open(entry) as file:
                data = file.read(limits.bytes + 1)
            if len(data) > max(limits.ratio * max(entry.compress_size, 1), RATIO_FREE_BYTES):
                why = limits.beyond("ratio", "疑似压缩炸弹，压缩比", ":1")
                raise UnreadableSource(name, f"{why}，未读取")
            return data
        raise UnreadableSource(name, "压缩包已损坏，这份文件无法解压")


def open_zip(file: Path | bytes, name: str) -> ZipFolder:
    """The files of a zip, by path or by its bytes. Raises UnreadableSource."""
    limits = in_force()
    try:
        if _directory_size(file) > limits.entries * _ENTRY_BYTES:
            raise _too_many(name)
        with zipfile.ZipFile(_opened(file)) as opened:
            entries = opened.infolist()
    except _FAULTS as fault:
        raise UnreadableSource(name, "压缩包已损坏，可能没有下载完") from fault
    if len(entries) > limits.entries:
        raise _too_many(name)
    found: dict[str, int] = {}
    refused: list[tuple[str, str]] = []
    total = 0
    for index, inner, entry in _named(entries):
        total += entry.file_size
        reason = _refusal(inner, entry, inner in found, total)
        if reason:
            refused.append((inner, reason))
        else:
            found[inner] = index
    return ZipFolder(file, tuple(sorted(found)), tuple(refused), tuple(found.items()))


def is_package(names: Iterable[str]) -> bool:
    """Whether files so named make up one document (Word, OpenDocument, OFD), not several."""
    return not _PARTS.isdisjoint(name.lower() for name in names)


def _too_many(name: str) -> UnreadableSource:
    return UnreadableSource(
        name, f"{in_force().beyond('entries', '压缩包里的文件', ' 个')}，未读取"
    )


def _opened(file: Path | bytes) -> Path | io.BytesIO:
    return io.BytesIO(file) if isinstance(file, bytes) else file


def _directory_size(file: Path | bytes) -> int:
    """How many bytes the directory of a zip takes by its own word; 0 where it does not say.

    A directory is read as a whole before its entries can be counted.
    """
    if isinstance(file, bytes):
        tail = file[-(2**16 + _END_SIZE) :]
    else:
        with file.open("rb") as opened:
            size = opened.seek(0, io.SEEK_END)
            opened.seek(max(size - 2**16 - _END_SIZE, 0))
            tail = opened.read()
    at = tail.rfind(_END)
    if at < 0 or at + 16 > len(tail):
        return 0
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _named(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[int, str, zipfile.ZipInfo]]:
    """Files with their names as their maker wrote them: UTF-8, else GBK (Windows)."""
    for index, entry in enumerate(entries):
        name = entry.orig_filename
        if not entry.flag_bits & _UTF8:
            with suppress(UnicodeError):
                name = name.encode("cp437").decode("gbk")
        if not entry.filename.endswith("/"):
            yield index, plain_name(name.replace("\\", "/")), entry


def plain_name(name: str) -> str:
    """A name from inside a file; control characters, and those that turn words round, as �."""
    return "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in name)


def _refusal(name: str, entry: zipfile.ZipInfo, known: bool, total: int) -> str:
    """Why an entry is not read; empty where it is."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in (parts or ("",))[0]:
        return "路径指向压缩包以外，未读取"
    if entry.create_system == 3 and stat.S_ISLNK(entry.external_attr >> 16):
        return "是符号链接，未读取"
    if entry.flag_bits & _LOCKED:
        return "已加密，请取消密码后再检查"
    if entry.compress_type not in METHODS:
        return "用了少见的压缩方法，未读取，请按普通的 zip 重新压缩"
    if known:
        return "压缩包里有重名文件，未读取"
    if entry.file_size > in_force().bytes:
        return f"{in_force().beyond('bytes', '文件')}，未读取"
    if total > in_force().inflated:
        return f"{in_force().beyond('inflated', '压缩包解压后合计')}，未读取"
    return ""
