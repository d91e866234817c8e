"""Word documents (.docx) -> SourceText: body, then notes, then headers and footers."""

from __future__ import annotations

import posixpath
from datetime import date
from typing import Any

from checker.numerals import read_date
from checker.sources.archive import Archive
from checker.sources.draft import MACROS, Draft
from checker.sources.errors import UnreadableSource
from checker.sources.numbering import Numbering
from checker.sources.runs import W
from checker.sources.story import Story
from checker.sources.styles import Styles
from checker.sources.text import SourceText

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "word/document.xml"
_ARCHIVE = "这是压缩包，其中各是一份文件：文件名以 .zip 结尾的，checker check 会分别检查"
_OTHERS = (
    ("xl/workbook.xml", "这是 Excel 文件，请提供 .docx、.txt 或者 .md"),
    ("ppt/presentation.xml", "这是 PowerPoint 文件，请提供 .docx、.txt 或者 .md"),
)


def read_docx(data: bytes, name: str) -> SourceText:
    """Read a Word document; raises UnreadableSource for what is none, is damaged or too large."""
    archive = Archive(data, name)
    main = main_part(archive)
    relations = relations_of(archive, main)
    styles = Styles(_root(archive, _target(relations, "styles")))
    numbering = Numbering(_root(archive, _target(relations, "numbering")), styles.lists)
    root = archive.root(main)
    body = root.find(f"{W}body")
    if body is None:
        raise UnreadableSource(name, f"{main} 中没有正文（w:body），文件可能已经损坏")
    draft = Draft(name)
    if archive.macros:
        draft.notes[MACROS] = None
    story = Story(draft, main, root, styles, numbering)
    story.read(body)
    story.close()
    written = draft.length
    for kind in ("footnote", "endnote"):
        _read_notes(archive, story, kind, _target(relations, f"{kind}s"))
    _read_headers(archive, story, relations)
    return draft.finish("docx", written, _modified(archive))


_PROPERTIES = "docProps/core.xml"
_TERMS = "{http://purl.org/dc/terms/}"


def _modified(archive: Archive) -> date | None:
    """The day the properties of the file give for its last change.

    Files that a program made from a template bear the template's day, as created and as modified
    alike; that says nothing.
    """
    root = _root(archive, _PROPERTIES)
    if root is None:
        return None
    created, modified = (root.findtext(_TERMS + name) or "" for name in ("created", "modified"))
    return read_date(modified[:10]) if created and created < modified else None


def main_part(archive: Archive) -> str:
    """The part the package names as its document; raises UnreadableSource for other packages."""
    if "_rels/.rels" in archive:
        for kind, target, _ in _read_relations(archive, "_rels/.rels", ""):
            if kind == "officeDocument" and target in archive and "word" in target.lower():
                return target
    if _MAIN in archive:
        return _MAIN
    for part, reason in _OTHERS:
        if part in archive:
            raise UnreadableSource(archive.name, reason)
    if "[Content_Types].xml" in archive:
        raise UnreadableSource(archive.name, f"Word 文件不完整：缺少正文 {_MAIN}")
    raise UnreadableSource(archive.name, _ARCHIVE)


def _read_relations(archive: Archive, part: str, folder: str) -> list[tuple[str, str, str]]:
    """Kind, target part and id of each inner relation that a relations part lists."""
    found = []
    for node in archive.root(part).iter(_RELATION):
        if node.get("TargetMode") != "External":
            kind = node.get("Type", "").rsplit("/", 1)[-1]
            target = node.get("Target", "").replace("\\", "/")
            joined = target if target.startswith("/") else posixpath.join(folder, target)
            found.append((kind, posixpath.normpath(joined).lstrip("/"), node.get("Id", "")))
    return found


def relations_part(main: str) -> str:
    """The part that lists the relations of a part."""
    folder, file = posixpath.split(main)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def relations_of(archive: Archive, main: str) -> list[tuple[str, str, str]]:
    """Kind, target part and id of each inner relation of a part; empty where it has none."""
    part = relations_part(main)
    return _read_relations(archive, part, posixpath.dirname(main)) if part in archive else []


def _target(relations: list[tuple[str, str, str]], kind: str) -> str:
    """The part of that kind; by its usual name where the relations are lost."""
    usual = "" if relations else f"word/{kind}.xml"
    return next((target for found, target, _ in relations if found == kind), usual)


def _root(archive: Archive, part: str) -> Any | None:
    return archive.root(part) if part in archive else None


def _read_notes(archive: Archive, body: Story, kind: str, part: str) -> None:
    """The notes in the order of their marks; separators have no mark."""
    marks = [note for found, note in body.note_marks if found == kind]
    root = _root(archive, part) if marks else None
    if root is None:
        return
    story = Story(body.draft, part, root, body.styles, body.numbering)
    notes = {node.get(f"{W}id", ""): node for node in root.iterfind(W + kind)}
    for mark in dict.fromkeys(marks):
        if mark in notes:
            start = body.draft.length
            story.read(notes[mark])
            body.draft.mark(start, "footnote")


def _read_headers(archive: Archive, body: Story, relations: list[tuple[str, str, str]]) -> None:
    targets = {relation: target for _, target, relation in relations}
    headers = []
    for relation in dict.fromkeys(body.header_relations):
        part = targets.get(relation, "")
        root = _root(archive, part)
        if root is not None:
            headers.append(Draft(body.draft.name))
            Story(headers[-1], part, root, body.styles, body.numbering).read(root)
    body.draft.append_headers(headers)
