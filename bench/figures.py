"""Figures: tables in Markdown with the day, machine and load they were taken on, kept in the README."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

README = Path(__file__).with_name("README.md")


def circumstances() -> str:
    """Day, interpreter, machine and load (1, 5, 15 minutes) of a measurement, in one line."""
    load = ", ".join(f"{x:.2f}" for x in os.getloadavg())
    return f"{datetime.now():%Y-%m-%d %H:%M}, {machine()}, load {load}"


def machine() -> str:
    """Interpreter and machine."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.machine()}, {os.cpu_count()} cores"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def keep(section: str, lines: Iterable[str], page: Path = README) -> None:
    """Replace what stands between the marks of a section of a page.

    Raises ValueError where the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {section}:begin -->\n).*?(<!-- {section}:end -->)", re.S)
    if not marks.search(text):
        raise ValueError(f"{page} has no section {section}")
    body = "\n".join(lines) + "\n"
    page.write_text(marks.sub(lambda m: m[1] + body + m[2], text), encoding="utf-8")


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` per cent of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100) - 1)]


def median(values: Iterable[float]) -> float:
    """Median of the values."""
    return statistics.median(values)
