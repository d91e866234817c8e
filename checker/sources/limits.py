"""How large a file may be: beyond a limit it is refused with a message that names the limit."""

from __future__ import annotations

MAX_FILE_BYTES = 50 * 2**20
MAX_TEXT_CHARACTERS = 5_000_000
MAX_PAGES = 2000
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
#: Both are limits of libxml2 itself, which ``huge_tree`` would lift.
MAX_XML_DEPTH = 256
MAX_TEXT_NODE_BYTES = 10_000_000


def megabytes(count: int) -> str:
    """A number of bytes as a reader sees it: ``50 MB``."""
    return f"{count // 2**20} MB"
