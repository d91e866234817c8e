"""Shapes: what a grammar makes of a string of letters, parsed once and remembered.

The grammars read letters, one for each line or term, and the same few strings come back in every
document. ``grammars/shapes.json`` ships the common ones, so that most runs need no parser at all;
anything else is parsed by Lark (LALR) and kept for the life of the process.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from checker.resources import resource

if TYPE_CHECKING:
    from lark import Lark, Tree

#: One row a letter: the rule it belongs to, and the row of the letter that heads the rule above (-1).
Shape = tuple[tuple[str, int], ...]

#: Start rules of each grammar that is read by letters.
STARTS = {"structure": ("unit", "block"), "clause": ("phrase",), "citation": ("citation",)}


@lru_cache(maxsize=100_000)
def shape(grammar: str, start: str, letters: str) -> Shape:
    """Rows of the parse of ``letters``. Raises lark.UnexpectedInput where the grammar has no parse."""
    known = _shipped().get(f"{grammar}.{start}", {}).get(letters)
    if known is not None:
        return tuple((rule, above) for rule, above in known)
    return parse(grammar, start, letters)


def parse(grammar: str, start: str, letters: str) -> Shape:
    """The same by the grammar itself, without memory."""
    rows: list[tuple[str, int]] = []
    _collect(_parser(grammar).parse(letters, start=start), -1, rows)
    return tuple(rows)


def _collect(tree: Tree[Any], above: int, rows: list[tuple[str, int]]) -> None:
    """Depth first; the first letter of a rule is its head, and heads what the rule holds."""
    head = above
    for child in tree.children:
        if hasattr(child, "children"):
            _collect(child, head, rows)
        else:
            rows.append((str(tree.data), above))
            if head == above:
                head = len(rows) - 1


@cache
def _parser(grammar: str) -> Lark:
    from lark import Lark

    return Lark(
        resource("grammars", f"{grammar}.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start=list(STARTS[grammar]),
        maybe_placeholders=False,
    )


@cache
def _shipped() -> dict[str, dict[str, list[tuple[str, int]]]]:
    path = resource("grammars", "shapes.json")
    table: dict[str, dict[str, list[tuple[str, int]]]] = json.loads(path.read_bytes())
    return table
