"""Blocks: a document cut into articles and lines, each with all that rules can see from inside it.

A rule that looks at clauses, sentences or titles sees their text, where provisions begin in it, the
lead-ins and headings above, the article around, and of the document what :func:`outlook` lists. All
that is the key of a block, so two blocks with the same key have the same outcomes, wherever they
stand. The number of an article is not part of it: no rule reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checker.document import Document, Provision
from checker.memory import Key
from checker.segments import Segments

#: Scopes that never reach out of a block.
LOCAL_SCOPES = frozenset({"clause", "sentence", "title"})


class Block(NamedTuple):
    """Whole lines of the shadow text; positions in the block count from ``base``, after its label."""

    start: int
    end: int
    base: int
    key: Key


def outlook(document: Document) -> tuple[str, ...]:
    """What a rule sees of a document from inside any of its clauses."""
    return (document.title, document.setting, document.rank, document.issuer.level)


def cut_blocks(segments: Segments, asker: str) -> Iterator[Block]:
    """The blocks of a document in order; they join back to its shadow text."""
    groups = list(_groups(segments.document, segments.shadow))
    for i, (start, nodes) in enumerate(groups):
        end = groups[i + 1][0] if i + 1 < len(groups) else len(segments.shadow)
        yield _block(segments, asker, start, end, nodes)


def _groups(document: Document, shadow: str) -> Iterator[tuple[int, Sequence[Provision]]]:
    """Provisions that share an article or a line, with the place where their first line begins."""
    provisions = document.provisions
    first = start = 0
    article_end = 0  # original position
    line_end = -1  # shadow position
    for node in provisions[1:]:
        if node.kind == "unit":
            continue
        if node.start >= article_end and node.head > line_end:
            if first:
                yield start, provisions[first : node.index]
                start = shadow.rfind("\n", 0, node.head) + 1
            first = node.index
        if node.kind == "article":
            article_end = node.end
        if node.head > line_end:
            line_end = shadow.find("\n", node.head)
            line_end = len(shadow) if line_end < 0 else line_end
    yield start, provisions[first:] if first else ()


def _block(
    segments: Segments, asker: str, start: int, end: int, nodes: Sequence[Provision]
) -> Block:
    base = segments.body(start)
    first = nodes[0].index if nodes else 0
    seen: list[object] = []
    if base > start:  # an article, read from after its label
        seen.append(segments.above(nodes[0]))
        nodes = nodes[1:]
    for node in nodes:
        above = node.parent.index - first if node.parent is not None else -1
        seen += (node.kind, node.head - base, node.own_end - base)
        seen.append(above if above >= 0 else segments.above(node))
    return Block(start, end, base, (asker, segments.shadow[base:end], tuple(seen)))
