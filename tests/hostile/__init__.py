"""Hostile files by reader, made by scripts: what an attacker, a broken disk or an odd program may send."""

from __future__ import annotations

from importlib import import_module

from hostile.case import Case

#: The module of each reader's cases; ``place`` are those of the file system.
READERS = ("docx", "pdf", "ofd", "odt", "html", "rtf", "ole", "archive", "mail", "text", "place")
CASES: dict[str, list[Case]] = {
    reader: import_module(f"hostile.{reader}").CASES for reader in READERS
}
