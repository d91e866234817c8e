"""Entries and statistics as .xlsx workbooks; the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.console import columns
from checker.ledger.entries import Entry, LedgerError
from checker.ledger.listing import period
from checker.ledger.statistics import BUCKETS, FLAGGED_NOTE, Statistics

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | date | None

#: A day before which no ZIP archive dates: workbooks do not say when they were written.
_UNDATED = (1980, 1, 1, 0, 0, 0)
#: What a spreadsheet may take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60

_ENTRY = ("编号", "状态", "标题", "发文字号", "制定机关", "适用地区", "成文日期", "施行日期",
          "有效至", "有效期", "来源", "错误", "提醒", "提示", "已豁免", "最近检查",
          "按哪一天的规定", "引擎版本", "规则集版本", "适用方案", "完整检查", "检查次数")  # fmt: skip
_CHECK = ("编号", "标题", "检查日期", "文件", "按哪一天的规定", "错误", "提醒", "提示", "已豁免",
          "完整检查", "引擎版本", "规则集版本", "适用方案")  # fmt: skip
_EVENT = ("编号", "标题", "事项", "日期", "说明")


def write_entries(entries: Sequence[Entry], path: Path) -> None:
    """A sheet of entries, one of their checks, one of the steps taken.

    Raises LedgerError, and OSError where the file cannot be written.
    """
    book = _workbook()
    _sheet(book, "台账", _ENTRY, map(_entry_row, entries))
    _sheet(book, "检查记录", _CHECK, (row for entry in entries for row in _check_rows(entry)))
    _sheet(
        book,
        "办理记录",
        _EVENT,
        ((e.id, e.title, event.step, event.day, event.note) for e in entries for event in e.events),
    )
    _save(book, path)


def write_statistics(statistics: Statistics, path: Path) -> None:
    """The table with its total, its period and how to read it; raises as write_entries."""
    book = _workbook()
    blank = [""] * (len(statistics.by) - 1)
    rows: list[Sequence[Value]] = [(*row.labels, *row.counts) for row in statistics.rows]
    rows.append(("合计", *blank, *statistics.total.counts))
    sheet = _sheet(book, "统计", (*statistics.by, *BUCKETS), rows)
    for words in (f"统计期间：{period(statistics)}", FLAGGED_NOTE):
        sheet.append([words])
    _save(book, path)


def _entry_row(entry: Entry) -> Sequence[Value]:
    last, counts = entry.last, entry.last.counts
    return (
        entry.id, entry.state, entry.title, entry.number, entry.issuer, entry.place, entry.made,
        entry.effective, entry.expires, entry.validity, entry.route, counts.error, counts.warning,
        counts.info, last.waived, last.day, last.as_of, last.engine, last.ruleset, last.profile,
        "是" if last.complete else "否", len(entry.checks),
    )  # fmt: skip


def _check_rows(entry: Entry) -> Iterable[Sequence[Value]]:
    for c in entry.checks:
        yield (
            entry.id, entry.title, c.day, c.file, c.as_of, c.counts.error, c.counts.warning,
            c.counts.info, c.waived, "是" if c.complete else "否", c.engine, c.ruleset, c.profile,
        )  # fmt: skip


def _workbook() -> Workbook:
    try:
        from openpyxl import Workbook
    except ModuleNotFoundError as missing:
        raise LedgerError(
            "导出 .xlsx 需要另外安装 openpyxl：pip install 'legality-precheck[ledger]'"
        ) from missing
    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties.creator = "checker"
    book.properties.created = book.properties.modified = datetime(*_UNDATED)
    return book


def _sheet(
    book: Workbook, name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]
) -> Worksheet:
    """A sheet with a bold heading that stays in view, a filter, and columns as wide as needed."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    widths = [columns(head) for head in heads]
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            _fill(sheet.cell(at, column), value)
            widths[column - 1] = max(widths[column - 1], columns(str(value or "")))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{sheet.max_row}"
    return sheet


def _fill(cell: Cell | MergedCell, value: Value) -> None:
    """Words are always text: what looks like a formula must not be run where the file is opened."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell.data_type = "s"
    if value.startswith(_FORMULA):
        cell.quotePrefix = True


class _Archive(zipfile.ZipFile):
    """An archive whose entries bear no date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = zipfile.ZipInfo(str(zinfo_or_arcname), _UNDATED)
        super().writestr(entry, data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(arcname, Path(filename).read_bytes())


def _save(book: Workbook, path: Path) -> None:
    from openpyxl.writer.excel import ExcelWriter

    buffer = io.BytesIO()
    # ExcelWriter closes the archive.
    ExcelWriter(book, _Archive(buffer, "w")).save()
    path.write_bytes(buffer.getvalue())
