"""Checks: whole checks of changed drafts, what is printed of them, and two drafts compared."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from random import Random

from bench.fuzz import mutation, seeds
from bench.fuzz.outcomes import checker
from bench.fuzz.soundness import expect, joined_soundly


def document(rng: Random) -> str:
    """A draft, or a document of the folders given, changed."""
    text = rng.choice(_real() or seeds.drafts())
    if len(text) > 1500:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        text = "\n".join(lines[at:])[:1500]
    return mutation.mutate_lines(rng, text)


#: A folder of further documents that a run may mutate; set by the command.
DOCUMENTS: list[Path] = []


@cache
def _real() -> tuple[str, ...]:
    """Texts of the documents in the folder given, if any."""
    from checker.sources import SUPPORTED_SUFFIXES, read_path

    paths = [
        p
        for folder in DOCUMENTS
        for p in sorted(folder.rglob("*"))
        if p.suffix in SUPPORTED_SUFFIXES
    ]
    return tuple(read_path(path).text for path in paths[:2000])


def check(text: str) -> str:
    """Findings quote the text and have a place; no rule fails."""
    report = checker().check_text(text)
    if report.error.startswith("没有可读的文字"):
        return "blank"
    expect(report.error == "" and not report.internal, f"not checked: {report.error}")
    expect(not any("内部错误" in gap for gap in report.gaps), f"a rule failed: {report.gaps}")
    expect(report.document is not None, "no document")
    joined_soundly(report.document)  # type: ignore[arg-type]
    for finding in report.findings:
        expect(
            text[finding.start : finding.end] == finding.quote, "a quote that is not in the text"
        )
        expect(bool(finding.address) and bool(finding.message), "a finding without place or words")
    return f"{sorted({f.family for f in report.findings})}"


def render(text: str) -> str:
    """Every format of output, as text that can be written."""
    import json

    from checker.render.output import FORMATS, Settings
    from checker.report import Tally

    report = checker().check_text(text, "草案\u202e.txt")
    tally = Tally().plus(report)
    for name in ("text", "json", "html", "csv", "sarif", "junit", "github", "gitlab"):
        out = io.StringIO()
        writer = FORMATS[name].open(out, Settings(verbose=True))
        writer.add(report)
        writer.close(tally)
        written = out.getvalue()
        written.encode("utf-8", "backslashreplace")
        if name in ("json", "sarif", "gitlab"):
            json.loads(written)
        if name == "junit":
            from lxml import etree

            etree.fromstring(written.encode("utf-8"))
    return f"{len(report.findings)}"


def compare(texts: tuple[str, str]) -> str:
    """No finding gets lost between two drafts."""
    from checker.comparison import compare
    from checker.render.comparison import comparison_json, comparison_lines

    old, new = (checker().check_text(text) for text in texts)
    if old.document is None or new.document is None:
        expect("空白" in f"{old.error}{new.error}", "no document")
        return "blank"
    compared = compare(old.document, new.document, old.findings, new.findings)
    comparison_json(old, new, compared)
    _ = comparison_lines
    expect(len(compared.kept) + len(compared.gained) == len(new.findings), "a finding got lost")
    expect(len(compared.kept) + len(compared.lost) == len(old.findings), "an old finding got lost")
    return f"{len(compared.changes)} {len(compared.modalities)}"


def two(rng: Random) -> tuple[str, str]:
    """A draft and its changed copy."""
    text = seeds.DRAFT if rng.random() < 0.5 else rng.choice(seeds.drafts())[:1500]
    return text, mutation.mutate_lines(rng, text)
