"""The tables of a bulk run: one row a document, one row a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from checker.findings import Finding
from checker.report import Report

if TYPE_CHECKING:
    from pyarrow import Table


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What became of a document.

    ``status`` is ``complete``, ``partial`` (``gaps`` says what was not looked at), ``unread``
    (``error`` says why) or ``internal`` (an error of the engine). Days are written 2024-03-01,
    ``register`` is the day of the register of laws; lengths are code points.
    """

    document: str
    status: str
    error: str
    gaps: str
    characters: int
    errors: int
    warnings: int
    infos: int
    exempted: int
    as_of: str
    as_of_from: str
    profile: str
    engine: str
    ruleset: str
    register: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of a document; ``start`` and ``end`` are code points of its text."""

    document: str
    fingerprint: str
    rule: str
    family: str
    severity: str
    start: int
    end: int
    quote: str
    address: str
    message: str
    advice: str
    basis: str
    as_of: str
    engine: str
    ruleset: str
    register: str


Row = DocumentRow | FindingRow


def document_row(report: Report) -> DocumentRow:
    """The row of a report in the table of documents."""
    counts = report.counts
    return DocumentRow(
        document=_clean(report.name),
        status=_status(report),
        error=_clean(report.error),
        gaps=_clean("；".join(report.gaps)),
        characters=report.coverage.characters,
        errors=counts.error,
        warnings=counts.warning,
        infos=counts.info,
        exempted=report.exempted,
        as_of=_day(report),
        as_of_from=report.as_of_from,
        profile=report.profile,
        engine=report.engine,
        ruleset=report.ruleset,
        register=_register(report),
    )


def finding_rows(report: Report) -> tuple[FindingRow, ...]:
    """The rows of a report in the table of findings, in order of position."""
    return tuple(_finding_row(report, finding) for finding in report.findings)


def table(kind: type[Row], rows: Sequence[Row]) -> Table:
    """Rows of one kind as an Arrow table; its columns are the fields, also where there is no row."""
    import pyarrow

    types = {"str": pyarrow.string(), "int": pyarrow.int64()}
    schema = pyarrow.schema([(field.name, types[str(field.type)]) for field in fields(kind)])
    columns: dict[str, list[Any]] = {
        field.name: [getattr(row, field.name) for row in rows] for field in fields(kind)
    }
    return pyarrow.table(columns, schema=schema)


def _finding_row(report: Report, finding: Finding) -> FindingRow:
    return FindingRow(
        document=_clean(report.name),
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        family=finding.family,
        severity=finding.severity.value,
        start=finding.start,
        end=finding.end,
        quote=_clean(finding.quote),
        address=_clean(finding.address),
        message=_clean(finding.message),
        advice=_clean(finding.advice),
        basis="；".join(map(str, finding.basis)),
        as_of=_day(report),
        engine=report.engine,
        ruleset=report.ruleset,
        register=_register(report),
    )


def _status(report: Report) -> str:
    if report.internal:
        return "internal"
    if report.error:
        return "unread"
    return "partial" if report.gaps else "complete"


def _day(report: Report) -> str:
    return report.as_of.isoformat() if report.as_of else ""


def _register(report: Report) -> str:
    return report.statutes[0].isoformat() if report.statutes else ""


def _clean(text: str) -> str:
    """Text that UTF-8 can carry: lone surrogates are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
