"""Notation: a parsed document in the text notation of bluebell, for its parser to read."""

from __future__ import annotations

import re

from checker.document import Document, Provision

_WORDS = {
    "part": "PART",
    "chapter": "CHAPTER",
    "section": "SECTION",
    "article": "ARTICLE",
    "item": "SUBPARA",
    "subitem": "SUBPARA",
}
#: Where bluebell's inline marks begin; none is meant here.
_MARKS = re.compile(r"[*/_{\\]")


def notation(document: Document) -> str:
    """The text with its chapters, articles and items said in bluebell's words; the rest as text."""
    lines = ["BODY", ""]
    for node in document.walk():
        indent = "  " * sum(above.kind in _WORDS for above in node.ancestors())
        words = _MARKS.sub("", document.own_text(node).replace("\n", "").strip())
        if node.kind in _WORDS:
            lines += [f"{indent}{_WORDS[node.kind]} {node.number}{_heading(node, words)}", ""]
            if node.kind in ("item", "subitem") and words:
                lines += [f"{indent}  {words}", ""]
        elif words:
            lines += [f"{indent}{words}", ""]
    return "\n".join(lines)


def _heading(node: Provision, words: str) -> str:
    return f" - {words}" if node.kind in ("part", "chapter", "section") and words else ""
