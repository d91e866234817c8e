"""CSV and Excel: the same rows, Chinese as it is, and never a formula."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.render.csv import CsvWriter
from checker.render.rows import HEADINGS, report_rows
from checker.render.workbook import begins_formula
from checker.report import Report, Tally

openpyxl = pytest.importorskip("openpyxl")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", '=cmd|"/C calc"!A0', "\t=1"]


def table(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_a_row_a_finding_and_one_for_what_was_not_read(write, real: list[Report]) -> None:
    rows = table(write("csv", *real))
    assert rows[0] == list(HEADINGS)
    assert len(rows) == 1 + sum(len(r.findings) + len(r.gaps) + bool(r.error) for r in real)
    row = dict(zip(rows[0], rows[1 + len(real[0].findings)], strict=True))
    first = real[1].findings[0]
    assert (row["文件"], row["行"], row["原文"]) == ("notice.txt", str(first.line), first.quote)
    assert (row["起"], row["止"]) == (str(first.start), str(first.end))
    assert dict(zip(rows[0], rows[-1], strict=True))["级别"] == "未检查"


def test_no_cell_of_a_hostile_document_is_a_formula(write, hostile: Report) -> None:
    rows = table(write("csv", hostile, replace(hostile, name="-2+3.txt")))
    assert len(rows) == 1 + 2 * (len(hostile.findings) + len(hostile.gaps) + len(hostile.waived))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if re.match("[=+@\t\r＝＋－＠-]", cell)]
    assert "'-2+3.txt" in cells and any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if re.search("[\x00-\x1f\u202e\ud800-\udfff]", cell)]


@given(st.sampled_from(FORMULAS), st.text())
def test_what_begins_as_a_formula_is_made_inert(formula: str, rest: str) -> None:
    stream = io.StringIO(newline="")
    writer = CsvWriter(stream, {})
    writer.add(Report("a", error=formula + rest))
    writer.close(Tally())
    (row,) = table(stream.getvalue())[1:]
    assert not any(begins_formula(cell) for cell in row)


def book(write, *reports: Report):
    return openpyxl.load_workbook(io.BytesIO(write("xlsx", *reports)))


def test_a_workbook_holds_the_rows(write, real: list[Report], rulebook) -> None:
    sheet = book(write, *real)["问题线索"]
    expected = [row.cells() for r in real for row in report_rows(r, rulebook.families)]
    found = [tuple(value or "" for value in row) for row in sheet.iter_rows(values_only=True)]
    assert found == [HEADINGS, *expected]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == f"A1:O{len(expected) + 1}"
    assert sheet.column_dimensions["H"].width > sheet.column_dimensions["G"].width


def test_a_workbook_lists_the_files(write, real: list[Report]) -> None:
    rows = [row for row in book(write, *real)["文件"].iter_rows(values_only=True) if any(row)]
    assert [row[0] for row in rows[1 : 1 + len(real)]] == [r.name for r in real]
    assert rows[-2][0].startswith(f"检查 {len(real)} 份") and "没有提示不等于合法" in rows[-1][0]


def test_no_cell_of_a_workbook_is_a_formula(write, hostile: Report) -> None:
    reports = [replace(hostile, name=name) for name in FORMULAS]
    quoted = 0
    for sheet in book(write, hostile, *reports):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in ("s", "n", "d", "inlineStr"), cell.value
            quoted += bool(cell.quotePrefix)
    assert quoted > len(FORMULAS)


def test_a_long_text_fits_its_cell(write, hostile: Report) -> None:
    sheet = book(write, Report("a", error="长" * 40_000))["问题线索"]
    assert len(sheet["I2"].value) == 32_767
