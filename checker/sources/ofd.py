"""OFD documents (GB/T 33190-2016: a zip of XML files with placed text) -> SourceText.

Pages are read in order, text by position (:mod:`checker.sources.layout`). Text of page templates
and slanted text (watermarks) stands at the end like headers; nothing outside the zip is asked for.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, islice, repeat
from typing import Any

from checker.numerals import read_date
from checker.sources.archive import Archive
from checker.sources.errors import UnreadableSource
from checker.sources.layout import PlacedLine, read_lines, width_of
from checker.sources.limits import MAX_PAGES, MAX_TEXT_CHARACTERS
from checker.sources.text import SourceText

_LOCKED = "OFD 文件已加密，请取消密码后再检查"
_NO_PAGES = "OFD 文件中没有页面（可能只有签章，或者已经损坏），请提供完整的文件"
_ATTACHED = "OFD 中的附件未读取，请另存后单独检查"
_COMPOSITE = "复合图元中的文字未读取"
_REMARKS = "批注、签章和水印等注释中的文字未列入检查"
_UNSEEN = "含不显示的文字，未列入检查"
#: Stands in a text for a glyph without a character (GB/T 33190-2016, 11.3).
_NO_CODE = "¤"
#: A page without text but with more lines and curves than this may be text turned into curves.
_CURVES = 50
_SLANT = math.radians(5)


@dataclass(slots=True)
class _Draft:
    """What has been read so far of all documents of one file."""

    archive: Archive
    lines: list[PlacedLine] = field(default_factory=list)
    aside: list[PlacedLine] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)
    pages: int = 0
    pictures: int = 0
    blank: list[int] = field(default_factory=list)
    characters: int = 0


def read_ofd(data: bytes, name: str) -> SourceText:
    """Read an OFD file, all its documents in turn.

    Raises UnreadableSource for one that is encrypted, damaged, too large, or has no text.
    """
    archive = Archive(data, name)
    root = archive.root("OFD.xml")
    if "encryptions.xml" in archive or root.find(".//{*}Encryptions") is not None:
        raise UnreadableSource(name, _LOCKED)
    draft = _Draft(archive)
    bodies = list(root.iter("{*}DocBody"))
    for body in bodies:
        _read_document(draft, _main(archive, body))
    if not draft.pages:
        raise UnreadableSource(name, _NO_PAGES)
    if len(bodies) > 1:
        draft.notes[f"文件里有 {len(bodies)} 份文档，依次连在一起检查"] = None
    _tell_pictures(draft)
    return read_lines(
        name,
        draft.lines,
        aside=draft.aside,
        notes=tuple(draft.notes),
        gaps=tuple(draft.gaps),
        format="ofd",
        modified=_modified(bodies[0]),
    )


def _tell_pictures(draft: _Draft) -> None:
    if not draft.lines and not draft.aside and (draft.pictures or draft.blank):
        reason = "没有可读的文字，只有图片（可能是扫描件），请提供文字版文件"
        raise UnreadableSource(draft.archive.name, reason)
    if draft.blank:
        pages = "、".join(map(str, draft.blank))
        draft.gaps[f"第 {pages} 页没有文字，只有图片或者图形，未读取"] = None
    elif draft.pictures:
        draft.notes[f"另有 {draft.pictures} 张图片，图片中的文字未读取"] = None


def _modified(body: Any) -> date | None:
    """The day its information gives for its last change, where that is not the day it was made."""
    created = body.findtext("{*}DocInfo/{*}CreationDate") or ""
    modified = body.findtext("{*}DocInfo/{*}ModDate") or ""
    return read_date(modified[:10]) if created and created < modified else None


def _main(archive: Archive, body: Any) -> str:
    """The main part of a document, that of its current version where it has versions."""
    current = body.find("{*}Versions/{*}Version[@Current='true']")
    if current is not None:
        part = _resolved("", current.get("BaseLoc", ""))
        return _resolved(part, _root(archive, part).findtext("{*}DocRoot") or "")
    return _resolved("", body.findtext("{*}DocRoot") or "")


def _resolved(part: str, place: str) -> str:
    """The part that a place written in another part means; an absolute one counts from the top."""
    joined = posixpath.join(posixpath.dirname(part), place.strip().replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/") if place.strip() else ""


def _root(archive: Archive, part: str) -> Any:
    if part not in archive:
        raise UnreadableSource(archive.name, f"OFD 文件不完整：缺少 {part or 'Document.xml'}")
    return archive.root(part)


def _read_document(draft: _Draft, main: str) -> None:
    archive = draft.archive
    document = _root(archive, main)
    if document.find("{*}Annotations") is not None:
        draft.notes[_REMARKS] = None
    if document.find("{*}Attachments") is not None:
        draft.gaps[_ATTACHED] = None
    templates = {
        node.get("ID"): _resolved(main, node.get("BaseLoc", ""))
        for node in document.iterfind("{*}CommonData/{*}TemplatePage")
    }
    used: dict[str, int] = {}
    for node in document.iterfind("{*}Pages/{*}Page"):
        draft.pages += 1
        if draft.pages > MAX_PAGES:
            raise UnreadableSource(archive.name, f"页数超过 {MAX_PAGES} 页的上限，未读取")
        page = _root(archive, _resolved(main, node.get("BaseLoc", "")))
        _read_page(draft, page)
        for template in page.iterfind("{*}Template"):
            used.setdefault(templates.get(template.get("TemplateID"), ""), draft.pages)
    for part, number in used.items():
        if part in archive:
            draft.aside.extend(line for line, _ in _text(draft, archive.root(part), number))


def _read_page(draft: _Draft, page: Any) -> None:
    before = len(draft.lines) + len(draft.aside)
    for line, slanted in _text(draft, page, draft.pages):
        (draft.aside if slanted else draft.lines).append(line)
    pictures = sum(1 for _ in page.iter("{*}ImageObject"))
    draft.pictures += pictures
    curves = sum(1 for _ in islice(page.iter("{*}PathObject"), _CURVES + 1))
    if len(draft.lines) + len(draft.aside) == before and (pictures or curves > _CURVES):
        draft.blank.append(draft.pages)
    if page.find(".//{*}CompositeObject") is not None:
        draft.gaps[_COMPOSITE] = None


def _text(draft: _Draft, page: Any, number: int) -> Iterator[tuple[PlacedLine, bool]]:
    """The lines of a page with whether they are slanted. Raises UnreadableSource beyond a limit."""
    for node in page.iter("{*}TextObject"):
        place = _Placement.of(node)
        for code in node.iterfind("{*}TextCode"):
            text = (code.text or "").strip("\r\n\t")
            draft.characters += len(text)
            if draft.characters > MAX_TEXT_CHARACTERS:
                reason = f"文字超过 {MAX_TEXT_CHARACTERS:,} 字的上限，未读取"
                raise UnreadableSource(draft.archive.name, reason)
            if node.get("Visible") == "false":
                draft.notes[_UNSEEN] = None
                continue
            if _NO_CODE in text:
                draft.gaps["有的字只有字形、没有文字编码，未能读出"] = None
            for line in _stretches(place, code, text, number):
                yield line, place.slanted


@dataclass(frozen=True, slots=True)
class _Placement:
    """Where a text object stands: corner of its box, its matrix, size of its characters (mm)."""

    x: float
    y: float
    matrix: tuple[float, ...]
    size: float

    @classmethod
    def of(cls, node: Any) -> _Placement:
        x, y, *_ = (*_numbers(node.get("Boundary")), 0.0, 0.0)
        matrix = tuple(_numbers(node.get("CTM")))
        size = (_numbers(node.get("Size")) or [1.0])[0]
        return cls(x, y, matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), size)

    @property
    def slanted(self) -> bool:
        a, b, c, d, *_ = self.matrix
        return abs(math.atan2(b, a)) > _SLANT or abs(math.atan2(c, d)) > 6 * _SLANT

    @property
    def wide(self) -> float:
        return math.hypot(*self.matrix[:2]) or 1.0

    @property
    def high(self) -> float:
        return self.size * (math.hypot(*self.matrix[2:4]) or 1.0)

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.matrix
        return self.x + a * x + c * y + e, self.y + b * x + d * y + f


def _stretches(place: _Placement, code: Any, text: str, number: int) -> Iterator[PlacedLine]:
    """The text of one TextCode, cut where a gap or a new line parts its characters."""
    size = place.size
    x = (_numbers(code.get("X")) or [0.0])[0]
    y = (_numbers(code.get("Y")) or [size])[0]
    shifts = _shifts(code.get("DeltaX"), len(text))
    falls = _shifts(code.get("DeltaY"), len(text))
    if not text or (falls and not shifts):  # written from the top down: one stretch
        if text:
            yield _placed(place, number, text, (x, y), size)
        return
    widths = [width_of(character) * size for character in text]
    steps = [*shifts, *widths[len(shifts) :]]
    xs = list(accumulate(steps[:-1], initial=x))
    ys = list(accumulate((*falls, *repeat(0.0, len(text) - 1 - len(falls))), initial=y))
    begin = 0
    for i in range(1, len(text) + 1):
        if i < len(text):
            gap = xs[i] - xs[i - 1] - widths[i - 1]
            if abs(gap) < 0.9 * size and abs(ys[i] - ys[i - 1]) < 0.4 * size:
                continue
        width = xs[i - 1] + widths[i - 1] - xs[begin]
        yield _placed(place, number, text[begin:i], (xs[begin], ys[begin]), width)
        begin = i


def _placed(
    place: _Placement, number: int, text: str, at: tuple[float, float], width: float
) -> PlacedLine:
    """A stretch on its page, from its base line, seven eighths of a character below its top."""
    left, base = place.on_page(*at)
    return PlacedLine(number, left, base - 0.875 * place.high, width * place.wide, place.high, text)


def _shifts(written: str | None, count: int) -> list[float]:
    """The distances of an array, of which ``g n d`` stands for n times d; at most ``count`` - 1."""
    most = max(count - 1, 0)
    words = iter((written or "").split())
    found: list[float] = []
    for word in words:
        if len(found) >= most:
            break
        if word == "g":
            times, distance = next(words, "0"), next(words, "0")
            several = int(times) if times.isascii() and times.isdigit() else 0
            found += [_number(distance)] * min(several, most - len(found))
        else:
            found.append(_number(word))
    return found[:most]


def _numbers(written: str | None) -> list[float]:
    return [_number(word) for word in (written or "").split()]


def _number(word: str) -> float:
    """A number, 0 for what is none or none that could stand on paper."""
    try:
        value = float(word)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e6 else 0.0
