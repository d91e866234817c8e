"""Lines: the shadow text cut into lines, each with the letter that grammars/structure.lark reads.

Cutting and lettering are local; what may contain what is the grammar's affair.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from checker.numerals import read_number
from checker.sources.text import SourceText

_CN = "〇零一二三四五六七八九十百千"
_ARTICLE = re.compile(rf"第([{_CN}0-9]{{1,8}})(编|章|节|条)(?:之([一二三四五六七八九十]{{1,3}}))?")
_HEADS = (
    ("a", re.compile(r"([一二三四五六七八九十百]{1,5})(?:、|．|\.(?!\d))")),
    ("b", re.compile(r"（([一二三四五六七八九十百]{1,4})）、?|([㈠-㈩])、?")),
    ("c", re.compile(r"(\d{1,3})(?:[、]|[.．](?!\d)|）)")),
    ("d", re.compile(r"（(\d{1,3})）、?|([⑴-⒇])、?")),
    ("e", re.compile(r"([①-⑳])、?")),
)
_FIRST = frozenset(
    "第（一二三四五六七八九十百0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
    "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
)
#: What may follow 第N条 at the head of a line when it is only referred to.
_REFERENCE = re.compile(
    r"第[一二三四五六七八九十0-9（]|规定|所列|所称|的|、|和第|及第|至|或|中|，|之|款|项"
)
#: Number patterns of list items; inside a line they count only after ；。： and in rising order.
_ITEMS = (
    r"（([一二三四五六七八九十]{1,3})）",
    r"（(\d{1,2})）",
    r"(\d{1,2})[.．、](?!\d)",
    r"([①-⑳])",
)
_MIDLINE = tuple((re.compile(rf"(?<=[；。：]){item}"), re.compile(item)) for item in _ITEMS)
_MIDLINE_HINT = re.compile(r"（二）|（2）|2[.．、]|②")
#: Heads that stand inside a line only where a source lost its line breaks.
_COLLAPSED = tuple(
    (re.compile(rf"(?<=[。；]){head}"), re.compile(head))
    for head in (rf"第([{_CN}0-9]{{1,7}})条", r"([一二三四五六七八九十]{1,3})、")
)
_LONG_LINE = 400


@dataclass(slots=True)
class Line:
    """One line: shadow positions, its letter, the number in its head and where its words begin."""

    start: int
    end: int
    letter: str = "P"
    number: int = 0
    branch: int = 0
    head: int = 0
    spaced: bool = False


def cut_lines(source: SourceText) -> list[Line]:
    """Non-blank lines of the shadow; list items that share a line are cut apart."""
    lines: list[Line] = []
    start = 0
    for raw in source.shadow.split("\n"):
        if raw:
            at = start
            for length in _pieces(raw):
                lines.append(_letter(source, raw[at - start : at - start + length], at))
                at += length
        start += len(raw) + 1
    return _mark_regions(source, lines) if source.regions else lines


def _mark_regions(source: SourceText, lines: list[Line]) -> list[Line]:
    """Table rows become one K each; footnotes, headers and text boxes O: they are outside the order."""
    regions = sorted(source.regions, key=lambda region: region.start)
    starts = [region.start for region in regions]
    marked: list[Line] = []
    previous = -1
    for line in lines:
        at = source.origin(line.start)
        i = bisect_right(starts, at) - 1
        if i < 0 or at >= regions[i].end:
            previous = -1
            marked.append(line)
            continue
        kind = regions[i].kind
        if kind == "table" and i == previous:
            marked[-1].end = line.end
            continue
        line.letter = {"table": "K", "contents": "P"}.get(kind, "O")
        line.number, line.branch, line.head = 0, 0, line.start
        marked.append(line)
        previous = i
    return marked


def _pieces(raw: str) -> list[int]:
    """Lengths of the pieces of a line that holds several items of one list."""
    if len(raw) < 8 or not (_MIDLINE_HINT.search(raw) or len(raw) > _LONG_LINE):
        return [len(raw)]
    cuts: set[int] = set()
    for inside, at_head in _MIDLINE if len(raw) <= _LONG_LINE else (*_MIDLINE, *_COLLAPSED):
        cuts.update(_rising(raw, inside, at_head))
    ends = [*sorted(cuts), len(raw)]
    return [b - a for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def _rising(raw: str, inside: re.Pattern[str], at_head: re.Pattern[str]) -> list[int]:
    """Where numbers of one kind rise by one, beginning at 1 or after the number that heads the line."""
    first = at_head.match(raw)
    expected = read_number(first.group(1)) + 1 if first else 1
    found: list[int] = []
    for m in inside.finditer(raw):
        if read_number(m.group(1)) == expected:
            found.append(m.start())
            expected += 1
    return found if len(found) > 1 or first else []


def _letter(source: SourceText, text: str, start: int) -> Line:
    line = Line(start, start + len(text), head=start)
    if text[0] not in _FIRST:
        return line
    if text[0] == "第":
        _letter_statute(source, text, line)
        return line
    for letter, pattern in _HEADS:
        m = pattern.match(text)
        if m:
            line.letter, line.number = letter, read_number(next(g for g in m.groups() if g))
            line.head = start + m.end()
            return line
    return line


def _letter_statute(source: SourceText, text: str, line: Line) -> None:
    m = _ARTICLE.match(text)
    if m is None:
        return
    after = line.start + m.end()
    line.spaced = after >= line.end or source.origin(after) > source.origin(after - 1) + 1
    rest = text[m.end() :]
    if m[2] == "条":
        if not line.spaced and _REFERENCE.match(rest):
            return
        line.letter = "T"
    elif len(rest) > 40 or rest.endswith(("。", "；")) or rest.startswith(("的", "规定", "第")):
        return
    else:
        line.letter = {"编": "B", "章": "C", "节": "J"}[m[2]]
    line.number, line.branch = read_number(m[1]), read_number(m[3] or "")
    line.head = after
