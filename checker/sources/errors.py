"""UnreadableSource: why a file could not be read, in words for the person who handed it in."""

from __future__ import annotations


class UnreadableSource(Exception):
    """A file that cannot be read; ``name`` is the file, ``reason`` the cause in Chinese."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}"
