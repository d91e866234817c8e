"""Sweep: the files of a stock read, in one process or several, and judged together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.batch import Job, jobs_for
from checker.faults import internal_error
from checker.holdings import Holding, read_holding
from checker.parsing import parse_file
from checker.sources import SUPPORTED_SUFFIXES, UnreadableSource, cause
from checker.stock import Row, judge
from checker.workers import for_each

#: How long before its end a document is about to expire (days).
WITHIN = 183


@dataclass(frozen=True, slots=True)
class Sweep:
    """A stock judged on a day: a row for each document that was read, and what could not be read."""

    as_of: date
    within: int
    rows: tuple[Row, ...]
    unread: tuple[Holding, ...]


def sweep(
    paths: Iterable[str | Path],
    as_of: date | None = None,
    within: int = WITHIN,
    jobs: int | None = None,
) -> Sweep:
    """Judge every document at files and folders on a day (None: today); order does not matter.

    ``within`` is in days, ``jobs`` the number of processes (None: as the number of files asks).
    """
    day = as_of or date.today()
    holdings = read_stock(paths, jobs)
    unread = tuple(holding for holding in holdings if holding.problem)
    return Sweep(day, within, judge(holdings, day, within), unread)


def read_stock(paths: Iterable[str | Path], jobs: int | None = None) -> tuple[Holding, ...]:
    """What every document at files and folders says, in order of name; each file once."""
    listed = {job.name: job for path in paths for job in jobs_for(Path(path), SUPPORTED_SUFFIXES)}
    found = for_each(
        _read,
        list(listed.values()),
        jobs,
        lambda job, loss: Holding(job.name, problem=loss.reason, internal=not loss.limit),
    )
    return tuple(sorted(found, key=lambda holding: holding.name))


def _read(job: Job) -> Holding:
    """One file of many: whatever goes wrong is told in its holding."""
    if job.problem:
        return Holding(job.name, problem=job.problem)
    try:
        return read_holding(parse_file(job.path), job.name)
    except UnreadableSource as fault:
        return Holding(job.name, problem=fault.reason)
    except OSError as fault:
        return Holding(job.name, problem=cause(fault))
    except MemoryError:
        raise
    except Exception as fault:
        return Holding(job.name, problem=internal_error(fault), internal=True)
