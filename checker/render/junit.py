"""A run as JUnit XML: a suite a document, a case a rule that fired, and one for all that did not.

Errors and warnings are failures, hints are passing cases with their text, waived findings are
skipped, and what could not be checked is an error: it never passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checker.findings import Finding, Severity
from checker.render.text import file_name, finding_text, visible
from checker.report import Report, Tally


class JunitWriter:
    """Writes ``<testsuites>``, one suite at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="checker">\n')

    def add(self, report: Report) -> None:
        """Write the suite of one document."""
        suite = Element("testsuite", name=file_name(report.name))
        _unchecked(suite, report)
        for rule, group in _by_rule(report.findings):
            _add_findings(_case(suite, report, f"{rule} {group[0].title}"), group)
        for rule, group in _by_rule(report.waived):
            case = _case(suite, report, f"{rule} {group[0].title}（已豁免）")
            SubElement(case, "skipped", message=f"已豁免 {len(group)} 处")
        if not report.error:
            _case(suite, report, f"其余规则（共运行 {report.coverage.rules} 条）")
        suite.set("tests", str(len(suite)))
        for kind in ("failure", "error", "skipped"):
            count = sum(case.find(kind) is not None for case in suite)
            suite.set({"failure": "failures", "error": "errors"}.get(kind, kind), str(count))
        indent(suite, level=1)
        self._stream.write(f"  {tostring(suite, encoding='unicode')}\n")

    def close(self, tally: Tally) -> None:
        """End the document."""
        self._stream.write(f"</testsuites>\n<!-- {tally.closing} -->\n")


def _by_rule(findings: Iterable[Finding]) -> Iterable[tuple[str, list[Finding]]]:
    ordered = sorted(findings, key=lambda f: f.rule)
    return [(rule, list(group)) for rule, group in groupby(ordered, key=lambda f: f.rule)]


def _case(suite: Element, report: Report, name: str) -> Element:
    return SubElement(suite, "testcase", classname=file_name(report.name), name=visible(name))


def _unchecked(suite: Element, report: Report) -> None:
    if report.error:
        SubElement(_case(suite, report, "读取"), "error", message=visible(report.error))
    for number, gap in enumerate(report.gaps, 1):
        SubElement(_case(suite, report, f"未检查 {number}"), "error", message=visible(gap))


def _add_findings(case: Element, findings: list[Finding]) -> None:
    text = "\n\n".join(map(finding_text, findings))
    gravest = max(findings, key=lambda f: f.severity.weight)
    if gravest.severity is Severity.INFO:
        SubElement(case, "system-out").text = text
        return
    failure = SubElement(case, "failure", message=visible(gravest.message))
    failure.set("type", gravest.severity.value)
    failure.text = text
