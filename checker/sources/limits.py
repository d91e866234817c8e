"""Limits: how large a file may be, and how long and how much memory a check of it may take.

What goes beyond one is refused with a message that names the limit as checker.toml does. A reader asks
:func:`in_force`; a Checker says which they are, for the thread that it works in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

MAX_FILE_BYTES = 50 * 2**20
MAX_TEXT_CHARACTERS = 5_000_000
MAX_PAGE_CHARACTERS = 200_000
#: Braces of a Rich Text file inside one another.
MAX_GROUP_DEPTH = 1000
MAX_NOTES = 100_000
MAX_ZIP_ENTRIES = 4096
MAX_ENTRY_BYTES = 64 * 2**20
MAX_INFLATED_BYTES = 256 * 2**20
#: An entry may inflate by this factor; up to ``RATIO_FREE_BYTES`` by any factor.
MAX_RATIO = 100
RATIO_FREE_BYTES = 16 * 2**20
MAX_XML_ELEMENTS = 1_000_000
MAX_PAGES = 2000
#: Both are limits of libxml2 itself, which ``huge_tree`` would lift.
MAX_XML_DEPTH = 256
MAX_TEXT_NODE_BYTES = 10_000_000
MAX_FINDINGS = 10_000
MAX_SECONDS = 120
MAX_MEMORY = 2 * 2**30

_SIZE = re.compile(r"(\d+)\s*(KB|MB|GB)", re.IGNORECASE)
_UNITS = {"KB": 2**10, "MB": 2**20, "GB": 2**30}


#: The limits that are sizes in bytes.
SIZES = frozenset({"bytes", "part", "inflated", "memory"})


class _Written:
    """How a size may be written, for the JSON schema of checker.toml."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "type": ["integer", "string"], "pattern": _SIZE.pattern}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one document. Sizes in bytes; all from 1 up. Raises ValueError.

    ``seconds`` and ``memory`` (over what the process takes by itself) are kept where the document is
    checked in a process of its own.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    bytes: Annotated[int, "文件大小", _Written()] = MAX_FILE_BYTES
    entries: Annotated[int, "压缩包、Word 文件内部的条目数"] = MAX_ZIP_ENTRIES
    part: Annotated[int, "一个条目解压后的大小", _Written()] = MAX_ENTRY_BYTES
    inflated: Annotated[int, "全部条目解压后合计的大小", _Written()] = MAX_INFLATED_BYTES
    ratio: Annotated[int, "解压后是压缩时的几倍"] = MAX_RATIO
    elements: Annotated[int, "XML 元素的个数"] = MAX_XML_ELEMENTS
    depth: Annotated[int, "XML 嵌套的层数，至多 256"] = MAX_XML_DEPTH
    pages: Annotated[int, "页数"] = MAX_PAGES
    characters: Annotated[int, "文字的字数"] = MAX_TEXT_CHARACTERS
    findings: Annotated[int, "列出的问题线索的条数"] = MAX_FINDINGS
    seconds: Annotated[int, "检查一份文件的秒数"] = MAX_SECONDS
    memory: Annotated[int, "检查一份文件占用的内存", _Written()] = MAX_MEMORY

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(f"{field.name} 应当在 1 以上")
        if self.depth > MAX_XML_DEPTH:
            raise ValueError(f"depth 至多 {MAX_XML_DEPTH}")

    def written(self, key: str) -> str:
        """The value of a limit as checker.toml has it."""
        value = getattr(self, key)
        return f'"{size(value)}"' if key in SIZES and value % _UNITS["KB"] == 0 else str(value)

    def beyond(self, key: str, what: str, unit: str = "") -> str:
        """That ``what`` is beyond a limit, which it names."""
        value = getattr(self, key)
        most = size(value) if key in SIZES else f"{value:,}{unit}"
        gap = " " if most[-1].isascii() else ""
        return f"{what}超过 {most}{gap}的上限（limits.{key}={self.written(key)}）"


DEFAULT = Limits()
_IN_FORCE: ContextVar[Limits] = ContextVar("limits", default=DEFAULT)


def in_force() -> Limits:
    """The limits that apply where it is asked."""
    return _IN_FORCE.get()


@contextmanager
def applied(limits: Limits) -> Iterator[None]:
    """Let these limits apply in this thread for as long as the block lasts."""
    token = _IN_FORCE.set(limits)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def size(count: int) -> str:
    """A number of bytes as a reader sees it, exactly: ``50 MB``, ``7 字节``."""
    for unit, one in reversed(_UNITS.items()):
        if count % one == 0:
            return f"{count // one} {unit}"
    return f"{count} 字节"


def megabytes(count: int) -> str:
    """A number of bytes in whole MB: ``50 MB``."""
    return f"{count // 2**20} MB"


def read_limit(key: str, written: object) -> int:
    """The value of a limit as checker.toml has it. Raises ValueError."""
    if key in SIZES and isinstance(written, str) and (match := _SIZE.fullmatch(written.strip())):
        written = int(match[1]) * _UNITS[match[2].upper()]
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        example = '，或者 "50 MB" 这样的大小' if key in SIZES else ""
        raise ValueError(f"应当是 1 以上的整数{example}，写的是“{written}”")
    Limits(**{key: written})
    return written
