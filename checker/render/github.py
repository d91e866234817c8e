"""A run as workflow commands of GitHub Actions, which shows them beside the lines of a change."""

from __future__ import annotations

from typing import TextIO

from checker.findings import Severity
from checker.render.text import file_name, visible
from checker.report import Report, Tally

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return file_name(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _command(name: str, message: str, **properties: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(message)}\n"


class GithubWriter:
    """Writes ``::error file=…,line=…,title=…::…`` for each finding.

    Files without lines (.docx) have no line. What could not be checked is an annotation too.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, report: Report) -> None:
        """Write the annotations of one document."""
        if report.error:
            self._write("error", report.error, report.name, title="未能检查")
        for gap in report.gaps:
            self._write("warning", gap, report.name, title="未检查")
        for f in report.findings:
            advice = f" 建议：{f.advice}" if f.advice else ""
            place = f"{f.address}：" if f.address else ""
            line, last = (f.line, f.line + f.quote.count("\n")) if f.line else ("", "")
            title = f"{f.severity.label} {f.rule} {f.title}"
            self._write(
                _COMMANDS[f.severity], f"{place}{f.message}{advice}", report.name,
                line=str(line), endLine=str(last), title=title,
            )  # fmt: skip

    def close(self, tally: Tally) -> None:
        """Write the closing line, an ordinary line of the log."""
        self._stream.write(tally.closing + "\n")

    def _write(self, name: str, message: str, file: str, **properties: str) -> None:
        self._stream.write(_command(name, message, file=file, **properties))
