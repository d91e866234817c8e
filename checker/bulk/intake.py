"""Where the documents of a bulk run lie: folders, Parquet and URLs, cut into portions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from checker.batch import CLOSED_SUFFIXES
from checker.sources import SUPPORTED_SUFFIXES

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem
    from pyarrow.parquet import ParquetFile

Answer = TypeVar("Answer")

#: Documents of a portion, unless asked otherwise: some seconds of work.
PORTION = 200


class SourceFault(ValueError):
    """A source or target of a bulk run that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as it lies there: its text or its bytes, or why neither could be had."""

    name: str
    content: str | bytes = b""
    problem: str = ""


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
            files, path = FileSystem.from_uri(place)
            return files, path
        return LocalFileSystem(), Path(place).resolve().as_posix()
    except (ArrowException, OSError) as fault:
        raise SourceFault(f"无法使用 {place}：{fault}") from fault


def find(source: str, size: int = PORTION) -> Intake:
    """The documents of a folder, a Parquet file or a folder of Parquet files, in order of name.

    Hidden files are passed over. A folder with Parquet files is read as tables alone. Raises
    SourceFault where there is nothing to check or a table has other columns.
    """
    from pyarrow.fs import FileType

    files, root = located(source)
    kind = _asked(source, lambda: files.get_file_info(root).type)
    if kind is FileType.NotFound:
        raise SourceFault(f"没有这个文件或者文件夹：{source}")
    if kind is FileType.File:
        base = PurePosixPath(root)
        root, paths = base.parent.as_posix(), [base.name]
    else:
        paths = _asked(source, lambda: _listed(files, root))
    tables = [path for path in paths if path.lower().endswith(".parquet")]
    if tables:
        return Intake(files, root, tuple(_of_tables(files, root, tables, size)))
    suffixes = CLOSED_SUFFIXES.union(SUPPORTED_SUFFIXES)
    documents = (path for path in paths if PurePosixPath(path).suffix.lower() in suffixes)
    portions = tuple(_of_files(documents, size))
    if not portions:
        raise SourceFault(
            f"{source} 中没有可以检查的文件（{'、'.join(sorted(SUPPORTED_SUFFIXES))}、.parquet）"
        )
    return Intake(files, root, portions)


def entries(files: FileSystem, root: str, portion: Portion) -> Iterator[Entry]:
    """The documents of a portion, in order; one that cannot be read is told, never passed over."""
    if portion.table:
        yield from _rows(files, root, portion)
        return
    for name in portion.files:
        try:
            with files.open_input_stream(f"{root}/{name}") as stream:
                entry = Entry(name, stream.readall())
        except OSError as fault:
            entry = Entry(name, problem=f"无法读取：{fault}")
        yield entry


def _asked(source: str, question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except OSError as fault:
        raise SourceFault(f"无法打开 {source}：{fault}") from fault


def _listed(files: FileSystem, root: str) -> list[str]:
    """Paths below a folder, by name; nothing hidden, no lock files of Word."""
    from pyarrow.fs import FileSelector, FileType

    found = files.get_file_info(FileSelector(root, recursive=True))
    below = (info.path[len(root) :].lstrip("/") for info in found if info.type is FileType.File)
    return sorted(path for path in below if not _hidden(path))


def _hidden(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return any(part.startswith(".") for part in parts) or parts[-1].startswith("~$")


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
        rows = (row for batch in batches for row in batch.to_pylist())
        for at, row in enumerate(islice(rows, portion.start, portion.start + portion.size)):
            yield _entry(
                row["name"],
                row[column],
                f"{portion.table} 第{portion.group + 1}组第{portion.start + at + 1}行",
            )


def _entry(name: object, content: object, place: str) -> Entry:
    name = place if name is None else str(name)
    if isinstance(content, str | bytes):
        return Entry(name, content)
    return Entry(name, problem="text 列或者 bytes 列没有内容")
