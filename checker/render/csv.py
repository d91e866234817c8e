"""A run as CSV (RFC 4180) with a byte order mark, so that Excel reads the Chinese as it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import TextIO

from checker.render.rows import HEADINGS, report_rows
from checker.render.workbook import begins_formula
from checker.report import Report, Tally


def _inert(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and begins_formula(cell) else cell


class CsvWriter:
    """Writes a heading and a row a finding; what looks like a formula begins with an apostrophe."""

    def __init__(self, stream: TextIO, families: Mapping[str, str]) -> None:
        self._families = families
        stream.write("\ufeff")
        self._rows = csv.writer(stream)
        self._rows.writerow(HEADINGS)

    def add(self, report: Report) -> None:
        """Write the rows of one document."""
        for row in report_rows(report, self._families):
            self._rows.writerow(map(_inert, row.cells()))

    def close(self, _: Tally) -> None:
        """Nothing: the rows are all there is."""
