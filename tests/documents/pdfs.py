"""Small PDFs for the tests: text set at places, lines, pictures, all without a library.

Each character is a box in a Type 3 font of the file; 200 different characters go into one font.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

WIDTH, HEIGHT = 595.0, 842.0
_FULL = 200


@dataclass(frozen=True)
class Words:
    """A text to be set: the matrix that places it, its size, the space between characters."""

    words: str
    matrix: str
    size: float
    gap: float = 0


@dataclass
class Sheet:
    """One page in the making; distances in points from the top left."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    content: list[str | Words] = field(default_factory=list)
    picture: bool = False

    def text(self, x: float, y: float, words: str, size: float = 16, gap: float = 0) -> None:
        """Words from x on, their base line at y; a full-width character is ``size`` wide."""
        self.content.append(Words(words, f"1 0 0 1 {x:g} {self.height - y:g}", size, gap))

    def turned(self, x: float, y: float, words: str, size: float = 40) -> None:
        """Words that run upwards at 45 degrees, such as a watermark."""
        matrix = f".7071 .7071 -.7071 .7071 {x:g} {self.height - y:g}"
        self.content.append(Words(words, matrix, size))

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A ruled line."""
        self.content.append(
            f"{x:g} {self.height - y:g} m {to_x:g} {self.height - to_y:g} l 0.5 w S"
        )

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A rectangle drawn as one path."""
        self.content.append(f"{x:g} {self.height - y - height:g} {width:g} {height:g} re 0.5 w S")

    def paragraph(
        self, y: float, words: str, *, columns: int = 27, size: float = 16, left: float = 80
    ) -> float:
        """Lines of ``columns`` characters, the first moved in by two; the base line below them."""
        first = columns - 2
        rest = range(first, len(words), columns)
        for i, line in enumerate([words[:first], *(words[i : i + columns] for i in rest)]):
            self.text(left + (0 if i else 2 * size), y, line, size)
            y += 1.5 * size
        return y

    def scan(self) -> None:
        """A picture over the whole page."""
        self.picture = True
        self.content.append(f"q {self.width:g} 0 0 {self.height:g} 0 0 cm /I1 Do Q")


class _Objects:
    def __init__(self) -> None:
        self.bodies: list[bytes] = [b"", b""]  # catalogue and pages come last

    def add(self, body: str) -> int:
        self.bodies.append(body.encode("latin-1"))
        return len(self.bodies)

    def stream(self, data: str, more: str = "") -> int:
        return self.add(f"<< /Length {len(data)} {more}>>\nstream\n{data}\nendstream")


def pdf(
    *sheets: Sheet, locked: bool = False, meanings: bool = True, embedded: bool = True
) -> bytes:
    """A PDF of these pages.

    ``locked`` asks for a password; without ``meanings`` no code has a character; without
    ``embedded`` the font is not in the file.
    """
    objects = _Objects()
    words = (item.words for sheet in sheets for item in sheet.content if isinstance(item, Words))
    signs = sorted(set("".join(words)))
    codes = {sign: divmod(i, _FULL) for i, sign in enumerate(signs)}
    if embedded:
        parts = [signs[i : i + _FULL] for i in range(0, len(signs), _FULL)]
        fonts = [_boxes(objects, part, meanings) for part in parts]
    else:
        fonts = [_absent(objects)]
    picture = objects.stream(
        "\xcc",
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        "/ColorSpace /DeviceGray ",
    )
    named = " ".join(f"/F{i} {font} 0 R" for i, font in enumerate(fonts))
    pages = []
    for sheet in sheets:
        content = objects.stream(
            "\n".join(
                item if isinstance(item, str) else _set(item, codes if embedded else None)
                for item in sheet.content
            )
        )
        images = f"/XObject << /I1 {picture} 0 R >>" if sheet.picture else ""
        pages.append(
            objects.add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width:g} {sheet.height:g}] "
                f"/Rotate {sheet.rotate} /Contents {content} 0 R "
                f"/Resources << /Font << {named} >> {images} >> >>"
            )
        )
    objects.bodies[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    kids = " ".join(f"{page} 0 R" for page in pages)
    objects.bodies[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode()
    return _file(objects.bodies, _LOCK if locked else "")


def _set(item: Words, codes: dict[str, tuple[int, int]] | None) -> str:
    """The operators that show words; one part for each font."""
    start = f"BT {item.gap:g} Tc {item.matrix} Tm"
    if codes is None:
        return f"{start} /F0 {item.size:g} Tf <{item.words.encode('utf-16-be').hex()}> Tj ET"
    shown = []
    for font, part in groupby((codes[sign] for sign in item.words), key=lambda place: place[0]):
        shown.append(f"/F{font} {item.size:g} Tf <{''.join(f'{code:02x}' for _, code in part)}> Tj")
    return f"{start} {' '.join(shown)} ET"


def _boxes(objects: _Objects, signs: Sequence[str], meanings: bool) -> int:
    """A font in which each of the characters is a box, a Western one half as wide."""
    widths = [500 if sign < "\x7f" else 1000 for sign in signs]
    half, full, blank = (
        objects.stream(f"{width} 0 0 -120 {width} 880 d1 {shape}")
        for width, shape in ((500, "0 0 500 700 re f"), (1000, "0 -100 950 900 re f"), (500, ""))
    )
    procs = f"/half {half} 0 R /full {full} 0 R /blank {blank} 0 R"
    names = " ".join(
        "/blank" if sign.isspace() else "/half" if width == 500 else "/full"
        for sign, width in zip(signs, widths, strict=True)
    )
    rows = "\n".join(f"<{i:02x}> <{ord(sign):04x}>" for i, sign in enumerate(signs))
    blocks = "\n".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
        for part in (rows.splitlines()[i : i + 100] for i in range(0, len(signs), 100))
    )
    to_unicode = objects.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        f"/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n{blocks}\n"
        "endcmap end end"
    )
    told = f"/ToUnicode {to_unicode} 0 R" if meanings else ""
    return objects.add(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 -120 1000 880] /FontMatrix [.001 0 0 .001 0 0] "
        f"/CharProcs << {procs} >> /Encoding << /Type /Encoding /Differences [0 {names}] >> "
        f"/FirstChar 0 /LastChar {len(signs) - 1} /Widths [{' '.join(map(str, widths))}] {told} >>"
    )


def _absent(objects: _Objects) -> int:
    """A font of the Chinese character set that is not in the file."""
    inner = objects.add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
    )
    return objects.add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{inner} 0 R] >>"
    )


_LOCK = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>] "
)


def _file(objects: Sequence[bytes], more: str) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {more}>>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
