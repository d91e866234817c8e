"""The findings of a report as rows of a table, for CSV and for Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from checker.findings import Finding
from checker.render.text import file_name, visible
from checker.report import Report


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, or one thing that could not be checked (without rule and place).

    ``line`` counts from 1, 0 where a file has no lines; ``start`` and ``end`` are code points.
    """

    file: str
    severity: str
    rule: str = ""
    title: str = ""
    family: str = ""
    address: str = ""
    line: int = 0
    quote: str = ""
    message: str = ""
    basis: str = ""
    advice: str = ""
    note: str = ""
    start: int = 0
    end: int = 0
    fingerprint: str = ""

    def cells(self) -> tuple[str | int, ...]:
        """The values in the order of HEADINGS, nothing where a number says nothing."""
        numbered = {"line": self.line > 0, "start": self.end > 0, "end": self.end > 0}
        return tuple(
            getattr(self, field.name) if numbered.get(field.name, True) else ""
            for field in fields(self)
        )


#: Headings of the columns, in the order of the fields of Row.
HEADINGS = (
    "文件", "级别", "规则", "名称", "门类", "位置", "行", "原文", "问题", "依据", "建议", "说明",
    "起", "止", "指纹",
)  # fmt: skip


def report_rows(report: Report, families: Mapping[str, str]) -> Iterator[Row]:
    """What could not be checked, then the findings, then those set aside by a waiver."""
    name = file_name(report.name)
    for reason in (report.error, *report.gaps):
        if reason:
            yield Row(name, "未检查", message=visible(reason))
    for finding in report.findings:
        yield _row(name, finding.severity.label, finding, families)
    for finding in report.waived:
        label = "依授权" if finding.waiver and finding.waiver.kind == "authorised" else "已豁免"
        row = _row(name, label, finding, families)
        yield replace(row, message=visible(f"{finding.message}{finding.waiver or ''}"))


def _row(name: str, severity: str, f: Finding, families: Mapping[str, str]) -> Row:
    also = f"同见 {'、'.join(f.also)}" if f.also else ""
    return Row(
        file=name,
        severity=severity,
        rule=f.rule,
        title=visible(f.title),
        family=families.get(f.family, f.family),
        address=visible(f.address),
        line=f.line,
        quote=visible(f.quote),
        message=visible(f.message),
        basis="；".join(map(str, f.basis)),
        advice=visible(f.advice),
        note="；".join(part for part in (visible(f.softened), also) if part),
        start=f.start,
        end=f.end,
        fingerprint=f.fingerprint,
    )
