"""Writes OFD files (GB/T 33190-2016), small ones, by hand: paragraphs broken and placed on pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import pypdfium2

from checker.sources.glyphs import Glyph
from checker.sources.pdf import _Characters, _Drawn, _Frame
from checker.sources.tables import Rule

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
#: Millimetres: size of a character, pitch of lines, left and upper margin, characters a line.
SIZE, PITCH, LEFT, TOP, COLUMNS, ROWS = 5.6, 10.0, 28.0, 37.0, 28, 22


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def text_object(
    text: str, x: float, y: float, size: float = SIZE, *, delta: str = "", attributes: str = ""
) -> str:
    """One line of text; ``y`` is the upper edge of its box."""
    spread = f' DeltaX="{delta or f"g {max(len(text) - 1, 0)} {size}"}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Font="1" Size="{size}" '
        f'Boundary="{x} {y} {max(len(text), 1) * size} {size}" {attributes}>'
        f'<ofd:TextCode X="0" Y="{0.875 * size}"{spread}>{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def path(x: float, y: float, written: str) -> str:
    """A line or a figure from a place on."""
    return (
        f'<ofd:PathObject ID="2" Boundary="{x} {y} 1 1" LineWidth="0.3">'
        f"<ofd:AbbreviatedData>{written}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def page(objects: Iterable[str], template: str = "") -> str:
    """A page with graphic units."""
    used = f"<ofd:Template TemplateID={quoteattr(template)}/>" if template else ""
    return (
        f"<ofd:Page {NAMESPACE}>{used}<ofd:Content>"
        f'<ofd:Layer ID="9">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def document(
    pages: Sequence[str], *, templates: Sequence[str] = (), extra: str = "", folder: str = "Doc_0"
) -> dict[str, str | bytes]:
    """The parts of one document of a file."""
    listed = "".join(
        f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
    )
    shared = "".join(
        f'<ofd:TemplatePage ID="t{i}" BaseLoc="Tpls/Tpl_{i}/Content.xml"/>'
        for i in range(len(templates))
    )
    parts: dict[str, str | bytes] = {
        f"{folder}/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{shared}"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{extra}</ofd:Document>"
    }
    parts |= {f"{folder}/Pages/Page_{i}/Content.xml": page for i, page in enumerate(pages)}
    parts |= {f"{folder}/Tpls/Tpl_{i}/Content.xml": page for i, page in enumerate(templates)}
    return parts


def file(*documents: dict[str, str | bytes], information: str = "") -> bytes:
    """An OFD file of some documents."""
    bodies = ""
    parts: dict[str, str | bytes] = {}
    for held in documents:
        main = next(name for name in held if name.endswith("/Document.xml"))
        bodies += (
            f"<ofd:DocBody><ofd:DocInfo>{information}</ofd:DocInfo>"
            f"<ofd:DocRoot>{main}</ofd:DocRoot></ofd:DocBody>"
        )
        parts |= held
    root = f'<ofd:OFD {NAMESPACE} DocType="OFD" Version="1.1">{bodies}</ofd:OFD>'
    return packed({"OFD.xml": root, **parts})


def rows_of(paragraph: str) -> list[tuple[float, str]]:
    """The printed lines of a paragraph: offset in characters, text; the first is indented by two."""
    if paragraph.startswith("^"):
        words = paragraph[1:]
        pieces = [words[i : i + 24] for i in range(0, len(words), 24)]
        return [((COLUMNS - len(piece)) / 2, piece) for piece in pieces]
    first, rest = paragraph[: COLUMNS - 2], paragraph[COLUMNS - 2 :]
    return [(2, first), *((0, rest[i : i + COLUMNS]) for i in range(0, len(rest), COLUMNS))]


def written(paragraphs: Iterable[str], header: str = "") -> bytes:
    """A document of paragraphs (those that begin with ^ are centred), with page numbers."""
    rows = [row for paragraph in paragraphs for row in rows_of(paragraph)]
    pages = []
    for number, at in enumerate(range(0, len(rows), ROWS), 1):
        objects = [
            text_object(text, LEFT + offset * SIZE, TOP + i * PITCH)
            for i, (offset, text) in enumerate(rows[at : at + ROWS])
        ]
        objects += [text_object(f"— {number} —", 90, 275)]
        objects += [text_object(header, 60, 20)] if header else []
        pages.append(page(objects))
    return file(document(pages))


def printed(pdf: bytes) -> bytes:
    """An OFD file with the characters and ruled lines of a PDF at their places, as printers of OFD write."""
    pages = []
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        for number in range(len(opened)):
            with closing(opened[number]) as held:
                frame, found, drawn = _Frame(held), _Characters(), _Drawn()
                with closing(held.get_textpage()) as text:
                    found.read(text, frame)
                drawn.read(held, frame)
                objects = [*_text_objects(found.glyphs), *map(_box, drawn.rules)]
                pages.append(page(objects))
    return file(document(pages))


def _text_objects(glyphs: Sequence[Glyph]) -> Iterator[str]:
    """Characters that follow each other on one line are one object."""
    together: list[Glyph] = []
    for glyph in glyphs:
        last = together[-1] if together else glyph
        near = 0 <= glyph.left - last.left < 3 * glyph.size
        if together and not (near and (glyph.base, glyph.size) == (last.base, last.size)):
            yield _text_object(together)
            together = []
        together.append(glyph)
    if together:
        yield _text_object(together)


def _text_object(glyphs: Sequence[Glyph]) -> str:
    first, millimetre = glyphs[0], 25.4 / 72
    steps = " ".join(f"{(b.left - a.left) * millimetre:.4f}" for a, b in pairwise(glyphs))
    x, y = first.left * millimetre, (first.base - first.size) * millimetre
    size = first.size * millimetre
    spread = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="1" Font="1" Size="{size:.4f}" '
        f'Boundary="{x:.4f} {y:.4f} {(glyphs[-1].right - first.left) * millimetre:.4f} {size:.4f}">'
        f'<ofd:TextCode X="0" Y="{size:.4f}"{spread}>'
        f"{escape(''.join(glyph.text for glyph in glyphs))}</ofd:TextCode></ofd:TextObject>"
    )


def _box(rule: Rule) -> str:
    x, y, u, v = (edge * 25.4 / 72 for edge in (rule.left, rule.top, rule.right, rule.bottom))
    end = f"{u - x:.3f} 0" if rule.level else f"0 {v - y:.3f}"
    return path(x, y, f"M 0 0 L {end}")
