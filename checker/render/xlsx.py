"""A run as an Excel workbook: the findings on one sheet, the files on another (openpyxl)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from checker.render.rows import HEADINGS, begins_formula, report_rows
from checker.render.text import verdict, visible
from checker.report import Report, Tally

#: Widths of the columns in characters of the standard font, in the order of HEADINGS.
WIDTHS = (24, 7, 10, 26, 18, 18, 6, 36, 50, 36, 36, 24, 8, 8, 18)
FILES = (("文件", 40), ("结果", 36), ("按哪一天", 14), ("错误", 8), ("提醒", 8), ("提示", 8))
#: Most characters that a cell holds (Excel specifications and limits).
CELL = 32_767
#: The one moment that every part of a workbook is dated, as the same run gives the same bytes.
MADE = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FORBIDDEN = re.compile("[\ufffe\uffff]")


class XlsxWriter:
    """Keeps the rows in the files that openpyxl writes as it goes; the workbook comes at the end."""

    def __init__(self, stream: IO[bytes], families: Mapping[str, str]) -> None:
        self._stream, self._families = stream, families
        self._book = Workbook(write_only=True)
        self._findings = self._sheet("问题线索", zip(HEADINGS, WIDTHS, strict=True))
        self._files = self._sheet("文件", FILES)
        self._rows = 1

    def add(self, report: Report) -> None:
        """Take the rows of one document."""
        for row in report_rows(report, self._families):
            self._findings.append([_cell(self._findings, value) for value in row.cells()])
            self._rows += 1
        counts = report.counts
        day = report.as_of.isoformat() if report.as_of else ""
        facts = (visible(report.name), verdict(report), day)
        cells = (*facts, counts.error, counts.warning, counts.info)
        self._files.append([_cell(self._files, value) for value in cells])

    def close(self, tally: Tally) -> None:
        """Write the workbook."""
        self._findings.auto_filter.ref = f"A1:{get_column_letter(len(HEADINGS))}{self._rows}"
        self._files.append([])
        self._files.append([_cell(self._files, tally.closing)])
        self._files.append([_cell(self._files, "问题线索由审核人员判断；没有提示不等于合法")])
        self._book.properties.creator = "checker"
        self._book.properties.created = MADE
        written = io.BytesIO()
        self._book.save(written)
        _undated(written, self._stream)

    def _sheet(self, title: str, columns: Iterable[tuple[str, int]]) -> WriteOnlyWorksheet:
        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        heads = []
        for number, (heading, width) in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
            head = WriteOnlyCell(sheet, value=heading)
            head.font = Font(bold=True)
            head.fill = PatternFill("solid", fgColor="DDE6F0")
            heads.append(head)
        sheet.append(heads)
        return sheet


def _cell(sheet: WriteOnlyWorksheet, value: str | int) -> WriteOnlyCell:
    """A cell that never is a formula, not even after somebody edits it."""
    if isinstance(value, str):
        value = _FORBIDDEN.sub("", value)[:CELL]
    cell = WriteOnlyCell(sheet, value=value)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = begins_formula(value)
    return cell


def _undated(written: IO[bytes], stream: IO[bytes]) -> None:
    """Copy a workbook with every date in it set to MADE."""
    moment = f"{MADE.isoformat()}Z".encode()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + moment, content)
            new.writestr(part, content)
