"""Statistics of a ledger, in the buckets that offices report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from checker.ledger.entries import Step


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened to a document on a day: a step, or (None) findings of a check."""

    document: int
    issuer: str
    day: date
    step: Step | None


#: Bucket -> the steps counted in it; None stands for findings.
BUCKETS: dict[str, tuple[Step | None, ...]] = {
    "接收": (Step.RECEIVED,),
    "主动审查": (Step.EXAMINED,),
    "依申请审查": (Step.REQUESTED,),
    "发现问题": (None,),
    "书面意见": (Step.OPINION,),
    "修改或废止": (Step.AMENDED, Step.REPEALED),
}
#: How "发现问题" is to be read; stands under every table.
FLAGGED_NOTE = (
    "按文件份数计。“发现问题”指检查时首次有错误、提醒级问题线索的文件，是否成立由审核人员判断"
)


@dataclass(frozen=True, slots=True)
class Row:
    """Documents by bucket (in the order of BUCKETS) of one group, named by ``labels``."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows in order of their labels; ``total`` counts each document once in a bucket.

    ``by`` names the labels; ``start`` and ``end`` bound the days counted, both included.
    """

    by: tuple[str, ...]
    start: date | None
    end: date | None
    rows: tuple[Row, ...]
    total: Row


def _quarter(o: Occurrence) -> str:
    return f"{o.day.year}年第{(o.day.month + 2) // 3}季度"


#: What can be counted by -> heading, and the label of an occurrence.
GROUPS: dict[str, tuple[str, Callable[[Occurrence], str]]] = {
    "unit": ("制定机关", lambda o: o.issuer or "（未写明）"),
    "month": ("月份", lambda o: f"{o.day.year}年{o.day.month:02}月"),
    "quarter": ("季度", _quarter),
    "year": ("年份", lambda o: f"{o.day.year}年"),
}


def count(
    occurrences: Iterable[Occurrence],
    by: Sequence[str],
    start: date | None = None,
    end: date | None = None,
    unit: str = "",
) -> Statistics:
    """Count documents by bucket and by the groups ``by`` (keys of GROUPS), within the days given.

    A document counts once in a bucket and group, however often the same was done about it.
    """
    buckets = {step: i for i, steps in enumerate(BUCKETS.values()) for step in steps}
    groups: dict[tuple[str, ...], list[set[int]]] = {}
    total: list[set[int]] = [set() for _ in BUCKETS]
    for o in occurrences:
        if o.step not in buckets or (start and o.day < start) or (end and o.day > end):
            continue
        if unit and o.issuer != unit:
            continue
        key = tuple(GROUPS[name][1](o) for name in by)
        at = buckets[o.step]
        groups.setdefault(key, [set() for _ in BUCKETS])[at].add(o.document)
        total[at].add(o.document)
    return Statistics(
        by=tuple(GROUPS[name][0] for name in by),
        start=start,
        end=end,
        rows=tuple(Row(key, tuple(map(len, groups[key]))) for key in sorted(groups)),
        total=Row(("合计",), tuple(map(len, total))),
    )
