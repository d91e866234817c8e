"""Parsing: the structure of a text, of bytes, of a file; no rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.document import Document


def parse_text(text: str, name: str = "草案") -> Document:
    """The structure of a text."""
    from checker.sources import unify
    from checker.sources.wrapping import find_soft_breaks
    from checker.structure import parse

    return parse(unify(name, text, soft_breaks=find_soft_breaks(text)))


def parse_bytes(data: bytes, name: str) -> Document:
    """The structure of the bytes of a file. Raises UnreadableSource."""
    from checker.sources import read_bytes
    from checker.structure import parse

    return parse(read_bytes(data, name))


def parse_path(path: Path) -> Document:
    """The structure of a file, or of standard input where ``-`` is written. Raises UnreadableSource."""
    if path == Path("-"):
        return parse_bytes(sys.stdin.buffer.read(), "标准输入")
    return parse_file(path)


def parse_file(path: str | Path) -> Document:
    """The structure of a file. Raises UnreadableSource."""
    from checker.sources import read_path
    from checker.structure import parse

    return parse(read_path(Path(path)))
