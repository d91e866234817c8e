"""PDF -> SourceText: pdfium tells each character and its place; ``layout`` makes text of them."""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from checker.sources import limits
from checker.sources.draft import Draft
from checker.sources.errors import UnreadableSource
from checker.sources.glyphs import Glyph, Page
from checker.sources.layout import Layout
from checker.sources.tables import Rule
from checker.sources.text import SourceText

#: pdfium is one state for the whole process: one document at a time.
_LOCK = threading.Lock()
#: What pdfium says for a hyphen at the end of a line.
_HYPHENS = (0x02, 0xFFFE)
_THIN = 3.0
_MAX_SEGMENTS = 4000
_MAX_OBJECTS = 50_000
_OCR = "的文字来自扫描识别（OCR），可能有错字，请对照原件"


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
        if count > limits.MAX_PAGES:
            raise UnreadableSource(
                draft.name, f"共 {count} 页，超过 {limits.MAX_PAGES:,} 页的上限，未读取"
            )
        if document.count_attachments():
            draft.gaps["PDF 里另附的文件未读取"] = None
        empty: dict[str, list[int]] = {}
        for index in range(count):
            try:
                with closing(document[index]) as page:
                    fault = _read_page(page, index + 1, draft, layout)
            except pypdfium2.PdfiumError:
                fault = "已经损坏"
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
    pages = {page for numbers in empty.values() for page in numbers}
    if count == 0 or len(pages) == count:
        if "没有文字，只有图片（可能是扫描件）" in empty:
            raise UnreadableSource(
                draft.name,
                "扫描件：只有图片，没有文字，请先用文字识别（OCR）软件转成文字版，或者提供原 Word 文件",
            )
        raise UnreadableSource(
            draft.name,
            "页面都已损坏，没有读出文字" if pages and empty else "没有页面，文件可能已经损坏",
        )
    for fault, numbers in empty.items():
        draft.gaps[f"第 {'、'.join(map(str, numbers))} 页{fault}，未读取"] = None


def _read_page(page: Any, number: int, draft: Draft, layout: Layout) -> str:
    """Read one page into the layout; what kept its text from being read, or empty."""
    frame = _Frame(page)
    rules, pictures, covered = _objects(page, frame)
    with closing(page.get_textpage()) as text:
        glyphs, turned, unknown, invisible = _glyphs(text, frame)
    if len(glyphs) < 5 and covered > 0.5:
        return "没有文字，只有图片（可能是扫描件）"
    if unknown > 0.2 * (len(glyphs) + unknown) and unknown > 5:
        return "的文字没有标明编码，认不出"
    if unknown:
        draft.gaps[f"第 {number} 页有 {unknown} 个字没有标明编码，认不出"] = None
    if turned:
        draft.notes.setdefault(f"第 {number} 页有 {turned} 个字斜排或者竖排（如水印），未列入检查")
    if invisible and covered > 0.5:
        draft.notes.setdefault(f"第 {number} 页{_OCR}")
    draft.pictures += pictures
    _annotations(page, number, draft)
    layout.add(Page(number, frame.width, frame.height, tuple(glyphs), tuple(rules)))
    return ""


class _Frame:
    """How a point of a page's own space lies on the page as a reader holds it: from its top left."""

    def __init__(self, page: Any) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self.rotation = page.get_rotation()
        self.width, self.height = page.get_size()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Distance from the left and from the top, in points."""
        if self.rotation == 90:
            return y - self._bottom, x - self._left
        if self.rotation == 180:
            return self._right - x, y - self._bottom
        if self.rotation == 270:
            return self._top - y, self._right - x
        return x - self._left, self._top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Rule:
        """A box of the page's own space as it lies on the page."""
        (a, b), (c, d) = self.place(left, bottom), self.place(right, top)
        return Rule(min(a, c), min(b, d), max(a, c), max(b, d))


def _glyphs(text: Any, frame: _Frame) -> tuple[list[Glyph], int, int, bool]:
    """The upright characters; how many are turned or have no known meaning; whether any is unseen."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    glyphs: list[Glyph] = []
    turned = unknown = 0
    invisible = False
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, i)
        if raw.FPDFText_IsGenerated(text, i) == 1 or code in (0x0A, 0x0D):
            continue
        if code in (0, 0xFFFD) or raw.FPDFText_HasUnicodeMapError(text, i) == 1:
            unknown += 1
            continue
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        raw.FPDFText_GetLooseCharBox(text, i, box)
        raw.FPDFText_GetMatrix(text, i, matrix)
        angle = (round(math.degrees(math.atan2(matrix.b, matrix.a))) + frame.rotation) % 360
        if 5 < angle < 355:
            turned += 1
            continue
        size = raw.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        if not glyphs:
            invisible = _invisible(text, i)
        a = frame.place(box.left, box.bottom)[0], frame.place(box.right, box.top)[0]
        base = frame.place(x.value, y.value)[1]
        text_of = "-" if code in _HYPHENS else chr(code)
        glyphs.append(Glyph(text_of, min(a), max(a), base, size))
    return glyphs, turned, unknown, invisible


def _invisible(text: Any, index: int) -> bool:
    from pypdfium2 import raw

    shown = raw.FPDFText_GetTextObject(text, index)
    return bool(shown) and raw.FPDFTextObj_GetTextRenderMode(shown) == (
        raw.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _objects(page: Any, frame: _Frame) -> tuple[list[Rule], int, float]:
    """The thin lines of a page, its pictures, and how much of it the largest picture covers."""
    from pypdfium2 import PdfiumError, raw

    rules: list[Rule] = []
    pictures, covered = 0, 0.0
    area = max(frame.width * frame.height, 1.0)
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
    for count, found in enumerate(page.get_objects(filter=kinds)):
        if count == _MAX_OBJECTS:
            break
        try:
            box = frame.box(*found.get_bounds())
        except PdfiumError:
            continue
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            covered = max(covered, (box.right - box.left) * (box.bottom - box.top) / area)
        elif min(box.right - box.left, box.bottom - box.top) <= _THIN:
            rules.append(box)
        else:
            rules.extend(_edges(found, frame))
    return rules, pictures, covered


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


def _annotations(page: Any, number: int, draft: Draft) -> None:
    """Say what was written onto the page and is not part of its text."""
    from pypdfium2 import raw

    for i in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_OBJECTS)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind in (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT):
            draft.notes.setdefault(f"第 {number} 页有批注，批注中的文字未列入检查")
        elif kind == raw.FPDF_ANNOT_FREETEXT:
            draft.gaps[f"第 {number} 页后加的文本框中的文字未读取"] = None
        elif kind == raw.FPDF_ANNOT_WIDGET and raw.FPDFAnnot_GetStringValue(
            annotation, b"V", None, 0
        ) > len("\0".encode("utf-16-le")):
            draft.gaps[f"第 {number} 页表单中填写的文字未读取"] = None
        raw.FPDFPage_CloseAnnot(annotation)
