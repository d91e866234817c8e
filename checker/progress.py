"""Progress on standard error while many documents are checked: a bar on a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from checker.report import Report

#: With fewer documents there is nothing to wait for.
MANY = 20
#: The bar is drawn again after this time at the earliest, a line is written after that (seconds).
_PAUSE, _LINES = 0.1, 60.0
Step = TypeVar("Step")


def with_progress(reports: Iterator[Report], total: int) -> Iterator[Report]:
    """The reports as they come; how many of ``total`` there were, and how many with findings.

    Shown only on a terminal.
    """
    if total < MANY or not sys.stderr.isatty():
        yield from reports
        return
    flagged = 0
    with _bar(total) as advance:
        for report in reports:
            yield report
            flagged += bool(report.findings)
            advance(1, f"，{flagged} 份有问题线索")


def with_rate(
    steps: Iterator[Step], total: int, documents: Callable[[Step], int]
) -> Iterator[Step]:
    """The steps as they come; how many of ``total`` documents they make, how fast, how long still.

    A bar on a terminal; elsewhere a line a minute.
    """
    begun = told = time.monotonic()
    done = 0
    with _bar(total) if sys.stderr.isatty() else _nothing() as advance:
        for step in steps:
            yield step
            done += documents(step)
            now = time.monotonic()
            rate = done / max(now - begun, 1e-9)
            advance(documents(step), f"，每秒 {rate:.0f} 份")
            if not sys.stderr.isatty() and now - told >= _LINES:
                told = now
                left = _duration((total - done) / rate) if rate else "？"
                words = f"已检查 {done:,}/{total:,} 份，每秒 {rate:.0f} 份，还要 {left}"
                print(words, file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} 秒"
    minutes = round(seconds / 60)
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes >= 60 else f"{minutes} 分"


@contextmanager
def _nothing() -> Iterator[Callable[[int, str], None]]:
    yield lambda _, __: None


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int, str], None]]:
    """A bar of so many documents; what it gives counts some more, with words to show beside."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("已检查 {task.completed}/{task.total} 份{task.fields[words]}"),
        BarColumn(),
        TextColumn("还要"),
        TimeRemainingColumn(),
    )
    # Drawn by hand: a thread that draws would forbid the processes that share the work to be forked.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=total, words="")
        drawn = 0.0

        def advance(count: int, words: str) -> None:
            nonlocal drawn
            now = time.monotonic()
            progress.update(task, advance=count, words=words, refresh=now - drawn > _PAUSE)
            drawn = now if now - drawn > _PAUSE else drawn

        yield advance
