"""Plain text and Markdown files -> SourceText."""

from __future__ import annotations

from checker.findings import Span
from checker.sources.encoding import decode
from checker.sources.errors import UnreadableSource
from checker.sources.limits import in_force
from checker.sources.markdown import find_markup
from checker.sources.text import SourceText, unify
from checker.sources.wrapping import find_soft_breaks

#: Bytes of a character, or of a byte order mark, at most, in every encoding that is read.
_WIDEST = 4


def read_plain(data: bytes, name: str) -> SourceText:
    """Read a text file; raises UnreadableSource for bytes that are no text."""
    text, notes = _decode(data, name)
    return unify(name, text, soft_breaks=find_soft_breaks(text), notes=notes)


def read_markdown(data: bytes, name: str) -> SourceText:
    """Read a Markdown file; its markup stays in the text and is left out of the shadow."""
    text, notes = _decode(data, name)
    markup = find_markup(text)
    soft_breaks = tuple(
        Span(start, end) for start, end in find_soft_breaks(text) if text[start:end].isspace()
    )
    return unify(
        name,
        text,
        soft_breaks=soft_breaks,
        removed=markup.removed,
        breaks=markup.breaks,
        regions=markup.regions,
        notes=notes,
        format="md",
    )


def _decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    most = in_force().characters
    if len(data) > _WIDEST * (most + 1):
        raise _too_long(name)
    text, encoding = decode(data, name)
    if len(text) > most:
        raise _too_long(name)
    return text, () if encoding == "UTF-8" else (f"按 {encoding} 编码读取",)


def _too_long(name: str) -> UnreadableSource:
    return UnreadableSource(name, f"{in_force().beyond('characters', '文字', ' 字')}，未读取")
