"""Ruleset: folders of rule files, word lists, families and exemptions, compiled and cached.

A folder has ``<FAMILY>/<ID>.yaml`` files anywhere below it, ``lists/*.yaml``, ``families.yaml`` and
``exemptions.yaml``; later folders add to earlier ones. The compiled form is cached as JSON, keyed by
the content of every file, so that a start without changes reads no YAML.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from checker.cache import read_cache, write_cache
from checker.compiled import FORMAT, Ruleset, dump, load
from checker.resources import resource

#: Folders below a ruleset that hold other things than rules, lists, families and exemptions.
_APART = frozenset(
    {"procedure", "profiles", "local", "coverage", "statutes", "waivers", "holidays.yaml"}
)


def ruleset_files(folders: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """(name for messages, path) of every file that makes up the ruleset, in order."""
    files: list[tuple[str, Path]] = []
    for folder in folders:
        found = sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix())
        files.extend(
            (path.relative_to(folder).as_posix(), path)
            for path in found
            if path.relative_to(folder).parts[0] not in _APART and path.name != "place.yaml"
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
    cached = _cached(version)
    if cached is not None:
        return cached
    from checker.compilation import compile_ruleset

    compiled = dump(compile_ruleset(files, version))
    write_cache("ruleset", version, compiled)
    return load(compiled)


def _cached(version: str) -> Ruleset | None:
    """Ruleset of this version from the cache; None where it is not there, or of another form."""
    try:
        return load(read_cache("ruleset", version))
    except (ValueError, KeyError, TypeError, IndexError):
        return None
