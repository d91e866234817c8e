"""A copy of a Word package with some parts replaced: equal input, equal bytes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from checker.sources.archive import STRICT, Archive, key
from checker.sources.docx import relations_part

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: The day of parts that no file had: the first a zip container knows.
_DAY = (1980, 1, 1, 0, 0, 0)
_FILE = 0o600 << 16


def rewritten(archive: Archive, parts: Mapping[str, bytes]) -> bytes:
    """The container with these parts in place of its own, new ones at its end.

    Every other part keeps its bytes, its place and its day. Raises UnreadableSource for a part
    that is damaged or too large.
    """
    changed = {key(part): data for part, data in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in archive.entries:
            data = changed.pop(key(entry.filename), None)
            data = archive.read(entry.filename) if data is None else data
            copy.writestr(_entry(entry.filename, entry), data)
        for part in parts:
            if key(part) in changed:
                copy.writestr(_entry(part), changed[key(part)])
    return out.getvalue()


def _entry(name: str, like: zipfile.ZipInfo | None = None) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, like.date_time if like else _DAY)
    entry.external_attr = like.external_attr if like else _FILE
    entry.create_system = like.create_system if like else 3
    stored = like is not None and like.compress_type == zipfile.ZIP_STORED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def serialised(root: Any, *, strict: bool = False) -> bytes:
    """An XML part as bytes; ``strict`` gives back the names of Strict Open XML."""
    from lxml import etree

    data: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    for name, usual in STRICT if strict else ():
        data = data.replace(usual, name)
    return data


def free_part(archive: Archive, main: str, stem: str) -> str:
    """A name beside the main part that no part has: comments.xml, comments2.xml …"""
    folder = posixpath.dirname(main)
    names = (posixpath.join(folder, f"{stem}{n if n > 1 else ''}.xml") for n in count(1))
    return next(name for name in names if name not in archive)


def announced(archive: Archive, main: str, part: str, kind: str) -> Iterator[tuple[str, bytes]]:
    """The content types and the relations of the main part, with a new part of a kind added."""
    from lxml import etree

    types = archive.root(CONTENT_TYPES)
    etree.SubElement(
        types, f"{_TYPES}Override", PartName=f"/{part}", ContentType=f"{_MIME}.{kind}+xml"
    )
    yield CONTENT_TYPES, serialised(types, strict=archive.strict)
    listed = relations_part(main)
    if listed in archive:
        relations = archive.root(listed)
    else:
        relations = etree.Element(f"{_PACKAGE}Relationships", nsmap={None: _PACKAGE[1:-1]})
    taken = {node.get("Id") for node in relations}
    etree.SubElement(
        relations,
        f"{_PACKAGE}Relationship",
        Id=next(name for n in count(1) if (name := f"rId{n}") not in taken),
        Type=f"{_OFFICE}/{kind}",
        Target=posixpath.relpath(part, posixpath.dirname(main) or "."),
    )
    yield listed, serialised(relations, strict=archive.strict)
