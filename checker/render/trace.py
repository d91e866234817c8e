"""Why a rule did or did not speak, clause by clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checker.render.text import visible

if TYPE_CHECKING:
    from checker.traces import Trace


def trace_lines(rule: str, traces: Sequence[Trace]) -> Iterator[str]:
    """For each clause that holds a word of the rule: place, outcome, words and reasons."""
    if not traces:
        yield f"规则 {rule} 的词语在文件中没有出现"
    for trace in traces:
        yield f"{trace.address}  {trace.state}"
        if trace.clause:
            yield f"  原文  {visible(trace.clause)}"
        for detail in trace.detail:
            yield f"  理由  {visible(detail)}"
        yield ""
    if traces:
        states = Counter(trace.state for trace in traces)
        counts = "、".join(f"{state} {count} 处" for state, count in sorted(states.items()))
        yield f"共看过 {len(traces)} 处：{counts}"
