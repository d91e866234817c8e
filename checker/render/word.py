"""Findings as comments in a copy of the Word file they are about."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.findings import Finding, Severity, Span
from checker.render.text import visible
from checker.report import Report, Tally
from checker.sources import SourceText, read_bytes
from checker.structure import parse
from checker.word.annotation import Remark, Unmarkable, annotate


def annotated(data: bytes, name: str, findings: Iterable[Finding]) -> bytes:
    """A copy of the Word file with a comment for every finding; no other change.

    A finding about the whole document is put on its title. Raises Unmarkable where the file is no
    .docx or is not the one that was checked, UnreadableSource where it cannot be read.
    """
    source = read_bytes(data, name)
    title = _title(source)
    return annotate(data, source, [_remark(source, finding, title) for finding in findings])


def _title(source: SourceText) -> Span:
    """The title, else the first characters."""
    nodes = (node for node in parse(source).walk() if node.kind == "title")
    node = next(nodes, None)
    if node is None:
        return Span(0, 1)
    words = source.text[node.start : node.end]
    start = node.start + len(words) - len(words.lstrip())
    return Span(start, start + max(len(words.strip()), 1))


def _remark(source: SourceText, finding: Finding, title: Span) -> Remark:
    if source.text[finding.start : finding.end] != finding.quote:
        raise Unmarkable(f"{source.name}：文件在检查之后改动过，请重新检查")
    span = finding.span if finding.quote else title
    return Remark(span.start, span.end, tuple(remark_lines(finding)))


def remark_lines(finding: Finding) -> Iterator[str]:
    """What a comment says: severity, rule and title; message, basis, advice, place."""
    yield visible(f"【{finding.severity.label}】{finding.rule} {finding.title}")
    yield f"问题：{visible(finding.message)}"
    if finding.basis:
        yield f"依据：{'；'.join(map(str, finding.basis))}"
    if finding.advice:
        yield f"建议：{visible(finding.advice)}"
    if finding.softened:
        yield f"说明：{visible(finding.softened)}"
    if finding.also:
        yield f"同见：{'、'.join(finding.also)}"
    yield f"位置：{visible(finding.address)}"


def worth_a_comment(report: Report, hints: bool) -> tuple[Finding, ...]:
    """The findings of a report; mere hints only where they are asked for."""
    return tuple(f for f in report.findings if hints or f.severity is not Severity.INFO)


class WordWriter:
    """Writes the annotated copy of the one file that is checked; hints are left out."""

    def __init__(self, file: Path, origin: Path) -> None:
        self._file, self._origin = file, origin
        self._copy: bytes | None = None
        self._error = ""

    def add(self, report: Report) -> None:
        """Annotate the file of this report. Raises Unmarkable, UnreadableSource, OSError."""
        self._error = report.error
        if not report.error:
            self._copy = annotated(
                self._origin.read_bytes(), report.name, worth_a_comment(report, False)
            )

    def close(self, tally: Tally) -> None:
        """Write the copy; where the file could not be read there is none. Raises OSError."""
        if self._copy is None:
            sys.stderr.write(f"没有写出 {self._file}：{visible(self._error)}\n")
        else:
            self._file.write_bytes(self._copy)
