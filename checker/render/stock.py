"""A stock of documents judged: as a table for people, as JSON, and as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from checker.holdings import Holding, Mention
from checker.render.text import visible
from checker.report import dump_json, iso
from checker.stock import Change, Citing, Link, Proposal, Row, State

#: Name the shapes of the JSON; a number rises when a reader of the old shape would break.
SWEEP_SCHEMA, CITING_SCHEMA = "checker-sweep/1", "checker-sweep-law/1"
#: Columns of a line where it does not go to a terminal.
WIDTH = 120
_DAY, _STATE = 10, 18

Cell = str | int | date | None
ROW_HEADS = (
    "文件", "标题", "发文字号", "制定机关", "成文日期", "施行日期", "有效期至", "效力", "清理建议", "理由",
    "依据已废止的法规", "依据有新文本的法规", "被哪些文件废止", "废止哪些文件",
)  # fmt: skip
CITING_HEADS = ("文件", "标题", "发文字号", "成文日期", "作依据", "位置", "原文")


def row_lines(rows: Sequence[Row], width: int = WIDTH) -> Iterator[str]:
    """The documents under their proposals, the gravest first, each with its reasons."""
    for proposal in Proposal:
        group = [row for row in rows if row.proposal is proposal]
        if not group:
            continue
        yield f"{proposal}（{len(group)} 份）"
        yield f"  {'成文日期':<{_DAY - 4}}  {_padded('效力', _STATE)}  文件"
        for row in group:
            yield from _lines(row, width)
        yield ""


def _lines(row: Row, width: int) -> Iterator[str]:
    holding = row.holding
    made = str(holding.made) if holding.made else "不明"
    words = visible(_called(holding))
    yield _cut(f"  {_padded(made, _DAY)}  {_padded(row.standing, _STATE)}  {words}", width)
    for reason in row.reasons:
        yield _cut(" " * (_DAY + _STATE + 6) + visible(reason), width)


def _called(holding: Holding) -> str:
    return holding.title + (f"（{holding.number}）" if holding.number else "")


def _padded(text: str, width: int) -> str:
    """The text with spaces up to a number of columns; a Chinese character takes two."""
    from rich.cells import cell_len

    return text + " " * (width - cell_len(text))


def _cut(text: str, width: int) -> str:
    """The text within a number of columns, with … where it was longer."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, width - 2).rstrip() + "…"


def closing(rows: Sequence[Row], as_of: date, within: int, unread: int) -> str:
    """The last line: how many documents of each proposal."""
    counts = "、".join(f"{p} {sum(row.proposal is p for row in rows)}" for p in Proposal)
    ending = sum(row.state is State.ENDING for row in rows)
    return (
        f"清理 {len(rows) + unread} 份（基准日 {as_of}）：{counts}；"
        f"{within} 日内到期 {ending}；{unread} 份未能读取"
    )


def rows_json(rows: Sequence[Row], as_of: date, within: int, unread: Sequence[Holding]) -> str:
    """The whole sweep as JSON; positions are code points of each file's text."""
    return dump_json(
        {
            "schema": SWEEP_SCHEMA,
            "as_of": as_of.isoformat(),
            "within_days": within,
            "counts": {str(p): sum(row.proposal is p for row in rows) for p in Proposal},
            "rows": [_row_object(row) for row in rows],
            "unread": _unread(unread),
        },
        indent=2,
    )


def _row_object(row: Row) -> dict[str, object]:
    h = row.holding
    return {
        "name": h.name,
        "title": h.title,
        "doc_number": h.number or None,
        "issuer": h.issuer or None,
        "made": iso(h.made),
        "effective": iso(h.effective),
        "expires": iso(row.expires),
        "validity": h.term.words if h.term else None,
        "state": str(row.state),
        "standing": row.standing,
        "proposal": str(row.proposal),
        "reasons": list(row.reasons),
        "repealed_bases": [_change_object(change) for change in row.repealed],
        "amended_bases": [_change_object(change) for change in row.amended],
        "superseded_by": [_link_object(link) for link in row.superseded_by],
        "supersedes": [_link_object(link) for link in row.supersedes],
        "not_read": list(h.gaps),
    }


def _change_object(change: Change) -> dict[str, object]:
    return {
        "law": change.law,
        "since": iso(change.since),
        "promulgated": iso(change.made),
        "replaced_by": list(change.by),
        "status_checked": change.checked,
        "address": change.address,
        "quote": change.quote,
        "times": change.times,
    }


def _link_object(link: Link) -> dict[str, object]:
    return {
        "name": link.name,
        "cited": link.cited,
        "since": iso(link.since),
        "partial": link.partial,
        "sure": link.sure,
        "address": link.address,
        "quote": link.quote,
    }


def _unread(unread: Sequence[Holding]) -> list[dict[str, str]]:
    return [{"name": h.name, "reason": h.problem} for h in unread]


def row_cells(row: Row) -> tuple[Cell, ...]:
    """One line of the workbook, in the order of :data:`ROW_HEADS`."""
    h = row.holding
    return (
        h.name, h.title, h.number, h.issuer, h.made, h.effective, row.expires, row.standing,
        str(row.proposal), "\n".join(row.reasons),
        "、".join(change.law for change in row.repealed),
        "、".join(change.law for change in row.amended),
        "、".join(link.cited for link in row.superseded_by),
        "、".join(link.cited for link in row.supersedes),
    )  # fmt: skip


def citing_lines(found: Sequence[Citing], width: int = WIDTH) -> Iterator[str]:
    """The documents that name a law, each with the places where it does."""
    for citing in found:
        use = "作依据" if citing.relies else "只提到"
        made = str(citing.holding.made or "不明")
        yield _cut(f"{use}  {_padded(made, _DAY)}  {visible(_called(citing.holding))}", width)
        for m in citing.places:
            mark = "" if m.by or not citing.relies else "（只提到）"
            yield _cut(f"          {visible(m.address)}  {visible(m.quote)}{mark}", width)


def citing_json(law: str, found: Sequence[Citing], unread: Sequence[Holding]) -> str:
    """The same as JSON; positions are code points of each file's text."""
    return dump_json(
        {
            "schema": CITING_SCHEMA,
            "law": law,
            "documents": [_citing_object(citing) for citing in found],
            "unread": _unread(unread),
        },
        indent=2,
    )


def _citing_object(citing: Citing) -> dict[str, object]:
    h = citing.holding
    return {
        "name": h.name,
        "title": h.title,
        "doc_number": h.number or None,
        "made": iso(h.made),
        "relies": citing.relies,
        "places": [_place_object(mention) for mention in citing.places],
    }


def _place_object(mention: Mention) -> dict[str, object]:
    return {
        "start": mention.start,
        "end": mention.end,
        "address": mention.address,
        "quote": mention.quote,
        "relies": mention.by,
    }


def citing_cells(found: Sequence[Citing]) -> Iterator[tuple[Cell, ...]]:
    """Lines of the workbook, one a place, in the order of :data:`CITING_HEADS`."""
    for citing in found:
        h = citing.holding
        for m in citing.places:
            yield h.name, h.title, h.number, h.made, "是" if m.by else "否", m.address, m.quote
