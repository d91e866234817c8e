"""Two drafts compared: as text for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from checker.comparison import Change, Comparison, Fate, Mark, ModalityChange
from checker.findings import Finding
from checker.render.text import Line, excerpt, file_name, visible
from checker.report import Report, dump_json, iso

#: Names the shape of the JSON; the number rises when a reader of the old shape would break.
COMPARISON_SCHEMA = "checker-diff/1"
#: Words a reader sees for each modality.
_MODALITIES = {"obligation": "应当", "permission": "可以", "prohibition": "不得"}
#: Kept words shown on each side of a change, and words of a whole provision (code points).
_AROUND, _LONGEST = 24, 200
_SIGNS = {Mark.REMOVED: "删", Mark.ADDED: "增"}
_HEADS = {
    Fate.ADDED: "新增的条款", Fate.REMOVED: "删去的条款", Fate.CHANGED: "修改的条款",
    Fate.MOVED: "移动的条款", Fate.RENUMBERED: "序号变动",
}  # fmt: skip


def comparison_lines(
    old: Report, new: Report, compared: Comparison, verbose: bool = False
) -> Iterator[Line]:
    """What a reader should see first comes first: modal words, findings, then the provisions.

    ``verbose`` lists the findings that stand in both drafts.
    """
    yield Line(((f"{file_name(old.name)} → {file_name(new.name)}", "name"),))
    if old.as_of != new.as_of:
        days = f"旧稿按 {old.as_of}、新稿按 {new.as_of} 有效的规定检查，可以用 --as-of 统一"
        yield Line(((days, "quiet"),), "说明", 2)
    for report in (old, new):
        for gap in report.gaps:
            yield Line(((f"{file_name(report.name)}：{visible(gap)}", ""),), "未检查", 2)
    if compared.same:
        yield Line((("没有差别", "quiet"),), "", 2)
    yield from _section("要求变化（应当、可以、不得）", map(_modality_lines, compared.modalities))
    yield from _section("新增的问题线索", map(_finding_lines, compared.gained))
    yield from _section("消除的问题线索", map(_finding_lines, compared.lost))
    if verbose:
        yield from _section("两稿都有的问题线索", (_finding_lines(f) for _, f in compared.kept))
    for fate in (Fate.CHANGED, Fate.ADDED, Fate.REMOVED, Fate.MOVED):
        yield from _section(_HEADS[fate], map(_change_lines, compared.of(fate)))
    ranges = _ranges(compared.of(Fate.RENUMBERED))
    yield from _section(_HEADS[Fate.RENUMBERED], ([Line(((r, ""),), "", 2)] for r in ranges))


def _section(head: str, entries: Iterable[Iterable[Line]]) -> Iterator[Line]:
    lines = [line for entry in entries for line in entry]
    if lines:
        yield Line()
        yield Line(((head, "name"),))
        yield from lines


def _place(old: str, new: str) -> str:
    return visible(old if old == new or not new else f"{old} → {new}" if old else new)


def _modality_lines(change: ModalityChange) -> Iterator[Line]:
    words = tuple(map(_modal_words, (change.old_words, change.new_words)))
    led = "（随上文的引导语）" if change.led else ""
    yield Line(
        (
            (f"{_place(change.old_address, change.new_address)}  ", "place"),
            (words[0], "removed"), (" → ", ""), (words[1], "added"), (led, "quiet"),
        ),
        "", 2,
    )  # fmt: skip
    for label, clause in (("旧稿", change.old_clause), ("新稿", change.new_clause)):
        yield Line(((_shortened(visible(clause)), ""),), label, 4)


def _modal_words(words: Sequence[tuple[str, str]]) -> str:
    said = []
    for word, modality in words:
        name = _MODALITIES[modality]
        said.append(name if word in ("", name) else f"{word}（{name}）")
    return "、".join(said) or "没有写"


def _finding_lines(finding: Finding) -> Iterator[Line]:
    yield Line(
        (
            (finding.severity.label, finding.severity.value),
            (f" {finding.rule} {visible(finding.title)}", ""),
            (f"  {visible(finding.address)}", "place"),
        ),
        "", 2,
    )  # fmt: skip
    before, quote, after = excerpt(finding)
    if quote:
        yield Line(((before, ""), (f"〔{quote}〕", "mark"), (after, "")), "原文", 4)


def _change_lines(change: Change) -> Iterator[Line]:
    yield Line(((_place(change.old_address, change.new_address), "place"),), "", 2)
    if change.fate is Fate.CHANGED:
        yield Line(tuple(_marked(change)), "", 4)
    else:
        style = {Fate.ADDED: "added", Fate.REMOVED: "removed"}.get(change.fate, "")
        words = visible(change.new_text or change.old_text)
        yield Line(((_shortened(words), style),), "", 4)


def _marked(change: Change) -> Iterator[tuple[str, str]]:
    last = len(change.passages) - 1
    for at, passage in enumerate(change.passages):
        words = visible(passage.text)
        if passage.mark is not Mark.KEPT:
            yield f"【{_SIGNS[passage.mark]}：{words}】", passage.mark.value
        elif at in (0, last) and len(words) > _AROUND:
            yield f"…{words[-_AROUND:]}" if at == 0 else f"{words[:_AROUND]}…", ""
        elif len(words) > 2 * _AROUND:
            yield f"{words[:_AROUND]}…{words[-_AROUND:]}", ""
        else:
            yield words, ""


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def _ranges(changes: Sequence[Change]) -> list[str]:
    """第六条至第九条 → 第七条至第十条: neighbours under one holder told together."""
    ranges = []
    for _, group in groupby(changes, key=lambda change: change.step):
        first, *_, last = (*group,) * 2
        if first is last:
            ranges.append(f"{first.old_address} → {first.new_address}")
        else:
            ranges.append(
                f"{first.old_address}至{last.old_address} → {first.new_address}至{last.new_address}"
            )
    return [visible(words) for words in ranges]


def closing(compared: Comparison) -> str:
    """The last line: how much differs."""
    provisions = "、".join(f"{fate} {len(compared.of(fate))}" for fate in Fate)
    findings = (
        f"新增 {len(compared.gained)}、消除 {len(compared.lost)}、两稿都有 {len(compared.kept)}"
    )
    return f"条款：{provisions}；要求变化 {len(compared.modalities)}；问题线索：{findings}"


def comparison_json(old: Report, new: Report, compared: Comparison) -> str:
    """The whole comparison as JSON; positions are code points of the draft a finding is in."""
    return dump_json(
        {
            "schema": COMPARISON_SCHEMA,
            "old": _draft_object(old),
            "new": _draft_object(new),
            "changes": [_change_object(change) for change in compared.changes],
            "modalities": [_modality_object(change) for change in compared.modalities],
            "findings": {
                "gained": [_finding_object(f) for f in compared.gained],
                "lost": [_finding_object(f) for f in compared.lost],
                "kept": [
                    {"old": _finding_object(a), "new": _finding_object(b)} for a, b in compared.kept
                ],
            },
            "closing": closing(compared),
        },
        indent=2,
    )


def _draft_object(report: Report) -> dict[str, object]:
    return {
        "name": report.name,
        "complete": report.complete,
        "gaps": list(report.gaps),
        "as_of": iso(report.as_of),
    }


def _change_object(change: Change) -> dict[str, object]:
    return {
        "change": change.fate.name.lower(),
        "old_address": change.old_address or None,
        "new_address": change.new_address or None,
        "old_text": change.old_text or None,
        "new_text": change.new_text or None,
        "passages": [{"mark": p.mark.value, "text": p.text} for p in change.passages],
    }


def _modality_object(change: ModalityChange) -> dict[str, object]:
    def words(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"word": word, "modality": modality} for word, modality in pairs]

    return {
        "old_address": change.old_address,
        "new_address": change.new_address,
        "old": words(change.old_words),
        "new": words(change.new_words),
        "old_clause": change.old_clause,
        "new_clause": change.new_clause,
        "from_lead_in": change.led,
    }


def _finding_object(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity.value,
        "start": finding.start,
        "end": finding.end,
        "address": finding.address,
        "quote": finding.quote,
        "clause": finding.clause,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }
