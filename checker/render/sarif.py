"""A run as a SARIF 2.1.0 log (OASIS), written report by report.

Results come first and what they refer to by index (artifacts, rules, families) last, so that only
the names of what was met are kept. Numbers of lines and columns from 1, offsets from 0, all of them
code points. The same run gives the same characters: there is no time and no random identifier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote

from checker.findings import Finding, Severity
from checker.render.output import Rulebook
from checker.render.rule import rule_lines
from checker.render.text import visible
from checker.report import Report, Tally, __version__, dump_json

if TYPE_CHECKING:
    from checker.compiled import CompiledRule
    from checker.steps import StepRule
    from checker.waivers import WaiverRule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: Name of the fingerprint; its number rises when fingerprints are made in another way.
FINGERPRINT = "checkerFingerprint/v1"
#: What file names are relative to; the reader of the log knows where that is.
BASE = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# Surrogates that do not stand for a byte of a file name.
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")

Json = dict[str, object]


def uri(name: str) -> str:
    """The relative URI of a file name with ``/``; bytes that are no UTF-8 stay what they are."""
    return quote(_LONE.sub("\ufffd", name).encode("utf-8", "surrogateescape"), safe="/")


def region(finding: Finding, text: str | None) -> Json:
    """Where the words of a finding stand; with ``text``, that of a file of lines, by line too."""
    place: Json = {"charOffset": finding.start, "charLength": finding.end - finding.start}
    if text is not None and finding.line:
        last = finding.quote.count("\n")
        place |= {
            "startLine": finding.line,
            "startColumn": finding.start - text.rfind("\n", 0, finding.start),
            "endLine": finding.line + last,
            "endColumn": finding.end - text.rfind("\n", 0, finding.end),
        }
    return place | {"snippet": {"text": finding.quote}}


class SarifWriter:
    """Writes one run with the results of every document."""

    def __init__(self, stream: TextIO, rulebook: Rulebook) -> None:
        self._stream = stream
        self._rulebook = rulebook
        self._before = f'{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"results":[\n'
        self._artifacts: list[str] = []
        self._rules: dict[str, Finding] = {}
        self._families: list[str] = []
        self._notifications: list[Json] = []
        self._failed = False
        self._last: Report | None = None

    def add(self, report: Report) -> None:
        """Write the results of one document; what waivers set aside is marked as suppressed."""
        at: Json = {"uri": uri(report.name), "uriBaseId": BASE, "index": len(self._artifacts)}
        self._artifacts.append(report.name)
        self._last = report if report.ruleset else self._last
        self._failed = self._failed or report.internal
        self._notifications.extend(_notifications(report, at))
        for finding in report.findings:
            self._write(self._result(finding, report, at, []))
        for finding in report.waived:
            accepted: Json = {"kind": "external", "status": "accepted"}
            if finding.waiver is not None:
                accepted["justification"] = visible(str(finding.waiver))
            self._write(self._result(finding, report, at, [accepted]))

    def close(self, tally: Tally) -> None:
        """Write what the results refer to, and end the log."""
        opening = "" if self._before == ",\n" else self._before
        rest = dump_json(self._run(tally))[1:]
        self._stream.write(f"{opening}\n],{rest}]}}\n")

    def _write(self, result: Json) -> None:
        self._stream.write(self._before + dump_json(result))
        self._before = ",\n"

    def _result(self, f: Finding, report: Report, at: Json, suppressions: list[Json]) -> Json:
        self._rules.setdefault(f.rule, f)
        if f.family not in self._families:
            self._families.append(f.family)
        physical: Json = {"artifactLocation": at}
        if f.end > f.start:
            text = report.document.source.text if report.document else None
            physical["region"] = region(f, text)
        location: Json = {"physicalLocation": physical}
        if f.address:
            logical = {"fullyQualifiedName": visible(f.address), "kind": "provision"}
            location["logicalLocations"] = [logical]
        return {
            "ruleId": f.rule,
            "ruleIndex": list(self._rules).index(f.rule),
            "level": _LEVELS[f.severity],
            "message": {"text": visible(f"{f.message}{f.advice and f'建议：{f.advice}'}")},
            "locations": [location],
            "partialFingerprints": {FINGERPRINT: f.fingerprint},
            "suppressions": suppressions,
            "taxa": [_taxon(self._families, f.family)],
            "properties": {
                "address": visible(f.address),
                "basis": [str(basis) for basis in f.basis],
                "advice": f.advice,
                "also": list(f.also),
                "softened": f.softened,
            },
        }

    def _run(self, tally: Tally) -> Json:
        titles = self._rulebook.families
        known = {rule.id: rule for rule in self._rulebook.rules()} if self._rules else {}
        made = self._last
        return {
            "tool": {
                "driver": {
                    "name": "checker",
                    "fullName": f"checker {__version__}（行政规范性文件合法性预审）",
                    "semanticVersion": __version__,
                    "language": "zh-CN",
                    "rules": [
                        _descriptor(finding, known.get(code), titles, self._families)
                        for code, finding in self._rules.items()
                    ],
                    "supportedTaxonomies": [{"name": "families", "index": 0}],
                    "properties": {"ruleset": made.ruleset if made else ""},
                }
            },
            "taxonomies": [_taxonomy(self._families, titles)],
            "artifacts": [
                {"location": {"uri": uri(name), "uriBaseId": BASE}, "roles": ["analysisTarget"]}
                for name in self._artifacts
            ],
            "originalUriBaseIds": {BASE: {"description": {"text": "运行 checker 的文件夹"}}},
            "automationDetails": {"id": f"checker/{made.profile if made else ''}/"},
            "invocations": [
                {
                    "executionSuccessful": not self._failed,
                    "toolExecutionNotifications": self._notifications,
                }
            ],
            "columnKind": "unicodeCodePoints",
            "language": "zh-CN",
            "properties": {"closing": tally.closing},
        }


def _notifications(report: Report, at: Json) -> list[Json]:
    """What could not be checked, so that a log without results is not taken for a clean one."""
    told = [("error", report.error)] if report.error else []
    told += [("warning", gap) for gap in report.gaps] + [("note", note) for note in report.notes]
    where = [{"physicalLocation": {"artifactLocation": at}}]
    return [{"level": a, "message": {"text": visible(b)}, "locations": where} for a, b in told]


def _taxon(families: list[str], family: str) -> Json:
    component = {"name": "families", "index": 0}
    return {"id": family, "index": families.index(family), "toolComponent": component}


def _taxonomy(families: list[str], titles: Mapping[str, str]) -> Json:
    return {
        "name": "families",
        "shortDescription": {"text": "问题门类"},
        "language": "zh-CN",
        "isComprehensive": False,
        "taxa": [
            {"id": code, "name": code, "shortDescription": {"text": titles.get(code, code)}}
            for code in families
        ],
    }


def _descriptor(
    finding: Finding,
    rule: CompiledRule | StepRule | WaiverRule | None,
    titles: Mapping[str, str],
    families: list[str],
) -> Json:
    """A rule as SARIF describes it; of a rule no longer known, what its finding says.

    There is no ``helpUri``: it must be absolute (2.1.0, 3.49.12), and the pages of the rules lie
    beside the program. ``help`` holds what ``checker explain`` prints.
    """
    lines = list(rule_lines(rule, titles)) if rule else [finding.title]
    severity = rule.severity if rule else finding.severity
    return {
        "id": finding.rule,
        "name": finding.title,
        "shortDescription": {"text": finding.title},
        "help": {"text": "\n".join(lines)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "relationships": [{"target": _taxon(families, finding.family), "kinds": ["superset"]}],
        "properties": {"tags": [finding.family], "page": f"docs/rules/{finding.rule}.md"},
    }
