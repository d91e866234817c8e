"""A run as a code quality report of GitLab (the Code Climate issues that it reads)."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, TextIO

from checker.findings import Severity
from checker.render.text import visible
from checker.report import Report, Tally, dump_json

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


class _Issue(NamedTuple):
    """An issue; ``mark`` tells it from others of its check in the same document."""

    check: str
    told: str
    severity: str
    mark: str
    line: int = 1


class GitlabWriter:
    """Writes one JSON array, an issue a line; a file without lines is named with its line 1.

    What could not be checked is an issue too, so that a merge request never shows it as clean.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = "[\n"

    def add(self, report: Report) -> None:
        """Write the issues of one document."""
        if report.error:
            self._issue(report.name, _Issue("未能检查", report.error, "blocker", report.error))
        for gap in report.gaps:
            self._issue(report.name, _Issue("未检查", gap, "major", gap))
        for f in report.findings:
            place = f"{f.address}：" if f.address else ""
            told = f"{f.title}。{place}{f.message}"
            severity = _SEVERITIES[f.severity]
            self._issue(report.name, _Issue(f.rule, told, severity, f.fingerprint, f.line or 1))

    def close(self, _: Tally) -> None:
        """End the array."""
        opening = "" if self._before == ",\n" else self._before
        self._stream.write(f"{opening}\n]\n")

    def _issue(self, name: str, issue: _Issue) -> None:
        # The fingerprint of a finding is its own only inside a document.
        key = "\x1f".join((name, issue.check, issue.mark)).encode("utf-8", "surrogatepass")
        written = {
            "description": visible(issue.told),
            "check_name": issue.check,
            "fingerprint": hashlib.sha256(key).hexdigest()[:32],
            "severity": issue.severity,
            "location": {"path": name, "lines": {"begin": issue.line}},
        }
        self._stream.write(self._before + dump_json(written))
        self._before = ",\n"
