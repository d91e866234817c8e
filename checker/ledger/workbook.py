"""Entries and statistics as .xlsx workbooks; the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from checker.ledger.entries import Entry
from checker.ledger.listing import period
from checker.ledger.statistics import BUCKETS, FLAGGED_NOTE, Statistics
from checker.render.workbook import Sheet, Value, write_workbook

_ENTRY = ("编号", "状态", "标题", "发文字号", "制定机关", "适用地区", "成文日期", "施行日期",
          "有效至", "有效期", "来源", "错误", "提醒", "提示", "已豁免", "最近检查",
          "按哪一天的规定", "引擎版本", "规则集版本", "适用方案", "完整检查", "检查次数")  # fmt: skip
_CHECK = ("编号", "标题", "检查日期", "文件", "按哪一天的规定", "错误", "提醒", "提示", "已豁免",
          "完整检查", "引擎版本", "规则集版本", "适用方案")  # fmt: skip
_EVENT = ("编号", "标题", "事项", "日期", "说明")


def write_entries(entries: Sequence[Entry], path: Path) -> None:
    """A sheet of entries, one of their checks, one of the steps taken.

    Raises MissingLibrary, and OSError where the file cannot be written.
    """
    steps = [
        (e.id, e.title, event.step, event.day, event.note) for e in entries for event in e.events
    ]
    write_workbook(
        path,
        Sheet("台账", _ENTRY, map(_entry_row, entries)),
        Sheet("检查记录", _CHECK, (row for entry in entries for row in _check_rows(entry))),
        Sheet("办理记录", _EVENT, steps),
    )


def write_statistics(statistics: Statistics, path: Path) -> None:
    """The table with its total, its period and how to read it; raises as write_entries."""
    blank = [""] * (len(statistics.by) - 1)
    rows: list[Sequence[Value]] = [(*row.labels, *row.counts) for row in statistics.rows]
    rows.append(("合计", *blank, *statistics.total.counts))
    notes = (f"统计期间：{period(statistics)}", FLAGGED_NOTE)
    write_workbook(path, Sheet("统计", (*statistics.by, *BUCKETS), rows, notes))


def _entry_row(entry: Entry) -> Sequence[Value]:
    last, counts = entry.last, entry.last.counts
    return (
        entry.id, entry.state, entry.title, entry.number, entry.issuer, entry.place, entry.made,
        entry.effective, entry.expires, entry.validity, entry.route, counts.error, counts.warning,
        counts.info, last.waived, last.day, last.as_of, last.engine, last.ruleset, last.profile,
        "是" if last.complete else "否", len(entry.checks),
    )  # fmt: skip


def _check_rows(entry: Entry) -> Iterable[Sequence[Value]]:
    for c in entry.checks:
        yield (
            entry.id, entry.title, c.day, c.file, c.as_of, c.counts.error, c.counts.warning,
            c.counts.info, c.waived, "是" if c.complete else "否", c.engine, c.ruleset, c.profile,
        )  # fmt: skip
