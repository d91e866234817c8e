"""Cache: compiled forms of the shipped data as JSON, so that a start without changes reads no YAML.

One folder of the user, ``legality-precheck/`` in ``XDG_CACHE_HOME``, ``LOCALAPPDATA`` or ``~/.cache``;
one file for each kind and version. Never pickle; a folder that others can write is not read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

#: How many files of each kind stay in the cache.
_KEPT = 8


def read_cache(kind: str, version: str) -> Any:
    """JSON data of this kind and version; None when there is none, or it cannot be trusted or read."""
    path = _file(kind, version)
    try:
        return json.loads(path.read_bytes()) if trusted(path.parent) else None
    except (OSError, ValueError):
        return None


def write_cache(kind: str, version: str, data: Any) -> None:
    """Keep data for the next start; a place that cannot be written is no fault."""
    path = _file(kind, version)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        part.replace(path)
        kept = sorted(path.parent.glob(f"{kind}-*.json"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def cache_folder() -> Path:
    """The folder of this user's cache; it may not exist."""
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    home = Path(root) if root else Path.home() / ".cache"
    return home / "legality-precheck"


def trusted(folder: Path) -> bool:
    """Whether the folder is there and only this user can write to it."""
    try:
        status = folder.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (
        status.st_uid == os.getuid() and not status.st_mode & 0o022
    )


def _file(kind: str, version: str) -> Path:
    return cache_folder() / f"{kind}-{version}.json"
