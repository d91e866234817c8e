"""Where the documents of a bulk run lie: folders, Parquet and URLs, cut into portions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from checker.batch import is_document, jobs_for
from checker.sources import CONTAINER_SUFFIXES, SUPPORTED_SUFFIXES, UnreadableSource, load
from checker.sources.limits import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem
    from pyarrow.parquet import ParquetFile

Answer = TypeVar("Answer")

#: Documents of a portion, unless asked otherwise: some seconds of work.
PORTION = 200
_TABLE = ".parquet"
#: Archives and e-mails are named, and that they must be unpacked first.
_WANTED = frozenset((*SUPPORTED_SUFFIXES, *CONTAINER_SUFFIXES, _TABLE))
#: Characters that stand for themselves in a URL; others (Chinese names) are escaped.
_URL = "%/:?#[]@!$&'()*+,;=~"


class SourceFault(ValueError):
    """A source or target of a bulk run that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as it lies there: its text or its bytes, or why neither could be had."""

    name: str
    content: str | bytes = b""
    problem: str = ""

    @property
    def data(self) -> bytes:
        """The bytes; those of a text in UTF-8."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.encode("utf-8", "surrogatepass")

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes as hexadecimal digits; nothing where they could not be had."""
        return "" if self.problem else hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Portion:
    """Consecutive documents of a source; the unit of work, of retrying and of resuming.

    Either ``files`` below the source, or the rows from ``start`` on, at most ``size``, of one row
    group of a Parquet file.
    """

    number: int
    size: int
    files: tuple[str, ...] = ()
    table: str = ""
    group: int = 0
    start: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """A source found: the file system it lies on, its path there, and its portions in order."""

    files: FileSystem
    root: str
    portions: tuple[Portion, ...]

    @property
    def folder(self) -> Path | None:
        """The folder of this machine that the documents are files of, if they are."""
        from pyarrow.fs import LocalFileSystem

        local = isinstance(self.files, LocalFileSystem) and not self.portions[0].table
        return Path(self.root) if local else None

    @property
    def digest(self) -> str:
        """Hexadecimal digits that tell whether a later listing has the same documents."""
        listed = hashlib.sha256()
        for portion in self.portions:
            listed.update(repr(portion).encode("utf-8", "surrogatepass"))
        return listed.hexdigest()[:16]


def located(place: str) -> tuple[FileSystem, str]:
    """The file system and the path of a local path or a URL. Raises SourceFault."""
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem, LocalFileSystem

    try:
        if "://" in place:
            files, path = FileSystem.from_uri(quote(place, safe=_URL))
            return files, path
        return LocalFileSystem(), Path(place).resolve().as_posix()
    except (ArrowException, OSError) as fault:
        raise SourceFault(f"无法使用 {place}：{fault}") from fault


def find(
    source: str,
    size: int = PORTION,
    excludes: Callable[[PurePath], bool] | None = None,
    target: str = "",
) -> Intake:
    """The documents of a folder, a Parquet file or a folder of Parquet files, in order of name.

    Hidden files are passed over, and what ``excludes`` holds of (it is asked with whole paths in a
    folder of this machine, with the names below it of any other) or lies in the folder ``target``. A
    folder with Parquet files is read as tables alone. Raises SourceFault where there is nothing to
    check or a table has other columns.
    """
    from pyarrow.fs import FileType, LocalFileSystem

    files, root = located(source)
    kind = _asked(source, lambda: files.get_file_info(root).type)
    if kind is FileType.NotFound:
        raise SourceFault(f"没有这个文件或者文件夹：{source}")
    if kind is FileType.File:
        base = PurePosixPath(root)
        root, names = base.parent.as_posix(), [base.name]
    elif isinstance(files, LocalFileSystem):
        names = _in_folder(Path(root), excludes)
    else:
        found = _asked(source, lambda: _below(files, root))
        names = [name for name in found if not (excludes and excludes(PurePosixPath(name)))]
    if target:
        names = [n for n in names if not PurePosixPath(root, n).is_relative_to(target)]
    tables = [name for name in names if name.lower().endswith(_TABLE)]
    portions = tuple(_of_tables(files, root, tables, size) if tables else _of_files(names, size))
    if not portions:
        kinds = "、".join(sorted((*SUPPORTED_SUFFIXES, _TABLE)))
        raise SourceFault(f"{source} 中没有可以检查的文件（{kinds}）")
    return Intake(files, root, portions)


def entries(files: FileSystem, root: str, portion: Portion) -> Iterator[Entry]:
    """The documents of a portion, in order; one that cannot be read is told, never passed over."""
    from pyarrow.fs import LocalFileSystem

    if portion.table:
        yield from _rows(files, root, portion)
    elif isinstance(files, LocalFileSystem):
        yield from (_of_file(Path(root), name) for name in portion.files)
    else:
        yield from (_of_object(files, root, name) for name in portion.files)


def _of_file(folder: Path, name: str) -> Entry:
    path = folder / name
    if path.is_dir():
        return Entry(name, problem="无法打开文件夹")
    try:
        return Entry(name, load(path))
    except UnreadableSource as fault:
        return Entry(name, problem=fault.reason)


def _of_object(files: FileSystem, root: str, name: str) -> Entry:
    try:
        with files.open_input_stream(f"{root}/{name}") as stream:
            # Of a file too large as much as shows that it is.
            return Entry(name, stream.read(MAX_FILE_BYTES + 1))
    except OSError as fault:
        return Entry(name, problem=f"读取失败（{fault}）")


def _asked(source: str, question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except OSError as fault:
        raise SourceFault(f"无法打开 {source}：{fault}") from fault


def _in_folder(folder: Path, excludes: Callable[[PurePath], bool] | None) -> list[str]:
    """Names of what is to be checked below a folder, as ``check`` finds it; a folder that cannot be
    opened is among them."""
    jobs = jobs_for(folder, _WANTED, excludes)
    return [job.name for job in jobs if job.path != folder]


def _below(files: FileSystem, root: str) -> list[str]:
    """Names of the documents and tables below a URL; nothing hidden, no lock files of Word."""
    from pyarrow.fs import FileSelector, FileType

    found = files.get_file_info(FileSelector(root, recursive=True))
    names = (info.path[len(root) :].lstrip("/") for info in found if info.type is FileType.File)
    return sorted(name for name in names if is_document(name, _WANTED))


def _of_files(paths: Iterable[str], size: int) -> Iterator[Portion]:
    left, number = iter(paths), 0
    while names := tuple(islice(left, size)):
        yield Portion(number, len(names), names)
        number += 1


def _of_tables(files: FileSystem, root: str, tables: list[str], size: int) -> Iterator[Portion]:
    number = 0
    for table in tables:
        with _opened(files, root, table) as opened:
            names = opened.schema_arrow.names
            if "name" not in names or not {"text", "bytes"} & {*names}:
                raise SourceFault(
                    f"{table} 要有 name 列，以及 text 列（文字）或者 bytes 列（文件内容），"
                    f"现有的列：{'、'.join(names)}"
                )
            for group in range(opened.num_row_groups):
                rows = opened.metadata.row_group(group).num_rows
                for start in range(0, rows, size):
                    yield Portion(number, min(size, rows - start), (), table, group, start)
                    number += 1


def _opened(files: FileSystem, root: str, table: str) -> ParquetFile:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(f"{root}/{table}", filesystem=files)
    except (ArrowException, OSError) as fault:
        raise SourceFault(f"{table} 不是能读的 Parquet 文件：{fault}") from fault


def _rows(files: FileSystem, root: str, portion: Portion) -> Iterator[Entry]:
    with _opened(files, root, portion.table) as opened:
        column = "text" if "text" in opened.schema_arrow.names else "bytes"
        batches = opened.iter_batches(
            portion.size, row_groups=[portion.group], columns=["name", column], use_threads=False
        )
        at, end = 0, portion.start + portion.size
        for batch in batches:
            wanted = batch.slice(max(0, portion.start - at), max(0, end - max(at, portion.start)))
            for number, row in enumerate(wanted.to_pylist(), max(at, portion.start) + 1):
                place = f"{portion.table} 第{portion.group + 1}组第{number}行"
                yield _entry(row["name"], row[column], place)
            at += batch.num_rows
            if at >= end:
                return


def _entry(name: object, content: object, place: str) -> Entry:
    name = place if name is None else str(name)
    if isinstance(content, str | bytes):
        return Entry(name, content)
    return Entry(name, problem="text 列或者 bytes 列没有内容")
