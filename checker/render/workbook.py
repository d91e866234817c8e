"""Tables as .xlsx workbooks; the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from checker.extras import MissingLibrary, lacking

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | date | None

#: A workbook does not say when it was written: ZIP archives date from this day at the earliest.
_UNDATED = (1980, 1, 1, 0, 0, 0)
#: What a spreadsheet may take for a formula at the beginning of a cell (OWASP, CSV Injection).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# What neither openpyxl nor XML has a way to write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Columns of the widest column; what is longer is wrapped.
_WIDEST = 60
#: Excel refuses a cell with more characters.
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the heads of its columns, its rows, and notes that stand below them."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[str] = ()


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text of a cell instead of showing it."""
    return text.startswith(_FORMULA)


def require_openpyxl() -> None:
    """Raise MissingLibrary where no workbook can be written."""
    if find_spec("openpyxl") is None:
        raise MissingLibrary(lacking("写 .xlsx ", "openpyxl", "xlsx"))


def write_workbook(target: Path | IO[bytes], *sheets: Sheet) -> None:
    """Write sheets, each with a heading that stays in view, a filter, and columns as wide as needed.

    ``target`` is a file or a stream of bytes. Raises MissingLibrary, and OSError where the file
    cannot be written.
    """
    require_openpyxl()
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties.creator = "checker"
    book.properties.created = book.properties.modified = datetime(*_UNDATED)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.name), sheet)
    if isinstance(target, Path):
        target.write_bytes(_bytes(book))
    else:
        target.write(_bytes(book))


def _write_sheet(written: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from rich.cells import cell_len

    widths = [0] * len(sheet.heads)
    for at, row in enumerate([sheet.heads, *sheet.rows], 1):
        for column, value in enumerate(row, 1):
            cell = written.cell(at, column)
            _fill(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            longest = max(map(cell_len, str(value or "").split("\n")))
            widths[column - 1] = max(widths[column - 1], longest)
    for column, width in enumerate(widths, 1):
        written.cell(1, column).font = Font(bold=True)
        written.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST) + 2
    written.freeze_panes = "A2"
    written.auto_filter.ref = written.dimensions
    for note in sheet.notes:
        written.append([note])


def _fill(cell: Cell | MergedCell, value: Value) -> None:
    """Words are always text: what looks like a formula must not be run where the file is opened."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    cell.value = _FORBIDDEN.sub("", value)[:_LONGEST]
    cell.data_type = "s"
    if begins_formula(value):
        cell.quotePrefix = True


class _Archive(zipfile.ZipFile):
    """An archive whose entries bear no date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = zipfile.ZipInfo(str(zinfo_or_arcname), _UNDATED)
        super().writestr(entry, data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(arcname, Path(filename).read_bytes())


def _bytes(book: Any) -> bytes:
    from openpyxl.writer.excel import ExcelWriter

    buffer = io.BytesIO()
    # ExcelWriter closes the archive.
    ExcelWriter(book, _Archive(buffer, "w")).save()
    return buffer.getvalue()
