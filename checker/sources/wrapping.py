"""Line breaks that a page layout put inside sentences, told from those that end a paragraph.

Texts copied from a PDF break every line at the width of the page. Such a document is recognised
as a whole first; in all others only breaks that no writer makes are taken for soft: inside a
《title》 and before a punctuation mark that cannot begin a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from checker.findings import Span

_CN = "〇零一二三四五六七八九十百千"
_LABEL = re.compile(
    rf"第\s*[{_CN}0-9０-９\s]{{1,9}}(?:编|章|节|条(?!第|规定|所|的|、|和|及|至|或|中|，|款|项))"
    rf"|[{_CN}]{{1,4}}(?:[、．]|\.(?!\d))|[（(]\s*(?:[{_CN}]{{1,4}}|[0-9０-９]{{1,2}})\s*[）)]"
    r"|[0-9０-９]{1,3}(?:[、．）)]|\.(?!\d))|[①-⓿㈠-㈩]|附\s*[件表录]|抄\s*送|主题词|[—－-]{2}|#|>|\|"
)
_PAGE_NUMBER = re.compile(r"\s*(?:[-—–－·]\s*\d{1,4}\s*[-—–－·]|第\s*\d{1,4}\s*页.{0,12})\s*")
_DATE = re.compile(r"\s*[12二一][0-9〇零○一二三四五六七八九]{3}\s*年.{2,8}日\s*")
_TERMINAL = frozenset("。；：！？.;:!?…")
_CLOSERS = "”’」』）)"
_PAUSES = frozenset("，、,（(《〈“‘")
#: No line begins with one of these, so the break before it is none.
_NEVER_FIRST = frozenset("，。、；：！？》〉”’）】〕,;:!?")
#: After a title come those it is addressed to, or the document it passes on.
_TITLE_END = ("通知", "意见", "决定", "公告", "通告")
_AFTER_TITLE = "各《"
_CLAUSE_MARK = re.compile("[，。；：]")
_NARROW = re.compile("[\x20-\u10ff]")
_MIN_WIDTH = 18
_MAX_LENGTH = 70
_MIN_FULL = 5


@dataclass(frozen=True, slots=True)
class _Line:
    """One non-blank line: ``start:end`` without the break, its indent, its words."""

    start: int
    end: int
    indent: int
    words: str

    @property
    def width(self) -> float:
        """Width in full-width characters, with the indent."""
        return self.indent + len(self.words) - len(_NARROW.findall(self.words)) / 2


def find_soft_breaks(text: str) -> tuple[Span, ...]:
    """Spans (line break, spaces around it, a page number between) that stand inside a sentence.

    In a document broken by page the other page numbers are named too, each with one line break.
    """
    lines = list(_lines(text))
    page = _page_width(lines)
    # Paragraphs that begin with an indent, their further lines without one.
    indented = 0.1 * len(lines) < sum(line.indent > 0 for line in lines) < 0.9 * len(lines)
    breaks: list[Span] = []
    previous = number = None
    for line in lines:
        if page is not None and _PAGE_NUMBER.fullmatch(line.words):
            number = line
            continue
        if previous is not None:
            blank = number is None and text.count("\n", previous.end, line.start) > 1
            if not blank and _continues(previous, line, page, indented):
                breaks.append(Span(previous.end, line.start + line.indent))
            elif number is not None:
                breaks.append(Span(previous.end, number.end))
        previous, number = line, None
    return tuple(breaks)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.split("\n"):
        if words := raw.strip():
            indent = 0 if raw[0] == words[0] else raw.index(words[0])
            yield _Line(at, at + indent + len(words), indent, words)
        at += len(raw) + 1


def _page_width(lines: list[_Line]) -> float | None:
    """Width at which the layout broke the lines, or None for one paragraph a line."""
    few = 0.03 * len(lines)
    if sum(len(line.words) > _MAX_LENGTH for line in lines) > few:
        return None
    counts = Counter(round(line.width) for line in lines if len(line.words) >= _MIN_WIDTH)
    if sum(counts.values()) < _MIN_FULL:
        return None
    page = max(counts, key=lambda w: (counts[w] + counts[w - 1] + counts[w - 2], w))
    if page < _MIN_WIDTH or sum(counts[w] for w in counts if w > page + 2) > few:
        return None
    full = broken = 0
    for line, following in pairwise(lines):
        if page - 2.5 <= line.width < page + 0.5:
            full += 1
            broken += open_ended(line.words) and not is_label(following.words)
    if full < max(_MIN_FULL, 0.2 * len(lines)) or broken < 0.4 * full:
        return None
    return float(page)


def open_ended(words: str) -> bool:
    """Whether a line ends without the mark that ends a sentence or an item."""
    return words.rstrip(_CLOSERS)[-1:] not in _TERMINAL


def is_label(words: str) -> bool:
    """Whether a line begins with the label of a provision, a list item or an attachment."""
    return _LABEL.match(words) is not None


def never_first(words: str) -> bool:
    """Whether a line begins with a mark that no writer puts there."""
    return words != "" and words[0] in _NEVER_FIRST


def has_clause(words: str) -> bool:
    """Whether a line holds a mark that parts clauses, as headings and names seldom do."""
    return _CLAUSE_MARK.search(words) is not None


def mid_sentence(words: str, following: str) -> bool:
    """Whether a line breaks off inside a sentence, by its last word and the next line's first."""
    return (
        open_ended(words)
        and has_clause(words)
        and not is_label(following)
        and not breaks_off(words, following)
    )


def breaks_off(words: str, following: str) -> bool:
    """Whether a line ends for certain: before a date of its own, or after a title."""
    return _DATE.fullmatch(following) is not None or (
        words.endswith(_TITLE_END) and (following[:1] in _AFTER_TITLE or following[-1:] in "：:")
    )


def _continues(line: _Line, following: _Line, page: float | None, indented: bool) -> bool:
    """Whether the break after ``line`` stands inside a sentence (or, with indents, a paragraph)."""
    if never_first(following.words) or _inside_title(line.words, following.words):
        return True
    if page is None or is_label(following.words) or (indented and following.indent):
        return False
    if breaks_off(line.words, following.words):
        return False
    if line.words[-1] == "条" and _LABEL.fullmatch(line.words):
        return True
    # A heading may be nearly full by chance; a sentence is broken early before a long number.
    heading = is_label(line.words) and not has_clause(line.words)
    if line.width < page - (2.5 if heading else 5):
        return line.words[-1] in _PAUSES or (following.words[0] == "《" and open_ended(line.words))
    return indented or open_ended(line.words)


def _inside_title(line: str, following: str) -> bool:
    """Whether a 《 stands open at the end of the line and the next one closes it."""
    opened = line.rfind("《")
    if opened < 0 or "》" in line[opened:]:
        return False
    closed, again = following.find("》"), following.find("《")
    return closed >= 0 and (again < 0 or closed < again)
