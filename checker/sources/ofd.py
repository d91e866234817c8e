"""OFD documents (GB/T 33190-2016: a zip of XML files with placed text) -> SourceText.

Pages are read in order, their text by its place (:mod:`checker.sources.layout`). Text of page
templates and text that does not run level (watermarks) stands at the end like headers; nothing
outside the zip is asked for.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, islice, pairwise, repeat
from typing import Any

from checker.numerals import read_date
from checker.sources.archive import Archive
from checker.sources.draft import Draft
from checker.sources.errors import UnreadableSource
from checker.sources.glyphs import Glyph, Page
from checker.sources.layout import Layout
from checker.sources.limits import in_force
from checker.sources.tables import Rule
from checker.sources.text import Run, SourceText

_LOCKED = "OFD 文件已加密，请取消密码后再检查"
_NO_PAGES = "OFD 文件中没有页面（可能只有签章，或者已经损坏），请提供完整的文件"
_PICTURES = "没有可读的文字，只有图片（可能是扫描件），请提供文字版文件"
_ATTACHED = "OFD 中的附件未读取，请另存后单独检查"
_COMPOSITE = "复合图元中的文字未读取"
_NO_CODE = "有的字只有字形、没有文字编码，未能读出"
_REMARKS = "批注、签章和水印等注释中的文字未列入检查"
_OUTSIDE = "有的字在页面以外，列在最后检查"
_UNSEEN = "含不显示的文字，未列入检查"
#: Points in a millimetre, the unit of the standard.
_POINT = 72 / 25.4
#: No page is wider or higher (mm).
_LARGEST = 5000
_A4 = (0.0, 0.0, 210.0, 297.0)
#: Stands in a text for a glyph without a character (GB/T 33190-2016, 11.3).
_GLYPH = "¤"
#: A page without text but with more lines and curves than this may be text turned into curves.
_CURVES = 50
_MOST_RULES = 20_000
#: So far off the page (mm) a place still counts as on it.
_OFF = 5.0
_SLANT = math.radians(5)


@dataclass(slots=True)
class _File:
    """What has been read so far of all documents of one file."""

    archive: Archive
    draft: Draft
    layout: Layout = field(default_factory=Layout)
    #: What stands at the end: text of templates and text that does not run level.
    aside: list[Draft] = field(default_factory=list)
    pages: int = 0
    blank: list[int] = field(default_factory=list)
    characters: int = 0


def read_ofd(data: bytes, name: str) -> SourceText:
    """Read an OFD file, all its documents in turn; each line is a run whose part is ``page/N``.

    Raises UnreadableSource for one that is encrypted, damaged, too large, or has no text.
    """
    archive = Archive(data, name)
    root = archive.root("OFD.xml")
    if "encryptions.xml" in archive or root.find(".//{*}Encryptions") is not None:
        raise UnreadableSource(name, _LOCKED)
    draft = Draft(name)
    file = _File(archive, draft)
    bodies = list(root.iter("{*}DocBody"))
    for body in bodies:
        _read_document(file, _main(archive, body))
    if not file.pages:
        raise UnreadableSource(name, _NO_PAGES)
    if len(bodies) > 1:
        draft.notes[f"文件里有 {len(bodies)} 份文档，依次连在一起检查"] = None
    file.layout.write(draft)
    written = draft.length
    draft.append_headers(file.aside)
    if file.blank and not draft.length:
        raise UnreadableSource(name, _PICTURES)
    if file.blank:
        pages = "、".join(map(str, file.blank))
        draft.gaps[f"第 {pages} 页没有文字，只有图片或者图形，未读取"] = None
    return draft.finish("ofd", written, _modified(bodies[0]))


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


def _read_document(file: _File, main: str) -> None:
    archive = file.archive
    document = _root(archive, main)
    if document.find("{*}Annotations") is not None:
        file.draft.notes[_REMARKS] = None
    if document.find("{*}Attachments") is not None:
        file.draft.gaps[_ATTACHED] = None
    templates = {
        node.get("ID"): _resolved(main, node.get("BaseLoc", ""))
        for node in document.iterfind("{*}CommonData/{*}TemplatePage")
    }
    size = _size(document.find("{*}CommonData/{*}PageArea"), _A4)
    used: dict[str, int] = {}
    for node in document.iterfind("{*}Pages/{*}Page"):
        file.pages += 1
        _refuse_beyond(file, "pages", file.pages, "页数", " 页")
        page = _root(archive, _resolved(main, node.get("BaseLoc", "")))
        file.layout.add(_read_page(file, page, size))
        for template in page.iterfind("{*}Template"):
            used.setdefault(templates.get(template.get("TemplateID"), ""), file.pages)
    for part, number in used.items():
        if part in archive:
            layout, words = Layout(), Draft(archive.name)
            layout.add(_page(file, archive.root(part), number, size))
            layout.write(words)
            file.aside.append(words)


def _refuse_beyond(file: _File, key: str, count: int, what: str, unit: str) -> None:
    """Raises UnreadableSource where there are more than a limit allows."""
    limits = in_force()
    if count > getattr(limits, key):
        raise UnreadableSource(file.archive.name, f"{limits.beyond(key, what, unit)}，未读取")


def _size(area: Any | None, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The box of a page in millimetres."""
    box = _numbers(None if area is None else area.findtext("{*}PhysicalBox"))
    fits = len(box) == 4 and 0 < box[2] < _LARGEST and 0 < box[3] < _LARGEST
    return tuple(box) if fits else usual


def _read_page(file: _File, node: Any, size: tuple[float, ...]) -> Page:
    """A page of the body, with what has to be said of it."""
    asides = len(file.aside)
    page = _page(file, node, file.pages, _size(node.find("{*}Area"), size))
    pictures = sum(1 for _ in node.iter("{*}ImageObject"))
    curves = sum(1 for _ in islice(node.iter("{*}PathObject"), _CURVES + 1))
    if page.glyphs or len(file.aside) > asides:
        file.draft.pictures += pictures
    elif pictures or curves > _CURVES:
        file.blank.append(file.pages)
    if node.find(".//{*}CompositeObject") is not None:
        file.draft.gaps[_COMPOSITE] = None
    return page


def _page(file: _File, node: Any, number: int, size: tuple[float, ...]) -> Page:
    """The characters and ruled lines of a page or template, in points from its top left."""
    left, top, width, height = size

    def moved(g: Glyph) -> Glyph:
        start, end, base = g.left - left, g.right - left, g.base - top
        return Glyph(g.text, start * _POINT, end * _POINT, base * _POINT, g.size * _POINT)

    rules = [
        Rule(
            *((edge - corner) * _POINT for edge, corner in zip(rule, (left, top) * 2, strict=True))
        )
        for rule in islice(_rules(node), _MOST_RULES)
        if _holds(size, *rule[:2]) and _holds(size, *rule[2:])
    ]
    glyphs = map(moved, _text(file, node, number, size))
    return Page(number, width * _POINT, height * _POINT, tuple(glyphs), tuple(rules))


def _holds(size: tuple[float, ...], x: float, y: float) -> bool:
    """Whether a place lies on the page or hardly off it."""
    left, top, width, height = size
    return -_OFF <= x - left <= width + _OFF and -_OFF <= y - top <= height + _OFF


def _rules(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """The level and upright edges of all paths: left, top, right, bottom in millimetres."""
    for node in page.iter("{*}PathObject"):
        place = _Placement.of(node)
        for a, b in _edges((node.findtext("{*}AbbreviatedData") or "").split()):
            (x, y), (u, v) = place.on_page(*a), place.on_page(*b)
            if min(abs(x - u), abs(y - v)) < 1.0:
                yield min(x, u), min(y, v), max(x, u), max(y, v)


_Point = tuple[float, float]


def _edges(words: list[str]) -> Iterator[tuple[_Point, _Point]]:
    """The straight edges of a path written short (GB/T 33190-2016, 9.1)."""
    #: How many numbers follow each command; the last two are where it ends.
    numbers = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    first = last = (0.0, 0.0)
    i = 0
    while i < len(words):
        command, i = words[i], i + 1
        count = numbers.get(command, 0)
        given = [_number(word) for word in words[i : i + count]]
        i += count
        if len(given) < count:
            return
        point = (given[-2], given[-1]) if count else first
        if command in "SM":
            first = point
        elif command in "LC":
            yield last, point
        last = point


def _text(file: _File, page: Any, number: int, size: tuple[float, ...]) -> Iterator[Glyph]:
    """The characters of level text on the page, in millimetres; other text goes aside.

    Raises UnreadableSource.
    """
    for node in page.iter("{*}TextObject"):
        place = _Placement.of(node)
        x, y = 0.0, place.size
        for code in node.iterfind("{*}TextCode"):
            # Where one does not say where it begins, the one before did.
            x, y = (_numbers(code.get("X")) or [x])[0], (_numbers(code.get("Y")) or [y])[0]
            text = (code.text or "").strip("\r\n\t")
            file.characters += len(text)
            _refuse_beyond(file, "characters", file.characters, "文字", " 字")
            if node.get("Visible") in ("false", "0"):
                file.draft.notes[_UNSEEN] = None
                continue
            if _GLYPH in text:
                file.draft.gaps[_NO_CODE] = None
            shifts = _shifts(code.get("DeltaX"), len(text))
            falls = _shifts(code.get("DeltaY"), len(text))
            glyphs = list(_glyphs(place, text, (x, y), shifts, falls))
            on_page = all(
                _holds(size, g.left, g.base) and _holds(size, g.right, g.base) for g in glyphs
            )
            if not on_page:
                file.draft.notes[_OUTSIDE] = None
            if not on_page or place.slanted or (any(falls) and not any(shifts)):
                file.aside.append(_line(file, number, text))
            else:
                yield from glyphs


def _line(file: _File, number: int, text: str) -> Draft:
    line = Draft(file.archive.name)
    line.add(text)
    line.runs.append(Run(0, line.length, f"page/{number}", 0))
    line.add("\n")
    return line


@dataclass(frozen=True, slots=True)
class _Placement:
    """Where an object stands: corner of its box, its matrix, size of its characters (mm)."""

    x: float
    y: float
    matrix: tuple[float, ...]
    size: float

    @classmethod
    def of(cls, node: Any) -> _Placement:
        x, y, *_ = (*_numbers(node.get("Boundary")), 0.0, 0.0)
        matrix = tuple(_numbers(node.get("CTM")))
        size = max((_numbers(node.get("Size")) or [1.0])[0], 0.1)
        return cls(x, y, matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), size)

    @property
    def slanted(self) -> bool:
        a, b, c, d, *_ = self.matrix
        return abs(math.atan2(b, a)) > _SLANT or abs(math.atan2(c, d)) > 6 * _SLANT

    @property
    def high(self) -> float:
        return self.size * (math.hypot(*self.matrix[2:4]) or 1.0)

    def on_page(self, x: float, y: float) -> _Point:
        a, b, c, d, e, f = self.matrix
        return self.x + a * x + c * y + e, self.y + b * x + d * y + f


def _glyphs(
    place: _Placement, text: str, at: _Point, shifts: list[float], falls: list[float]
) -> Iterator[Glyph]:
    """The characters of one TextCode; each reaches to the next, if no more than a blank lies between."""
    size = place.size
    widths = [(0.5 if character < "\u1100" else 1.0) * size for character in text]
    steps = [shift if shift > 0 else width for shift, width in zip(shifts, widths, strict=False)]
    xs = list(accumulate([*steps, *widths[len(steps) :]], initial=at[0]))
    ys = accumulate((*falls, *repeat(0.0, len(text) - len(falls))), initial=at[1])
    for character, width, (left, following), base in zip(
        text, widths, pairwise(xs), ys, strict=False
    ):
        near = 0 < following - left < width + 0.9 * size
        right = following if near else left + width
        (start, height), (end, _) = place.on_page(left, base), place.on_page(right, base)
        yield Glyph(character, start, end, height, place.high)


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
            several = int(times[:9]) if times.isascii() and times.isdigit() else 0
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
