"""SourceText: one string as the file has it, and its unified shadow that the engine reads.

The shadow differs from the original only by replacing single characters by single characters and
by leaving some out (spaces between Chinese characters, line breaks inside a sentence), so every
shadow position maps to one original position.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from checker.findings import Span

# One-to-one unification: the characters of the first string become those of the second.
_TABLE = (
    ("０１２３４５６７８９％．", "0123456789%."),
    ("ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ", "abcdefghijklmnopqrstuvwxyz"),
    ("():;,?!○", "（）：；，？！〇"),
    ("﹝﹞［］[]【】﹤﹥", "〔〕〔〕〔〕〔〕〈〉"),
    ("＂﹑､｡", "”、、。"),
    ("\t\u3000\xa0\u2002\u2003\u2009\u202f\x0c\x1c", " " * 9),
    ("\x0b\x85\u2028\u2029", "\n" * 4),
)


def _variants() -> dict[str, str]:
    """Variant character -> standard character, with the radicals that PDF copies put for words."""
    pairs = {a: b for left, right in _TABLE for a, b in zip(left, right, strict=True)}
    for code in range(0x2F00, 0x2FD6):
        pairs[chr(code)] = unicodedata.normalize("NFKC", chr(code))
    return pairs


_VARIANTS = _variants()
_VARIANT = re.compile(f"[{re.escape(''.join(_VARIANTS))}]")
# 二OO九年, 一九九0年: a letter or an Arabic zero for the Chinese one.
_ZEROS = re.compile("(?<=[〇一二三四五六七八九])[Oo0]+(?=[〇一二三四五六七八九年])")
_DROPPED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1d-\x1f\x7f\xad\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ue000-\uf8ff\ufe00-\ufe0f]+"
)
_SPACES = re.compile(" +")
# Half of a character: no encoding can carry it, and no matcher takes it.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Where a space separates words or numbers of a Western text it stays.
_WESTERN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the text that is not running body text: table, footnote, header, textbox."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Run:
    """Where a stretch of characters came from, such as run 3 of ``word/document.xml``.

    ``index`` counts the ``w:r`` of that part in document order from 0; ``offset`` is the place of
    the first character inside the run's own text (``checker.sources.runs.pieces``). A label that
    Word numbers itself has the part ``word/document.xml#numbering`` and the index of its ``w:p``.
    In a PDF a run is a line; its part is ``page/3``, and ``index`` counts the lines of that page.
    """

    start: int
    end: int
    part: str
    index: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file.

    ``text`` is the original (code points), ``shadow`` the unified text that grammars and rules
    read; :meth:`origin` and :meth:`span` lead from shadow positions to original ones.
    ``notes`` are remarks for the reader (encoding chosen, tracked changes read as accepted);
    ``gaps`` names what could not be read: a text with gaps is not completely checked. ``modified`` is
    the day on which the file itself says it was last changed.
    """

    name: str
    text: str
    shadow: str
    cuts: tuple[int, ...] = ()
    skips: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    runs: tuple[Run, ...] = ()
    notes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    format: str = "txt"
    modified: date | None = None

    def origin(self, position: int) -> int:
        """Original position of the shadow character at ``position``."""
        if not self.cuts:
            return position
        return position + self.skips[bisect_right(self.cuts, position)]

    def span(self, start: int, end: int) -> Span:
        """Original span of the shadow range ``start:end``, without what is left out at its ends."""
        if end <= start:
            at = self.origin(start)
            return Span(at, at)
        return Span(self.origin(start), self.origin(end - 1) + 1)

    def run_at(self, position: int) -> Run | None:
        """The run that the original character at ``position`` came from, if runs were kept."""
        i = bisect_right(self.runs, position, key=lambda run: run.start) - 1
        return self.runs[i] if i >= 0 and position < self.runs[i].end else None

    def page_at(self, position: int) -> int:
        """The page, from 1, that the original character at ``position`` stands on; 0 if unknown."""
        run = self.run_at(position)
        part, _, page = ("" if run is None else run.part).partition("/")
        return int(page) if part == "page" and page.isdecimal() else 0


def replace_variants(text: str) -> str:
    """The text with variant characters replaced one to one (length unchanged)."""
    even = _VARIANT.sub(lambda m: _VARIANTS[m[0]], _SURROGATE.sub("\ufffd", text))
    return _chinese_zeros(even)


def _chinese_zeros(text: str) -> str:
    return _ZEROS.sub(lambda m: "〇" * len(m[0]), text)


def unify(
    name: str,
    text: str,
    *,
    soft_breaks: tuple[Span, ...] = (),
    removed: tuple[Span, ...] = (),
    breaks: tuple[int, ...] = (),
    regions: tuple[Region, ...] = (),
    runs: tuple[Run, ...] = (),
    notes: tuple[str, ...] = (),
    gaps: tuple[str, ...] = (),
    format: str = "txt",
    modified: date | None = None,
) -> SourceText:
    """Build the shadow of ``text``.

    ``soft_breaks`` are the spans (line break and indent) inside a sentence that was broken over
    lines, ``removed`` what is no text at all (markup); both are left out of the shadow, as are
    spaces that do not separate Western words. ``breaks`` are characters read as a line break.
    """
    even = replace_variants(text)
    if breaks:
        characters = list(even)
        for at in breaks:
            characters[at] = "\n"
        even = "".join(characters)
    left_out = [*soft_breaks, *removed]
    if "\r" in even:
        left_out.extend(Span(m.start(), m.end()) for m in re.finditer(r"\r(?=\n)", even))
        even = even.replace("\r", "\n")
    left_out.extend(Span(*m.span()) for m in _DROPPED.finditer(even))
    size = len(even)
    for m in _SPACES.finditer(even):
        a, b = m.span()
        if not (a and b < size and even[a - 1] in _WESTERN and even[b] in _WESTERN):
            left_out.append(Span(a, b))
    left_out.sort()
    shadow, cuts, skips = _leave_out(even, left_out)
    shadow = _chinese_zeros(shadow)  # a zero may have stood beside a space
    return SourceText(name, text, shadow, cuts, skips, regions, runs, notes, gaps, format, modified)


def _leave_out(text: str, removed: list[Span]) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Text without the sorted spans; cut positions in the result; total left out after each cut."""
    kept: list[str] = []
    cuts: list[int] = []
    skips = [0]
    at = length = skipped = 0
    for begin, end in removed:
        start = max(begin, at)
        if end <= start:
            continue
        kept.append(text[at:start])
        length += start - at
        skipped += end - start
        if cuts and cuts[-1] == length:
            skips[-1] = skipped
        else:
            cuts.append(length)
            skips.append(skipped)
        at = end
    kept.append(text[at:])
    return "".join(kept), tuple(cuts), tuple(skips)
