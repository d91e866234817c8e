"""Small Word packages for the tests, built part by part so that each part can be spoilt."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def run(text: str, properties: str = "") -> str:
    """A run with one text."""
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{own}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(content: str, properties: str = "") -> str:
    """A paragraph of runs; plain text is wrapped in one."""
    inner = content if content.startswith("<") or not content else run(content)
    own = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{own}{inner}</w:p>"


def listed(text: str, number: int, level: int = 0) -> str:
    """A paragraph of a list."""
    return para(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(index: int, kind: str, pattern: str, *, suffix: str = "nothing", more: str = "") -> str:
    """One level of an abstract list."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbering(*abstracts: str, nums: str = "") -> str:
    """A numbering part: abstract list i (from 0) is num i + 1, then the given nums."""
    own = "".join(
        f'<w:abstractNum w:abstractNumId="{i}">{levels}</w:abstractNum>'
        for i, levels in enumerate(abstracts)
    )
    plain = "".join(
        f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>'
        for i in range(len(abstracts))
    )
    return f"<w:numbering {NAMES}>{own}{plain}{nums}</w:numbering>"


def document(body: str) -> str:
    """The main part around a body."""
    return f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"


def package(body: str, **parts: str) -> bytes:
    """A .docx of this body; ``parts`` are whole parts such as ``numbering`` or ``header1``."""
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONS,
        "word/document.xml": document(body),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        + "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/{name.rstrip("0123456789")}"'
            f' Target="{name}.xml"/>'
            for name in parts
        )
        + "</Relationships>",
        **{f"word/{name}.xml": content for name, content in parts.items()},
    }
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip container of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def run_texts(data: bytes, part: str) -> list[str]:
    """The text of every run of a part in document order, read without the project's reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read(part))
    words = {f"{{{W}}}t": None, f"{{{W}}}tab": "\t", f"{{{W}}}br": "\n", f"{{{W}}}cr": "\n"}
    found = []
    for node in root.iter(f"{{{W}}}r"):
        page = [c for c in node if c.get(f"{{{W}}}type") == "page"]
        found.append(
            "".join(words[c.tag] or c.text or "" for c in node if c.tag in words and c not in page)
        )
    return found
