"""A run as one HTML file that needs nothing else: text and findings side by side.

It works without scripts: filters are check boxes and style sheets, jumps are links. The script only
adds keys. The content security policy allows nothing but this style and this script, by their
SHA-256 (CSP Level 3). What a document says is never markup: Jinja2 escapes every value, and
characters that would reorder or hide others are shown by their code points.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checker.findings import Finding, Severity
from checker.render.marking import marked_lines, outline_entries
from checker.render.text import excerpt, file_name, judged_by, verdict, visible
from checker.report import Report, Tally

_TEMPLATES = Path(__file__).parent / "templates"
#: Bytes of rendered documents kept in memory before they go to a temporary file.
SPOOLED = 4_000_000
#: Where the documents go in the page; no text that is shown can hold it.
_HERE = "\x00"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index says of a document: ``state`` is its gravest severity, unread or clean."""

    number: int
    name: str
    verdict: str
    state: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A check box of the page: the class it hides, its words, and how many findings it is about."""

    mark: str
    label: str
    count: int


class HtmlWriter:
    """Writes one page: an index where there are several documents, then each with its findings."""

    def __init__(self, stream: TextIO, families: Mapping[str, str]) -> None:
        self._stream, self._titles = stream, families
        # Closed by close(), or where the run ends without it.
        self._documents = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            SPOOLED, "w+", encoding="utf-8"
        )
        self._listed: list[Listed] = []
        self._families: Counter[str] = Counter()
        self._severities: Counter[Severity] = Counter()
        self._made: Report | None = None
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["visible"] = visible
        environment.filters["file_name"] = file_name
        self._document = environment.get_template("document.html")
        self._page = environment.get_template("page.html")
        self._style = environment.get_template("page.css")

    def add(self, report: Report) -> None:
        """Render one document."""
        self._made = report if report.ruleset else self._made
        self._families.update(f.family for f in report.findings)
        self._severities.update(f.severity for f in report.findings)
        gravest = max((f.severity for f in report.findings), key=lambda s: s.weight, default=None)
        number = len(self._listed) + 1
        state = "unread" if not report.complete else str(gravest or "clean")
        self._listed.append(Listed(number, file_name(report.name), verdict(report), state))
        document = report.document if report.findings else None
        parts = self._document.generate(
            report=report,
            verdict=verdict(report),
            judged_by=judged_by(report),
            state=state,
            number=number,
            id=f"d{number}",
            lines=marked_lines(document, report.findings) if document else (),
            entries=list(outline_entries(document, report.findings)) if document else (),
            marks=[self._marks(finding) for finding in report.findings],
            excerpt=excerpt,
            order=lambda covering: _gravest_last(report, covering),
        )
        for part in parts:
            self._documents.write(_writable(part))

    def close(self, tally: Tally) -> None:
        """Write the page around the documents."""
        filters = self._filters()
        style = self._style.render(filters=filters)
        script = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
        page = self._page.render(
            style=Markup(style),
            style_hash=_hash(style),
            script=Markup(script),
            script_hash=_hash(script),
            filters=filters,
            listed=self._listed,
            closing=tally.closing,
            made=self._made,
            documents=Markup(_HERE),
        )
        before, after = _writable(page).split(_HERE)
        self._stream.write(before)
        with self._documents as documents:
            documents.seek(0)
            shutil.copyfileobj(documents, self._stream)
        self._stream.write(after)

    def _marks(self, finding: Finding) -> str:
        """Classes by which style sheets and filters know a finding."""
        return f"{finding.severity.value} family-{list(self._families).index(finding.family)}"

    def _filters(self) -> list[Filter]:
        severities = [
            Filter(severity.value, severity.label, self._severities[severity])
            for severity in Severity
            if self._severities[severity]
        ]
        families = list(self._families)
        return severities + [
            Filter(
                f"family-{families.index(code)}",
                self._titles.get(code, code),
                self._families[code],
            )
            for code in sorted(families)
        ]


def _gravest_last(report: Report, covering: tuple[int, ...]) -> list[int]:
    """Findings over the same words, the gravest last: its mark is the innermost."""
    return sorted(covering, key=lambda n: (report.findings[n].severity.weight, -n))


def _hash(content: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
