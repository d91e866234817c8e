"""The output of a bulk run: a folder of part files, each whole or not there at all.

OUT.parquet/run.json                       what was checked with what; a resumed run must agree
OUT.parquet/findings/part-000000.parquet   one row a finding
OUT.parquet/documents/part-000000.parquet  one row a document, written last: the portion is done
OUT.parquet/begun/000000                   a worker began the portion; gone when all is done
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from checker.bulk.columns import DocumentRow, FindingRow, Row, document_row, finding_rows, table
from checker.bulk.intake import SourceFault, located
from checker.report import Counts, Report, Tally

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_BEGUN = "begun"
#: What the entries of run.json are called in messages.
_ENTRIES = {
    "listing": "文件清单",
    "engine": "引擎版本",
    "ruleset": "规则集",
    "register": "法规目录",
    "settings": "检查的设置",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The folder of a run, on any file system."""

    files: FileSystem
    root: str

    @classmethod
    def at(cls, place: str) -> Parts:
        """The folder at a local path or URL. Raises SourceFault."""
        return cls(*located(place))

    def open(self, run: Mapping[str, str], resume: bool) -> frozenset[int]:
        """Begin a run or take it up again: the portions that are done.

        Raises SourceFault where the folder is in use and ``resume`` is not asked for, or was made
        of other documents, rules or settings.
        """
        used = bool(self._names(""))
        if used and not resume:
            raise SourceFault(f"{self._shown} 已经存在；接着上次做写 --resume，重做请先删去")
        if used:
            self._refuse_other(run)
        for folder in ("documents", "findings", _BEGUN):
            self.files.create_dir(f"{self.root}/{folder}", recursive=True)
        if not used:
            self._write("run.json", json.dumps(run, ensure_ascii=False, indent=1).encode())
        return frozenset(
            int(name.removeprefix("part-").removesuffix(".parquet"))
            for name in self._names("documents")
        )

    def write(self, portion: int, reports: Iterable[Report]) -> None:
        """Write the rows of a portion, so that it is done."""
        documents: list[Row] = []
        findings: list[Row] = []
        for report in reports:
            documents.append(document_row(report))
            findings.extend(finding_rows(report))
        self._write_rows("findings", portion, FindingRow, findings)
        self._write_rows("documents", portion, DocumentRow, documents)

    def begin(self, portion: int) -> bool:
        """Note that a worker begins a portion; whether one began it before and did not end it."""
        mark = f"{_BEGUN}/{portion:06}"
        if self._exists(mark):
            return True
        self._write(mark, b"")
        return False

    def done(self, portion: int) -> bool:
        """Whether all rows of a portion are written."""
        return self._exists(_part("documents", portion))

    def close(self) -> None:
        """Remove what only a running run needs."""
        self.files.delete_dir(f"{self.root}/{_BEGUN}")

    def tally(self) -> Tally:
        """What all portions that are done add up to."""
        from pyarrow.parquet import read_table

        total = Tally()
        columns = ["status", "errors", "warnings", "infos", "exempted"]
        for name in sorted(self._names("documents")):
            path = f"{self.root}/documents/{name}"
            for row in read_table(path, columns=columns, filesystem=self.files).to_pylist():
                counts = Counts(row["errors"], row["warnings"], row["infos"])
                total += Tally(
                    documents=1,
                    flagged=int(counts.error + counts.warning > 0),
                    incomplete=int(row["status"] != "complete"),
                    internal=int(row["status"] == "internal"),
                    exempted=row["exempted"],
                    counts=counts,
                )
        return total

    @property
    def _shown(self) -> str:
        return self.root.rpartition("/")[2]

    def _refuse_other(self, run: Mapping[str, str]) -> None:
        try:
            with self.files.open_input_stream(f"{self.root}/run.json") as stream:
                before = json.loads(stream.readall())
        except (OSError, ValueError) as fault:
            raise SourceFault(f"{self._shown} 里没有能读的 run.json，不是上次的结果") from fault
        other = [_ENTRIES.get(key, key) for key in run if before.get(key) != run[key]]
        if other:
            raise SourceFault(
                f"不能接着做：与 {self._shown} 里上次的{'、'.join(other)}不同，请写到另一个地方"
            )

    def _exists(self, name: str) -> bool:
        from pyarrow.fs import FileType

        return self.files.get_file_info(f"{self.root}/{name}").type is FileType.File

    def _names(self, folder: str) -> list[str]:
        from pyarrow.fs import FileSelector

        listed = FileSelector(f"{self.root}/{folder}".rstrip("/"), allow_not_found=True)
        return [info.base_name for info in self.files.get_file_info(listed)]

    def _write_rows(self, folder: str, portion: int, kind: type[Row], rows: list[Row]) -> None:
        import pyarrow
        from pyarrow.parquet import write_table

        sink = pyarrow.BufferOutputStream()
        write_table(table(kind, rows), sink, compression="zstd")
        self._write(_part(folder, portion), sink.getvalue())

    def _write(self, name: str, data: object) -> None:
        """Write a file so that a reader sees all of it or nothing."""
        path = f"{self.root}/{name}"
        draft = f"{self.root}/{_BEGUN}/{uuid4().hex}.tmp"
        with self.files.open_output_stream(draft) as stream:
            stream.write(data)
        self.files.move(draft, path)


def _part(folder: str, portion: int) -> str:
    return f"{folder}/part-{portion:06}.parquet"
