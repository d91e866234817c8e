"""The output of a bulk run: a folder of part files, each whole or not there at all.

OUT.parquet/run.json                       what was checked with what; a resumed run must agree
OUT.parquet/findings/part-000000.parquet   one row a finding
OUT.parquet/documents/part-000000.parquet  one row a document, written last: the portion is done
OUT.parquet/…/waivers.parquet              what is to be said of the list of waivers itself
OUT.parquet/begun/000000                   a worker began the portion; gone when all is done
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from checker.bulk.columns import (
    Checked,
    DocumentRow,
    FindingRow,
    Row,
    document_row,
    finding_rows,
    table,
)
from checker.bulk.intake import SourceFault, located
from checker.report import Counts, Report, Tally

if TYPE_CHECKING:
    from pyarrow import Table
    from pyarrow.fs import FileSystem

_BEGUN, _WAIVERS = "begun", "waivers.parquet"
#: What the entries of run.json are called in messages.
_ENTRIES = {
    "listing": "文件清单或者 --portion",
    "engine": "引擎版本",
    "code": "引擎的代码或者随附的数据",
    "ruleset": "规则集",
    "register": "法规目录",
    "texts": "法规原文库",
    "settings": "适用方案或者所选的规则",
    "as_of": "--as-of 的日期",
    "waivers": "豁免清单",
    "baseline": "基线",
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

    def open(self, run: Mapping[str, str], resume: bool) -> None:
        """Begin a run or take it up again.

        Raises SourceFault where the folder is in use and ``resume`` is not asked for, or was made
        of other documents, by other code, rules or settings.
        """
        try:
            used = bool(self._names(""))
            if used and not resume:
                raise SourceFault(f"{self._shown} 已经存在；接着上次做写 --resume，重做请先删去")
            if used:
                self._refuse_other(run)
            for folder in ("documents", "findings", _BEGUN):
                self.files.create_dir(f"{self.root}/{folder}", recursive=True)
            if not used:
                self._write("run.json", json.dumps(run, ensure_ascii=False, indent=1).encode())
        except OSError as fault:
            raise SourceFault(f"无法写入 {self._shown}：{fault}") from fault

    def write(self, portion: int, checked: Iterable[Checked]) -> None:
        """Write the rows of a portion, so that it is done."""
        self._write_tables(_part(portion), checked)

    def begin(self, portion: int) -> bool:
        """Note that a worker begins a portion; whether one began it before and did not end it."""
        mark = f"{_BEGUN}/{portion:06}"
        if self._exists(mark):
            return True
        self._write(mark, b"")
        return False

    def done(self, portion: int) -> bool:
        """Whether all rows of a portion are written."""
        return self._exists(f"documents/{_part(portion)}")

    def digests(self, portion: int) -> list[str]:
        """SHA-256 of the documents of a portion that is done, as they were checked."""
        rows = self._read(f"documents/{_part(portion)}", "sha256")
        return [row["sha256"] for row in rows.to_pylist()]

    def documents(self) -> Iterator[tuple[str, bool, frozenset[int]]]:
        """Of each document: its name, whether all of it was checked, and the entries of the list of
        waivers that its findings speak of."""
        for name in self._parts():
            entries: dict[str, set[int]] = {}
            for row in self._read(f"findings/{name}", "document", "entry").to_pylist():
                if row["entry"]:
                    entries.setdefault(row["document"], set()).add(row["entry"])
            for row in self._read(f"documents/{name}", "document", "status").to_pylist():
                numbers = frozenset(entries.get(row["document"], ()))
                yield row["document"], row["status"] == "complete", numbers

    def close(self, about_waivers: Report | None) -> None:
        """Write what is to be said of the list of waivers; remove what only a running run needs."""
        if about_waivers is not None:
            self._write_tables(_WAIVERS, [Checked(about_waivers, 0, "")])
        elif self._exists(f"documents/{_WAIVERS}"):
            for folder in ("documents", "findings"):
                self.files.delete_file(f"{self.root}/{folder}/{_WAIVERS}")
        self.files.delete_dir(f"{self.root}/{_BEGUN}")

    def tally(self) -> Tally:
        """What all portions that are done add up to."""
        total = Tally()
        columns = ("status", "errors", "warnings", "infos", "waived", "known", "exempted")
        names = [*self._parts(), *([_WAIVERS] if self._exists(f"documents/{_WAIVERS}") else [])]
        for name in names:
            for row in self._read(f"documents/{name}", *columns).to_pylist():
                counts = Counts(row["errors"], row["warnings"], row["infos"])
                total += Tally(
                    documents=1,
                    flagged=int(counts.error + counts.warning > 0),
                    incomplete=int(row["status"] != "complete"),
                    internal=int(row["status"] == "internal"),
                    waived=row["waived"],
                    exempted=row["exempted"],
                    known=row["known"],
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
        other = [_ENTRIES[key] for key in run if before.get(key) != run[key]]
        if other:
            raise SourceFault(
                f"不能接着做：与 {self._shown} 里上次的{'、'.join(other)}不同，请写到另一个地方"
            )

    def _parts(self) -> list[str]:
        return sorted(name for name in self._names("documents") if name != _WAIVERS)

    def _exists(self, name: str) -> bool:
        from pyarrow.fs import FileType

        return self.files.get_file_info(f"{self.root}/{name}").type is FileType.File

    def _names(self, folder: str) -> list[str]:
        from pyarrow.fs import FileSelector

        listed = FileSelector(f"{self.root}/{folder}".rstrip("/"), allow_not_found=True)
        return [info.base_name for info in self.files.get_file_info(listed)]

    def _read(self, name: str, *columns: str) -> Table:
        from pyarrow.parquet import ParquetFile

        with ParquetFile(f"{self.root}/{name}", filesystem=self.files) as opened:
            return opened.read(columns=list(columns), use_threads=False)

    def _write_tables(self, name: str, checked: Iterable[Checked]) -> None:
        documents: list[Row] = []
        findings: list[Row] = []
        for each in checked:
            documents.append(document_row(each))
            findings.extend(finding_rows(each.report))
        self._write_rows(f"findings/{name}", FindingRow, findings)
        self._write_rows(f"documents/{name}", DocumentRow, documents)

    def _write_rows(self, name: str, kind: type[Row], rows: list[Row]) -> None:
        import pyarrow
        from pyarrow.parquet import write_table

        sink = pyarrow.BufferOutputStream()
        write_table(table(kind, rows), sink, compression="zstd")
        self._write(name, sink.getvalue())

    def _write(self, name: str, data: object) -> None:
        """Write a file so that a reader sees all of it or nothing."""
        path = f"{self.root}/{name}"
        draft = f"{self.root}/{_BEGUN}/{uuid4().hex}.tmp"
        with self.files.open_output_stream(draft) as stream:
            stream.write(data)
        self.files.move(draft, path)


def _part(portion: int) -> str:
    return f"part-{portion:06}.parquet"
