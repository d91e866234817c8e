"""What has been read of one document so far, whatever its format, and how that becomes a SourceText."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from checker.sources.errors import UnreadableSource
from checker.sources.limits import in_force
from checker.sources.text import Region, Run, SourceText, unify
from checker.sources.wrapping import find_soft_breaks

TRACKED = "含修订痕迹，按接受修订后的文本检查"
HIDDEN = "含隐藏文字，未列入检查"
MACROS = "文件里有宏，没有运行，也未检查"
OBJECT = "嵌入对象（如 Excel 表格、公式）中的文字未读取"
#: A header or footer that holds only this is a page number.
PAGE_NUMBER = re.compile(r"[\s\d\-—–－第页共·/／|]*")
_FEW = 50


@dataclass(slots=True)
class Draft:
    """What has been read so far of all stories of one document."""

    name: str
    out: list[str] = field(default_factory=list)
    length: int = 0
    runs: list[Run] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)
    pictures: int = 0

    def add(self, text: str) -> None:
        """Append text; raises UnreadableSource beyond the limit."""
        self.out.append(text)
        self.length += len(text)
        limits = in_force()
        if self.length > limits.characters:
            raise UnreadableSource(
                self.name, f"{limits.beyond('characters', '文字', ' 字')}，未读取"
            )

    def trim(self) -> None:
        """Take away a plain space at the end, for formats in which it shows nothing."""
        if self.out and self.out[-1].endswith(" "):
            self.out[-1] = self.out[-1][:-1]
            self.length -= 1

    def mark(self, start: int, kind: str) -> None:
        """Make what was read since ``start`` a region."""
        if self.length > start:
            self.regions.append(Region(start, self.length, kind))

    def append(self, other: Draft, kind: str) -> None:
        """Append what was read apart, as a region."""
        start = self.length
        self.add("".join(other.out))
        self.runs.extend(
            Run(run.start + start, run.end + start, run.part, run.index, run.offset)
            for run in other.runs
        )
        self.notes |= other.notes
        self.gaps |= other.gaps
        self.mark(start, kind)

    def append_headers(self, headers: list[Draft]) -> None:
        """Append headers and footers, each wording once; those that only count pages are left out."""
        seen = {""}
        for header in headers:
            text = "".join(header.out)
            if not PAGE_NUMBER.fullmatch(text) and text.strip() not in seen:
                seen.add(text.strip())
                self.append(header, "header")

    def finish(self, format: str, written: int, modified: date | None = None) -> SourceText:
        """The text read; the first ``written`` characters are the body. Raises UnreadableSource for pictures only."""
        text = "".join(self.out)
        words = len("".join(text[:written].split()))
        if self.pictures and not words:
            raise UnreadableSource(
                self.name, "没有可读的文字，只有图片（可能是扫描件），请提供文字版文件"
            )
        gaps = list(self.gaps)
        if self.pictures and words < _FEW:
            gaps.append(f"正文只有 {words} 字，另有 {self.pictures} 张图片，图片中的文字未读取")
        elif self.pictures:
            self.notes.setdefault(f"另有 {self.pictures} 张图片，图片中的文字未读取")
        regions = tuple(sorted(self.regions, key=lambda region: (region.start, -region.end)))
        return unify(
            self.name,
            text,
            soft_breaks=find_soft_breaks(_without(text, regions)),
            regions=regions,
            runs=tuple(self.runs),
            notes=tuple(self.notes),
            gaps=tuple(gaps),
            format=format,
            modified=modified,
        )


def _without(text: str, regions: tuple[Region, ...]) -> str:
    """The text with tables, notes and headers blanked, so that no line runs on into them."""
    out, at = [], 0
    for region in regions:
        if region.kind != "textbox" and region.end > at:
            start = max(region.start, at)
            out += [text[at:start], "\n" * (region.end - start)]
            at = region.end
    return "".join([*out, text[at:]])
