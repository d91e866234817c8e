"""Watching: which documents were changed, as they are changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.extras import MissingLibrary, lacking
from checker.sources import CONTAINER_SUFFIXES, SUPPORTED_SUFFIXES

#: Changes closer together than this are told together: an editor saves in several steps (ms).
_TOGETHER = 400


def watched(paths: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    """Names of changed documents at or below some paths, each time some change, until Ctrl-C.

    Lock files of Word, hidden files and what is no document are passed over. Raises MissingLibrary
    at once, KeyboardInterrupt while waiting.
    """
    try:
        from watchfiles import watch
    except ModuleNotFoundError as missing:
        raise MissingLibrary(lacking("--watch ", "watchfiles", "watch")) from missing
    whole = {path.resolve() for path in paths}
    wide = (*SUPPORTED_SUFFIXES, *CONTAINER_SUFFIXES)

    def wanted(_: object, name: str) -> bool:
        path = Path(name)
        # An editor may put a new file in place of the old one, so the folder of a file is watched.
        here = path in whole or any(parent in whole for parent in path.parents)
        hidden = path.name.startswith((".", "~$"))
        return here and not hidden and path.suffix.lower() in wide

    places = {path if path.is_dir() else path.parent for path in paths}
    found = watch(*places, watch_filter=wanted, debounce=_TOGETHER)
    return (tuple(sorted({Path(name).name for _, name in changes})) for changes in found)
