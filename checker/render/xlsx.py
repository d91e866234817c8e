"""A run as an Excel workbook: the findings on one sheet, the files on another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from checker.render.rows import HEADINGS, Row, report_rows
from checker.render.text import file_name, verdict
from checker.render.workbook import Sheet, Value, write_workbook
from checker.report import Report, Tally

FILES = ("文件", "结果", "按哪一天", "错误", "提醒", "提示")


class XlsxWriter:
    """Keeps the rows, not the reports; the workbook is written at the end."""

    def __init__(self, stream: IO[bytes], families: Mapping[str, str]) -> None:
        self._stream, self._families = stream, families
        self._findings: list[Row] = []
        self._files: list[tuple[Value, ...]] = []

    def add(self, report: Report) -> None:
        """Take the rows of one document."""
        self._findings.extend(report_rows(report, self._families))
        counts = report.counts
        self._files.append(
            (
                file_name(report.name),
                verdict(report),
                report.as_of,
                counts.error,
                counts.warning,
                counts.info,
            )
        )

    def close(self, tally: Tally) -> None:
        """Write the workbook."""
        notes = (tally.closing, "问题线索由审核人员判断；没有提示不等于合法")
        write_workbook(
            self._stream,
            Sheet("问题线索", HEADINGS, (row.cells() for row in self._findings)),
            Sheet("文件", FILES, self._files, notes),
        )
