"""The structure of a document as an indented list of addresses."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document import Document, Provision
from checker.render.text import visible

#: Code points of its own words shown for each provision.
OPENING = 40


def outline(document: Document) -> Iterator[str]:
    """What identifies the document, then one line a provision: address and opening words."""
    facts = (
        ("标题", document.title),
        ("发文字号", document.doc_number),
        ("制定机关", document.issuer.name),
        ("成文日期", document.date.isoformat() if document.date else ""),
    )
    for name, value in facts:
        yield f"{name}  {visible(value) or '（未识别）'}"
    yield ""
    for node in document.walk():
        if node.kind == "unit":
            yield node.label or ("所附文本" if node.number > 1 else "正文")
        elif not (node.kind == "paragraph" and node.single):
            yield _line(document, node)


def _line(document: Document, node: Provision) -> str:
    depth = sum(1 for _ in node.ancestors()) - 1
    words = visible(document.own_text(node))
    if not words and (children := document.children(node)) and children[0].single:
        words = visible(document.own_text(children[0]))
    if len(words) > OPENING:
        words = words[:OPENING] + "…"
    return f"{'  ' * depth}{visible(node.address)}  {words}".rstrip()
