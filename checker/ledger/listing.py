"""Entries and statistics as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from checker.console import columns
from checker.ledger.entries import Check, Entry
from checker.ledger.statistics import BUCKETS, FLAGGED_NOTE, Statistics
from checker.report import Counts, dump_json, iso

#: Names the shape of the JSON; the number rises when a reader of the old shape would break.
LEDGER_SCHEMA = "checker-ledger/1"
STATISTICS_SCHEMA = "checker-ledger-statistics/1"


def list_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """Three lines an entry, and how many there are."""
    for entry in entries:
        yield from entry_lines(entry)
    yield f"共 {len(entries)} 份"


def entry_lines(entry: Entry) -> Iterator[str]:
    """What an entry is, where it stands, and its last check."""
    named = f"（{entry.number}）" if entry.number else ""
    yield f"编号 {entry.id}  {entry.state}  {entry.title}{named}"
    facts = [entry.issuer or "制定机关未写明", f"成文 {_day(entry.made)}"]
    facts += [f"施行 {_day(entry.effective)}", f"有效至 {_day(entry.expires)}"]
    yield "  " + "  ".join(facts)
    yield f"  {found(entry.last)}（{entry.last.day} 检查，{law(entry.last)}）"


def history_lines(entry: Entry) -> Iterator[str]:
    """An entry with everything that happened to it, oldest first."""
    yield from entry_lines(entry)
    yield f"  来源 {entry.route}  适用地区 {entry.place or '—'}  {entry.validity or '有效期未写明'}"
    yield "  办理"
    for event in entry.events:
        yield f"    {event.day}  {event.step}  {event.note}".rstrip()
    yield "  检查"
    for check in entry.checks:
        yield f"    {check.day}  {check.file}  {found(check)}"
        rules = f"规则集 {check.ruleset} · 适用方案 {check.profile}"
        yield f"                {law(check)}  checker {check.engine} · {rules}"


def found(check: Check) -> str:
    """Open findings by severity, and whether all was looked at."""
    incomplete = "" if check.complete else "，未能完整检查"
    return f"{counted(check.counts)}{incomplete}"


def counted(counts: Counts) -> str:
    """Findings by severity."""
    return f"错误 {counts.error}、提醒 {counts.warning}、提示 {counts.info}"


def law(check: Check) -> str:
    """Whose law was applied."""
    return f"按 {check.as_of} 有效的规定"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"


def statistics_lines(statistics: Statistics) -> Iterator[str]:
    """The table with its period, a total, and how to read it."""
    heads = [*statistics.by, *BUCKETS]
    width = len(statistics.by)
    total = [*statistics.total.labels, *[""] * (width - 1), *map(str, statistics.total.counts)]
    rows = [[*row.labels, *map(str, row.counts)] for row in statistics.rows]
    yield f"统计期间：{period(statistics)}"
    yield from _table([heads, *rows, total[-len(heads) :]], width)
    yield FLAGGED_NOTE


def period(statistics: Statistics) -> str:
    """The days that were counted."""
    start, end = statistics.start, statistics.end
    if not start and not end:
        return "全部"
    return f"{start or '最早'} 至 {end or '最近'}"


def _table(rows: list[list[str]], left: int) -> Iterator[str]:
    """Aligned columns, the first ``left`` to the left, numbers to the right."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
            blank = " " * (width - columns(cell))
            cells.append(cell + blank if i < left else blank + cell)
        yield "  ".join(cells).rstrip()


def entries_json(entries: Iterable[Entry]) -> str:
    """Entries with their whole history."""
    value = {"schema": LEDGER_SCHEMA, "entries": [_entry_object(entry) for entry in entries]}
    return dump_json(value, indent=2)


def _entry_object(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "state": entry.state,
        "title": entry.title,
        "number": entry.number,
        "issuer": entry.issuer,
        "place": entry.place,
        "made": iso(entry.made),
        "effective": iso(entry.effective),
        "expires": iso(entry.expires),
        "validity": entry.validity,
        "route": entry.route,
        "counts": _counts_object(entry.last.counts),
        "events": [
            {"step": event.step, "day": iso(event.day), "note": event.note}
            for event in entry.events
        ],
        "checks": [_check_object(check) for check in entry.checks],
    }


def _check_object(check: Check) -> dict[str, object]:
    return {
        "day": iso(check.day),
        "as_of": iso(check.as_of),
        "engine": check.engine,
        "ruleset": check.ruleset,
        "profile": check.profile,
        "file": check.file,
        "digest": check.digest,
        "complete": check.complete,
        "counts": _counts_object(check.counts),
        "waived": check.waived,
    }


def _counts_object(counts: Counts) -> dict[str, int]:
    return {"error": counts.error, "warning": counts.warning, "info": counts.info}


def statistics_json(statistics: Statistics) -> str:
    """The table as rows of labels and counts by the name of the bucket."""
    value = {
        "schema": STATISTICS_SCHEMA,
        "from": iso(statistics.start),
        "to": iso(statistics.end),
        "by": list(statistics.by),
        "rows": [
            {"labels": list(row.labels), **dict(zip(BUCKETS, row.counts, strict=True))}
            for row in statistics.rows
        ],
        "total": dict(zip(BUCKETS, statistics.total.counts, strict=True)),
        "note": FLAGGED_NOTE,
    }
    return dump_json(value, indent=2)
