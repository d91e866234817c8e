"""Globs: which documents a pattern means, by names relative to the file that holds the pattern."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from unicodedata import normalize


def located(path: Path, base: Path) -> str:
    """Name of a file as seen from the folder ``base``: forward slashes, one form of Unicode.

    A file on another drive is known by its own name only.
    """
    try:
        name = os.path.relpath(real(path), real(base))
    except ValueError:
        name = path.name
    return plain(Path(name).as_posix())


def plain(name: str) -> str:
    """A name in the one form in which names are compared and stored."""
    return normalize("NFC", name.replace("\\", "/"))


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern means a document, by itself or by a folder that holds it.

    A pattern with a slash is compared with the whole name, one without a slash with each of its
    parts; ``*`` stands for any characters, also slashes, ``?`` for one.
    """
    pattern = plain(pattern).removeprefix("./").rstrip("/")
    path = PurePosixPath(plain(name))
    if "/" not in pattern:
        return any(fnmatchcase(part, pattern) for part in path.parts)
    return any(fnmatchcase(str(whole), pattern) for whole in (path, *path.parents))


def is_glob(pattern: str) -> bool:
    """Whether a pattern may mean more than one document."""
    return any(sign in pattern for sign in "*?[")


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path in a folder is a symbolic link to something outside of it."""
    return path.is_symlink() and not real(path).is_relative_to(real(folder))


def real(path: Path) -> Path:
    """Where a path leads; links that only lead to each other lead nowhere and stay what they are."""
    return Path(os.path.realpath(path))
