"""Progress: a bar on standard error while many documents are checked; only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.report import Report

#: With fewer documents there is nothing to wait for.
MANY = 20
#: The bar is drawn again after this time at the earliest (seconds).
_PAUSE = 0.1


def with_progress(reports: Iterator[Report], total: int) -> Iterator[Report]:
    """The reports as they come; how many of ``total`` there were, and how many with findings."""
    if total < MANY or not sys.stderr.isatty():
        yield from reports
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("已检查 {task.completed}/{task.total} 份，{task.fields[flagged]} 份有问题线索"),
        BarColumn(),
        TextColumn("还要"),
        TimeRemainingColumn(),
    )
    # Drawn by hand: a thread that draws would forbid the processes that share the work to be forked.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=total, flagged=0)
        flagged, drawn = 0, 0.0
        for report in reports:
            yield report
            flagged += bool(report.findings)
            now = time.monotonic()
            progress.update(task, advance=1, flagged=flagged, refresh=now - drawn > _PAUSE)
            drawn = now if now - drawn > _PAUSE else drawn
