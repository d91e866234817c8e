"""The tables of a bulk run: one row a document, one row a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from checker.findings import Finding
from checker.report import Report, in_order

if TYPE_CHECKING:
    from pyarrow import Table


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and what it was made of: how many bytes, and their SHA-256 ("" where there are none)."""

    report: Report
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What became of a document.

    ``status`` is ``complete``, ``partial`` (``gaps`` says what was not looked at), ``unread``
    (``error`` says why) or ``internal`` (an error of the engine). ``errors``, ``warnings`` and
    ``infos`` count findings that are not set aside, ``waived`` and ``known`` those that are. Days are
    written 2024-03-01, ``register`` is the day of the register of laws, ``texts`` the store of law
    texts; ``characters`` are code points, ``size`` bytes (of a text: in UTF-8). Nothing depends on
    when or how fast it was checked.
    """

    document: str
    status: str
    error: str
    gaps: str
    notes: str
    size: int
    sha256: str
    characters: int
    errors: int
    warnings: int
    infos: int
    waived: int
    known: int
    exempted: int
    as_of: str
    as_of_from: str
    profile: str
    engine: str
    ruleset: str
    register: str
    texts: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of a document; ``start`` and ``end`` are code points of its text.

    ``settled`` is ``none`` for one to look at, ``waived``, ``authorised`` (先行先试) or ``known`` (in the
    baseline). ``entry`` is the number in the list of waivers of what sets it aside, or of what a
    finding about a waiver speaks of, 0 where there is none; ``ground``, ``reason``, ``by`` and
    ``until`` are those of the entry.
    """

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
    settled: str
    entry: int
    ground: str
    reason: str
    by: str
    until: str
    as_of: str
    engine: str
    ruleset: str
    register: str


Row = DocumentRow | FindingRow


def document_row(checked: Checked) -> DocumentRow:
    """The row of a report in the table of documents."""
    report = checked.report
    counts = report.counts
    return DocumentRow(
        document=_clean(report.name),
        status=_status(report),
        error=_clean(report.error),
        gaps=_clean("；".join(report.gaps)),
        notes=_clean("；".join(report.notes)),
        size=checked.size,
        sha256=checked.sha256,
        characters=report.coverage.characters,
        errors=counts.error,
        warnings=counts.warning,
        infos=counts.info,
        waived=len(report.waived),
        known=len(report.known),
        exempted=report.exempted,
        as_of=_day(report),
        as_of_from=report.as_of_from,
        profile=report.profile,
        engine=report.engine,
        ruleset=report.ruleset,
        register=_register(report),
        texts=report.texts,
    )


def finding_rows(report: Report) -> Iterator[FindingRow]:
    """The rows of a report in the table of findings, those set aside too, in order of position."""
    aside = {id(f): _waived_as(f) for f in report.waived} | {id(f): "known" for f in report.known}
    for finding in in_order((*report.findings, *report.waived, *report.known)):
        yield _finding_row(report, finding, aside.get(id(finding), "none"))


def table(kind: type[Row], rows: Sequence[Row]) -> Table:
    """Rows of one kind as an Arrow table; its columns are the fields, also where there is no row."""
    import pyarrow

    types = {"str": pyarrow.string(), "int": pyarrow.int64()}
    schema = pyarrow.schema([(field.name, types[str(field.type)]) for field in fields(kind)])
    columns: dict[str, list[Any]] = {
        field.name: [getattr(row, field.name) for row in rows] for field in fields(kind)
    }
    return pyarrow.table(columns, schema=schema)


def _waived_as(finding: Finding) -> str:
    return finding.waiver.kind if finding.waiver is not None else "waived"


def _finding_row(report: Report, finding: Finding, settled: str) -> FindingRow:
    waiver = finding.waiver
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
        settled=settled,
        entry=waiver.number if waiver else 0,
        ground=_clean(waiver.ground) if waiver else "",
        reason=_clean(waiver.reason) if waiver else "",
        by=_clean(waiver.by) if waiver else "",
        until=waiver.until.isoformat() if waiver else "",
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
