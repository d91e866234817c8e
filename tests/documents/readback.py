"""What the comments of a Word file cover, read without the project's own code."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = {f"{W}del", f"{W}moveFrom", f"{W}rt"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{W}txbxContent"
_WORDS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}br": "\n", f"{W}noBreakHyphen": "-"}


def part(data: bytes, name: str) -> Any:
    """Root of an XML part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def comments(data: bytes, main: str = "word/document.xml") -> list[tuple[str, str]]:
    """Author and covered words of every comment, in the order in which their ranges begin."""
    root = part(data, main)
    authors = {
        node.get(f"{W}id"): node.get(f"{W}author")
        for node in part(data, "word/comments.xml").iter(f"{W}comment")
    }
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    found = []
    for at, node in enumerate(nodes):
        if node.tag == f"{W}commentRangeStart":
            found.append((authors[node.get(f"{W}id")], _covered(nodes, at)))
    return found


def _covered(nodes: list[Any], at: int) -> str:
    number, story = nodes[at].get(f"{W}id"), _story(nodes[at])
    out = ""
    for node in nodes[at:]:
        if node.tag == f"{W}commentRangeEnd" and node.get(f"{W}id") == number:
            reference = node.getnext()
            assert reference.find(f"{W}commentReference").get(f"{W}id") == number
            return out
        if _story(node) is not story or {a.tag for a in node.iterancestors()} & {
            *_DELETED,
            _FALLBACK,
        }:
            continue
        if node.tag == f"{W}t":
            out += node.text or ""
        elif node.tag in _WORDS and node.get(f"{W}type") not in ("page", "column"):
            out += _WORDS[node.tag]
        elif node.tag == f"{W}p":
            out += "\n"
    raise AssertionError(f"comment {number} has no end")


def _story(node: Any) -> Any:
    return next(node.iterancestors(_BOX), None)
