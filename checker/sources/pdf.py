"""PDF -> SourceText: pdfium tells each character and its place; ``layout`` makes text of them."""

from __future__ import annotations

import ctypes
import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from checker.sources.draft import Draft
from checker.sources.errors import UnreadableSource
from checker.sources.glyphs import WESTERN, Glyph, Page
from checker.sources.layout import Layout
from checker.sources.limits import MAX_PAGE_CHARACTERS, in_force
from checker.sources.tables import Rule
from checker.sources.text import SourceText

#: pdfium is one state for the whole process: one document at a time.
_LOCK = threading.Lock()
#: What pdfium says for a hyphen at the end of a line.
_HYPHENS = (0x02, 0xFFFE)
_THIN = 3.0
_MAX_SEGMENTS = 4000
_MAX_OBJECTS = 50_000
_MAX_RULES = 20_000
_SCAN = "没有文字，只有图片（可能是扫描件）"
#: Points by which text may stick out of the page; the largest size of a character.
_OFF, _LARGEST = 72.0, 2000.0
#: So many turned characters may be a watermark; so many shapes without text may be its outlines.
_WATERMARK, _OUTLINES = 60, 100


def read_pdf(data: bytes, name: str) -> SourceText:
    """Read a PDF; each line is a run whose part is ``page/N`` (from 1).

    Raises UnreadableSource for what is damaged, locked by a password, too long, or only pictures.
    """
    draft = Draft(name)
    with _LOCK:
        layout = _read_pages(data, draft)
    layout.write(draft)
    return draft.finish("pdf", draft.length)


def _read_pages(data: bytes, draft: Draft) -> Layout:
    import pypdfium2

    layout = Layout()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableSource(draft.name, _cause(error)) from error
    with closing(document):
        count = len(document)
        limits = in_force()
        if count > limits.pages:
            raise UnreadableSource(draft.name, f"{limits.beyond('pages', '页数', ' 页')}，未读取")
        if document.count_attachments():
            draft.gaps["PDF 里另附的文件未读取"] = None
        empty: dict[str, list[int]] = {}
        for index in range(count):
            try:
                with closing(document[index]) as page:
                    fault = _read_page(page, index + 1, draft, layout)
            except pypdfium2.PdfiumError:
                fault = "已经损坏"
            if layout.characters > limits.characters:
                over = limits.beyond("characters", "文字", " 字")
                raise UnreadableSource(draft.name, f"{over}，未读取")
            if fault:
                empty.setdefault(fault, []).append(index + 1)
    _judge(empty, count, draft)
    return layout


def _cause(error: Any) -> str:
    from pypdfium2 import raw

    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        return "文件设有打开密码，请取消密码后再检查"
    if code == raw.FPDF_ERR_SECURITY:
        return "文件的加密方式不能识别，请取消加密后再检查"
    return "PDF 已经损坏或者没有下载完整，无法打开"


def _judge(empty: dict[str, list[int]], count: int, draft: Draft) -> None:
    """Say which pages held no text; raises UnreadableSource where none held any."""
    if _SCAN in empty and sum(map(len, empty.values())) == count:
        raise UnreadableSource(
            draft.name,
            "扫描件：只有图片，没有文字，请先用文字识别（OCR）软件转成文字版，或者提供原 Word 文件",
        )
    if sum(map(len, empty.values())) == count:
        raise UnreadableSource(draft.name, f"没有读出文字：{'；'.join(empty) or '没有页面'}")
    for fault, numbers in empty.items():
        draft.gaps[f"第 {'、'.join(map(str, numbers))} 页{fault}，未读取"] = None


def _read_page(page: Any, number: int, draft: Draft, layout: Layout) -> str:
    """Read one page into the layout; what kept its text from being read, or empty."""
    frame = _Frame(page)
    with closing(page.get_textpage()) as text:
        if text.count_chars() > MAX_PAGE_CHARACTERS:
            return f"字数超过 {MAX_PAGE_CHARACTERS:,} 的上限"
        found = _Characters()
        found.read(text, frame)
        if angle := found.turned_all():
            frame.turn(angle)
            found = _Characters()
            found.read(text, frame)
    drawn = _Drawn()
    drawn.read(page, frame)
    if fault := _fault(found, drawn):
        return fault
    page_name = f"第 {number} 页"
    turned = sum(found.turned.values())
    if found.outside:
        draft.notes[f"{page_name}有 {found.outside} 个字在页面以外，未列入检查"] = None
    if found.unknown:
        draft.gaps[f"{page_name}有 {found.unknown} 个字没有标明编码，认不出"] = None
    if drawn.missing > 0.5 * drawn.texts:
        # pdfium then leaves out single characters and texts that stand twice.
        draft.gaps[f"{page_name}的字体没有嵌入文件，可能有字读不出"] = None
    if turned > _WATERMARK:
        draft.gaps[f"{page_name}有 {turned} 个字斜排或者竖排，未读取"] = None
    elif turned:
        draft.notes[f"{page_name}有 {turned} 个字斜排或者竖排（如水印），未列入检查"] = None
    if found.invisible and drawn.covered > 0.5:
        draft.notes[f"{page_name}的文字来自扫描识别（OCR），可能有错字，请对照原件"] = None
    draft.pictures += drawn.pictures
    _annotations(page, page_name, draft)
    layout.add(Page(number, frame.width, frame.height, tuple(found.glyphs), tuple(drawn.rules)))
    return ""


def _fault(found: _Characters, drawn: _Drawn) -> str:
    """Why a page has no text to read although it is not blank."""
    count = len(found.glyphs)
    if (count < 5 and drawn.covered > 0.5) or (count == 0 and drawn.pictures):
        return _SCAN
    if found.unknown > 5 and found.unknown > 0.2 * (count + found.unknown):
        return "文字没有标明编码，认不出"
    if count == 0 and drawn.shapes > _OUTLINES:
        return "没有文字，只有图形（文字可能已经转成曲线）"
    return ""


class _Frame:
    """How a point of a page's own space lies on the page as a reader holds it: from its top left."""

    def __init__(self, page: Any) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self.rotation = page.get_rotation()
        self.width, self.height = page.get_size()

    def turn(self, angle: int) -> None:
        """Hold the page so that text at this angle (90 or 270 degrees) is upright."""
        self.rotation = (self.rotation + angle) % 360
        self.width, self.height = self.height, self.width

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Distance from the left and from the top, in points."""
        if self.rotation == 90:
            return y - self._bottom, x - self._left
        if self.rotation == 180:
            return self._right - x, y - self._bottom
        if self.rotation == 270:
            return self._top - y, self._right - x
        return x - self._left, self._top - y

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies on the page or hardly off it; none does that is no number."""
        return bool(-_OFF <= x <= self.width + _OFF and -_OFF <= y <= self.height + _OFF)

    def box(self, left: float, bottom: float, right: float, top: float) -> Rule:
        """A box of the page's own space as it lies on the page."""
        (a, b), (c, d) = self.place(left, bottom), self.place(right, top)
        return Rule(min(a, c), min(b, d), max(a, c), max(b, d))


class _Characters:
    """The characters of one page: upright ones, and how many are turned or have no known meaning."""

    def __init__(self) -> None:
        self.glyphs: list[Glyph] = []
        self.turned: Counter[int] = Counter()
        self.unknown = self.outside = 0
        #: Whether the text is laid unseen over a picture, as programs that read scans do.
        self.invisible = False

    def read(self, text: Any, frame: _Frame) -> None:
        """Read all characters of a text page."""
        from pypdfium2 import raw

        x, y = ctypes.c_double(), ctypes.c_double()
        box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        spaced = False
        page = text.raw
        for i in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(page, i)
            if raw.FPDFText_IsGenerated(page, i) == 1 or code in (0x0A, 0x0D):
                spaced = code == 0x20
                continue
            if code in (0, 0xFFFD) or raw.FPDFText_HasUnicodeMapError(page, i) == 1:
                self.unknown += 1
                continue
            raw.FPDFText_GetCharOrigin(page, i, x, y)
            raw.FPDFText_GetLooseCharBox(page, i, box)
            raw.FPDFText_GetMatrix(page, i, matrix)
            angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) - frame.rotation
            if 5 < angle % 360 < 355:
                self.turned[angle % 360] += 1
                continue
            size = raw.FPDFText_GetFontSize(page, i) * math.hypot(matrix.c, matrix.d)
            left, base = frame.place(box.left, box.bottom)[0], frame.place(x.value, y.value)[1]
            right = frame.place(box.right, box.top)[0]
            if not (frame.holds(left, base) and frame.holds(right, base)):
                self.outside += 1
                continue
            size = size if 1 <= size <= _LARGEST else 1.0
            sign = "-" if code in _HYPHENS else chr(code)
            glyph = Glyph(sign, min(left, right), max(left, right), base, size)
            if not self.glyphs:
                self.invisible = _invisible(text, i)
            elif spaced and WESTERN.match(sign) and WESTERN.match(self.glyphs[-1].text):
                self.glyphs.append(glyph._replace(text=" ", right=glyph.left))
            self.glyphs.append(glyph)
            spaced = False

    def turned_all(self) -> int:
        """The angle of most characters, if the page lies on its side; else 0."""
        angle, count = self.turned.most_common(1)[0] if self.turned else (0, 0)
        return angle if angle in (90, 270) and count > len(self.glyphs) else 0


def _invisible(text: Any, index: int) -> bool:
    from pypdfium2 import raw

    shown = raw.FPDFText_GetTextObject(text, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(shown) if shown else None
    return bool(mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE)


class _Drawn:
    """What else one page shows: thin lines, pictures, shapes."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.pictures = 0
        #: How much of the page the largest picture covers, from 0 to 1.
        self.covered = 0.0
        self.shapes = 0
        #: All texts, and those in a font that is neither in the file nor on this machine.
        self.texts = self.missing = 0

    def read(self, page: Any, frame: _Frame) -> None:
        """Read the objects of a page, as many as are allowed."""
        from pypdfium2 import PdfiumError, raw

        area = max(frame.width * frame.height, 1.0)
        for count, found in enumerate(page.get_objects()):
            if count == _MAX_OBJECTS:
                break
            try:
                left, bottom, right, top = found.get_bounds()
            except PdfiumError:
                continue
            if found.type == raw.FPDF_PAGEOBJ_TEXT:
                self.texts += 1
                self.missing += bottom == top and not _embedded(found)
                continue
            box = frame.box(left, bottom, right, top)
            if found.type == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictures += 1
                share = (box.right - box.left) * (box.bottom - box.top) / area
                self.covered = max(self.covered, share)
            elif found.type == raw.FPDF_PAGEOBJ_PATH:
                self.shapes += 1
                if min(box.right - box.left, box.bottom - box.top) <= _THIN:
                    self.rules.append(box)
                elif len(self.rules) < _MAX_RULES:
                    self.rules.extend(_edges(found, frame))


def _embedded(text: Any) -> bool:
    from pypdfium2 import raw

    font = raw.FPDFTextObj_GetFont(text)
    return not font or raw.FPDFFont_GetIsEmbedded(font) != 0


def _edges(path: Any, frame: _Frame) -> Iterator[Rule]:
    """The upright and level edges of a path, such as the four sides of a rectangle."""
    from pypdfium2 import raw

    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = None
    for i in range(min(raw.FPDFPath_CountSegments(path), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.place(*matrix.on_point(x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif last is not None and kind == raw.FPDF_SEGMENT_LINETO:
            yield from _edge(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and first is not None:
            yield from _edge(last, first)


def _edge(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    edge = Rule(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    if min(edge.right - edge.left, edge.bottom - edge.top) <= _THIN:
        yield edge


def _annotations(page: Any, page_name: str, draft: Draft) -> None:
    """Say what was written onto the page and is not part of its text."""
    from pypdfium2 import raw

    for i in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_OBJECTS)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind in (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT):
            draft.notes.setdefault(f"{page_name}有批注，批注中的文字未列入检查")
        elif kind == raw.FPDF_ANNOT_FREETEXT:
            draft.gaps[f"{page_name}后加的文本框中的文字未读取"] = None
        elif kind == raw.FPDF_ANNOT_WIDGET and raw.FPDFAnnot_GetStringValue(
            annotation, b"V", None, 0
        ) > len("\0".encode("utf-16-le")):
            draft.gaps[f"{page_name}表单中填写的文字未读取"] = None
        raw.FPDFPage_CloseAnnot(annotation)
