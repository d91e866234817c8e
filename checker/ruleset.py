"""Ruleset: folders of rule files, word lists, families and exemptions, compiled and cached.

A folder has ``<FAMILY>/<ID>.yaml`` files anywhere below it, ``lists/*.yaml``, ``families.yaml`` and
``exemptions.yaml``; later folders add to earlier ones. The compiled form is cached as JSON, keyed by
the content of every file, so that a start without changes reads no YAML.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from checker.compiled import FORMAT, Ruleset, dump, load
from checker.resources import resource

#: How many compiled rulesets stay in the cache.
_KEPT = 8
#: Folders below a ruleset that hold other things than rules, lists, families and exemptions.
_APART = frozenset({"procedure", "profiles", "local", "coverage", "statutes", "holidays.yaml"})


def ruleset_files(folders: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """(name for messages, path) of every file that makes up the ruleset, in order."""
    files: list[tuple[str, Path]] = []
    for folder in folders:
        found = sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix())
        files.extend(
            (path.relative_to(folder).as_posix(), path)
            for path in found
            if path.relative_to(folder).parts[0] not in _APART
        )
    return files


def load_ruleset(folders: tuple[Path, ...] = ()) -> Ruleset:
    """The shipped ruleset with the given folders laid over it.

    Raises DeclarationError (checker.faults) with every fault of every file, and FileNotFoundError
    for a folder that does not exist.
    """
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"规则文件夹不存在：{folder}")
    folders = (resource("rulesets"), *folders)
    files = ruleset_files(folders)
    key = hashlib.sha256(
        f"{FORMAT}\n{resource('grammars', 'pattern.lark').read_text('utf-8')}".encode()
    )
    for name, path in files:
        key.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    version = key.hexdigest()[:12]
    cached = _read_cache(version)
    if cached is not None:
        return cached
    from checker.compilation import compile_ruleset

    ruleset = compile_ruleset(files, version)
    _write_cache(ruleset)
    return ruleset


def _cache_file(version: str) -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    home = Path(root) if root else Path.home() / ".cache"
    return home / "legality-precheck" / f"ruleset-{version}.json"


def _read_cache(version: str) -> Ruleset | None:
    """Cached ruleset of this version; None when there is none, or it cannot be trusted or read."""
    path = _cache_file(version)
    try:
        folder = path.parent.stat()
        if hasattr(os, "getuid") and (folder.st_uid != os.getuid() or folder.st_mode & 0o022):
            return None
        return load(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _write_cache(ruleset: Ruleset) -> None:
    """Keep the compiled form for the next start; a place that cannot be written is no fault."""
    path = _cache_file(ruleset.version)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(dump(ruleset), ensure_ascii=False), encoding="utf-8")
        part.replace(path)
        kept = sorted(path.parent.glob("ruleset-*.json"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
