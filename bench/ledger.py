"""Ledger: documents written by several processes at once, and a writer killed halfway.

    python bench/ledger.py [--documents 10000] [--writers 4] [--only sqlite|postgresql]

On SQLite, and on a PostgreSQL server started for it. Each writer records its share of the documents
and, before it, the same SHARED documents as every other writer. Then the ledger must hold exactly
what was written: documents, checks, steps and findings. Exits 1 where it does not.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bench.servers import NoServer, postgresql
from checker.findings import Finding, Severity
from checker.ledger.ledger import Ledger
from checker.particulars import Particulars
from checker.report import Report

ROOT = Path(__file__).parent.parent
#: Documents that every writer records; they are numbered below zero.
SHARED = 50
DAY = date(2026, 3, 2)


def report(number: int, version: int = 1) -> Report:
    """The report of a made-up document: an error for each 5 of its number, else a warning."""
    severity = Severity.ERROR if number % 5 == 0 else Severity.WARNING
    finding = Finding(
        "FEE-001", "收费", "FEE", severity, 0, 3, "保证金", "第五条", "收取保证金", "删去", (),
        "缴存保证金的", "f" * 16,
    )  # fmt: skip
    return Report(
        f"文件{number}.docx",
        findings=(finding,),
        as_of=DAY,
        profile="county-draft",
        ruleset="abc",
        particulars=Particulars(
            title=f"某县人民政府关于第{number}号事项的通知",
            number=f"某政发〔2026〕{number}号",
            issuer=f"某县第{number % 7}局",
            place="某县",
            made=DAY,
            digest=hashlib.sha256(f"{number}/{version}".encode()).hexdigest(),
        ),
    )


def write(place: str, first: int, count: int) -> None:
    """Record the shared documents, then ``count`` from ``first``; say each number once it is kept."""
    with Ledger(place, create=True) as ledger:
        for number in (*range(-SHARED, 0), *range(first, first + count)):
            ledger.record(report(number), DAY)
            print(number, flush=True)


def writer(place: str, first: int, count: int) -> subprocess.Popen[str]:
    """Start a process that writes."""
    command = [sys.executable, "-m", "bench.ledger", "--write", place, str(first), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def together(place: str, documents: int, writers: int) -> list[str]:
    """Write ``documents`` with several processes; what is wrong with the ledger afterwards."""
    share = documents // writers
    running = [writer(place, at * share, share) for at in range(writers)]
    said = [process.communicate()[0].split() for process in running]
    faults = [f"writer ended with {p.returncode}" for p in running if p.returncode]
    if any(len(lines) != share + SHARED for lines in said):
        faults.append(f"writers recorded {[len(lines) for lines in said]} documents")
    return faults + compare(place, share * writers, writers)


def compare(place: str, documents: int, writers: int) -> list[str]:
    """Differences between the ledger and what the writers wrote."""
    with Ledger(place) as ledger:
        entries = ledger.entries()
    checks = [check for entry in entries for check in entry.checks]
    numbers = [*range(-SHARED, 0), *range(documents)]
    pairs = {
        "documents": (len(entries), len(numbers)),
        "checks": (len(checks), documents + SHARED * writers),
        "steps": (sum(len(entry.events) for entry in entries), len(numbers)),
        "errors": (
            sum(entry.last.counts.error for entry in entries),
            sum(n % 5 == 0 for n in numbers),
        ),
        "titles": (
            sorted(entry.title for entry in entries),
            sorted(report(number).particulars.title for number in numbers),  # type: ignore[union-attr]
        ),
        "checks of shared documents": (
            {len(entry.checks) for entry in entries if "第-" in entry.title},
            {writers},
        ),
    }
    return [
        f"{what}: {found} instead of {due}" for what, (found, due) in pairs.items() if found != due
    ]


def killed(place: str, after: int) -> tuple[int, list[str]]:
    """Kill a writer (SIGKILL) once it said ``after`` documents were kept.

    Gives how many it said, and which of those the ledger does not hold.
    """
    process = writer(place, 0, 1_000_000)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(after)]
    process.kill()
    said += process.stdout.read().split("\n")[:-1]
    process.wait()
    with Ledger(place) as ledger:
        kept = {entry.title for entry in ledger.entries()}
        ledger.record(report(-1_000_000), DAY)  # and it can be written to
    return len(said), [n for n in said if f"某县人民政府关于第{n}号事项的通知" not in kept]


@contextmanager
def places(only: str | None) -> Iterator[dict[str, tuple[str, str]]]:
    """Two fresh places of each kind: one to write together, one to kill in."""
    with tempfile.TemporaryDirectory() as folder:
        files = (f"{folder}/together.db", f"{folder}/killed.db")
        if only == "sqlite":
            yield {"sqlite": files}
            return
        with postgresql() as first, postgresql() as second:
            servers = (first, second)
            yield {"postgresql": servers} if only else {"sqlite": files, "postgresql": servers}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--write", nargs=3, metavar=("PLACE", "FIRST", "COUNT"))
    arguments = parser.parse_args()
    if arguments.write:
        write(arguments.write[0], int(arguments.write[1]), int(arguments.write[2]))
        return 0
    wrong = False
    try:
        with places(arguments.only) as kinds:
            for name, (place, other) in kinds.items():
                start = time.perf_counter()
                faults = together(place, arguments.documents, arguments.writers)
                spent = time.perf_counter() - start
                print(f"{name:11} {arguments.documents} documents, {arguments.writers} writers, "
                      f"{SHARED} written by all: {spent:.1f} s, {'; '.join(faults) or 'equal'}")  # fmt: skip
                said, lost = killed(other, arguments.documents // 10)
                print(f"{name:11} killed after {said} committed documents: {len(lost)} lost")
                wrong = wrong or bool(faults or lost)
    except NoServer as fault:
        print(f"postgresql: {fault}", file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
